"""`charts lock`, `pull`, `verify` and `outdated` with a chart repository and an OCI registry."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, cast

import pytest

from gitops_gen import yaml
from tests.chart_archives import packaged
from tests.chart_servers import ChartRepository, OciCharts
from tests.integration.charts.conftest import LOCK, PINS, VENDOR, Shop


@pytest.fixture(params=["http_charts", "oci"])
def server(request: pytest.FixtureRequest) -> ChartRepository | OciCharts:
    """Both kinds of server, one after the other."""
    return cast(ChartRepository | OciCharts, request.getfixturevalue(request.param))


def locked(shop: Shop) -> list[dict[str, Any]]:
    return list(yaml.yaml_load(shop.path(LOCK).read_bytes())["charts"])


def test_a_chart_is_locked_pulled_verified_and_rendered(
    shop: Shop, server: ChartRepository | OciCharts, plain_archives: dict[str, Path]
) -> None:
    server.publish(plain_archives["1.0.0"])
    shop.pin(server.url)
    assert "locked: plain 1.0.0" in shop.charts("lock")
    [entry] = locked(shop)
    archive = plain_archives["1.0.0"].read_bytes()
    assert entry.pop("ociManifest", "sha256:").startswith("sha256:")
    assert entry == {
        "name": "plain",
        "version": "1.0.0",
        "source": server.url,
        "archiveSha256": hashlib.sha256(archive).hexdigest(),
        "appVersion": "7.1",
    }
    assert "present: plain 1.0.0" in shop.charts("pull")
    for file in shop.cache.iterdir():
        file.unlink()
    assert "plain 1.0.0 is not on this machine" in shop.refused("verify", code=1)
    assert "downloaded: plain 1.0.0" in shop.charts("pull")
    assert "their archives are complete" in shop.charts("verify")
    assert "plain 1.0.0" in shop.render()
    assert shop.manifests("dev").one("ConfigMap", "greeter")
    source = shop.application("dev", "greeter")["spec"]["source"]
    assert source["path"] == "rendered/dev/manifests/greeter"


def test_what_is_locked_is_not_requested_again(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.url)
    shop.charts("lock")
    before, requests = shop.files("charts"), http_charts.requests()
    http_charts.publish(plain_archives["1.1.0"])
    assert "no change" in shop.charts("lock")
    assert shop.files("charts") == before
    assert http_charts.requests() == requests


def test_a_range_gets_the_newest_version_and_keeps_it(
    shop: Shop, server: ChartRepository | OciCharts, plain_archives: dict[str, Path]
) -> None:
    server.publish(plain_archives["1.0.0"])
    shop.pin(server.url, "^1.0")
    shop.charts("lock")
    server.publish(plain_archives["1.1.0"], plain_archives["2.0.0"])
    shop.charts("lock")
    assert [(one["version"], one["range"]) for one in locked(shop)] == [("1.0.0", "^1.0")]
    shop.charts("lock", "--upgrade", "greeter")
    assert [(one["version"], one["range"]) for one in locked(shop)] == [("1.1.0", "^1.0")]
    assert "plain 1.1.0" in shop.render()


def test_an_upgrade_changes_the_version_and_nothing_else(
    shop: Shop, server: ChartRepository | OciCharts, plain_archives: dict[str, Path]
) -> None:
    server.publish(plain_archives["1.0.0"], plain_archives["1.1.0"], plain_archives["2.1.0-rc.1"])
    shop.pin(server.url)
    shop.charts("lock")
    before = shop.read(PINS)
    output = shop.charts("lock", "--upgrade", "greeter")
    assert "locked: plain 1.1.0" in output
    assert "removed: plain 1.0.0" in output
    assert shop.read(PINS) == before.replace("version: 1.0.0", "version: 1.1.0")
    shop.charts("lock", "--upgrade", "greeter=1.0.0")
    assert shop.read(PINS) == before


def test_the_plus_of_a_version_is_an_underscore_in_a_registry(
    shop: Shop, oci: OciCharts, plain_archives: dict[str, Path]
) -> None:
    oci.publish(plain_archives["1.0.0+build.7"])
    shop.pin(oci.url, "1.0.0+build.7")
    shop.charts("lock")
    assert [one["version"] for one in locked(shop)] == ["1.0.0+build.7"]


def test_a_subchart_is_locked_with_its_digest(
    shop: Shop, server: ChartRepository | OciCharts, tmp_path: Path, helm: str
) -> None:
    server.publish(packaged("with-subchart", tmp_path / "made", helm))
    shop.pin(server.url, name="with-subchart")
    shop.charts("lock")
    [dependency] = locked(shop)[0]["dependencies"]
    assert (dependency["name"], dependency["version"]) == ("inner", "0.3.0")
    assert len(dependency["sha256"]) == 64


def test_archives_can_be_kept_in_the_repository(
    shop: Shop, server: ChartRepository | OciCharts, plain_archives: dict[str, Path]
) -> None:
    server.publish(plain_archives["1.0.0"], plain_archives["1.1.0"])
    shop.pin(server.url)
    shop.charts("lock")
    for file in shop.cache.iterdir():
        file.unlink()
    assert "written" in shop.charts("pull", "--into", VENDOR)
    assert not list(shop.cache.iterdir())
    assert "their archives are complete" in shop.charts("verify")
    shop.charts("lock", "--upgrade", "greeter")
    assert f"{VENDOR}/plain-1.0.0.tgz" in shop.refused("verify", code=1)
    output = shop.charts("pull", "--into", VENDOR)
    assert f"removed: {VENDOR}/plain-1.0.0.tgz" in output
    assert f"{VENDOR}: no change" in shop.charts("pull", "--into", VENDOR)
    shop.charts("verify")


def test_verify_finds_a_file_that_was_replaced(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.url)
    shop.charts("lock")
    shop.charts("pull", "--into", VENDOR)
    shop.path(f"{VENDOR}/plain-1.0.0.tgz").write_bytes(plain_archives["1.1.0"].read_bytes())
    [cached] = shop.cache.iterdir()
    cached.write_bytes(b"damaged")
    error = shop.refused("verify", code=1)
    assert "vendor/plain-1.0.0.tgz:1:1: is not the locked archive" in error
    assert f"{cached} is damaged" in error
    assert "downloaded: plain 1.0.0" in shop.charts("pull")


def test_outdated_tells_newer_versions_and_whether_they_are_major(
    shop: Shop, server: ChartRepository | OciCharts, plain_archives: dict[str, Path]
) -> None:
    server.publish(*(plain_archives[one] for one in ("1.0.0", "1.1.0", "2.0.0", "2.1.0-rc.1")))
    shop.pin(server.url)
    shop.charts("lock")
    [row] = json.loads(shop.charts("outdated", "--format", "json"))["charts"]
    assert row["version"] == "1.0.0"
    assert row["sameMajor"] == {"version": "1.1.0", "appVersion": "7.1"}
    assert row["newest"] == {"version": "2.0.0", "appVersion": "7.1"}
    assert row["major"] is True
    assert (row["file"], row["line"]) == (PINS, 7)
    assert "2.0.0 (major)" in shop.charts("outdated")


def test_a_version_in_the_values_counts_for_its_environment(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    http_charts.publish(plain_archives["1.0.0"], plain_archives["1.1.0"])
    shop.pin(http_charts.url)
    shop.write("values/next.yaml", shop.read("values/dev.yaml"))
    shop.copy_cluster("dev", "next")
    shop.edit("values/next.yaml", "wave: 5", "wave: 5, version: 1.1.0")
    output = shop.charts("lock")
    assert [one["version"] for one in locked(shop)] == ["1.0.0", "1.1.0"]
    assert "values/next.yaml:12:76: the version of greeter is in the values" in output
    assert PINS in output


def test_an_add_on_of_gitops_gen_gets_its_version_and_its_repository_from_the_file(
    shop: Shop, http_charts: ChartRepository, tmp_path: Path, helm: str
) -> None:
    """The same chart from a mirror, in a version that is newer than that of gitops-gen."""
    shop.edit("values/dev.yaml", "cert-manager: {enabled: false}", "cert-manager: {}")
    shop.edit("values/dev.yaml", "  greeter:", "  # greeter:")
    shop.render()
    source = shop.application("dev", "cert-manager")["spec"]["source"]
    assert source["repoURL"] == "https://charts.jetstack.io"
    shop.pin(http_charts.url, "v99.1.0", "cert-manager")
    shop.edit(PINS, "alias: greeter", "alias: cert-manager")
    shop.render()
    source = shop.application("dev", "cert-manager")["spec"]["source"]
    assert (source["repoURL"], source["targetRevision"]) == (http_charts.url, "v99.1.0")
    explained = shop.run("explain", "dev", "addons.cert-manager.version")
    assert f"{PINS}:7:14" in explained.stdout, explained.stderr


def test_nothing_is_written_if_a_chart_does_not_exist(
    shop: Shop, server: ChartRepository | OciCharts, plain_archives: dict[str, Path]
) -> None:
    server.publish(plain_archives["1.0.0"])
    shop.pin(server.url, "9.9.9")
    error = shop.refused("lock")
    assert "9.9.9" in error
    assert not shop.path(LOCK).exists()


def test_two_pulls_at_once(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.url)
    shop.charts("lock")
    for file in shop.cache.iterdir():
        file.unlink()
    runs = [shop.start("charts", "pull") for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert [path.suffix for path in shop.cache.iterdir()] == [".tgz"]
    shop.charts("verify")


def test_offline_forbids_the_network(
    shop: Shop, http_charts: ChartRepository, plain_archives: dict[str, Path]
) -> None:
    http_charts.publish(plain_archives["1.0.0"])
    shop.pin(http_charts.url)
    done = shop.run("--offline", "charts", "lock")
    assert done.returncode == 3
    assert "--offline" in done.stderr
    assert http_charts.requests()[1:] == []
    shop.charts("lock")
    assert shop.run("--offline", "charts", "pull").returncode == 0
    assert shop.run("charts", "pull", GITOPS_GEN_OFFLINE="1").returncode == 0
    assert shop.run("--offline", "charts", "verify").returncode == 0
