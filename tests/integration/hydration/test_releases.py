"""A release is rendered twice when it is new, and then read from the cache of the user."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.render.helm_runs.release_cache import LARGEST_CACHE, ReleaseCache
from tests.locked_charts import LockedCharts

COUNTING = """\
#!/bin/sh
case "$*" in *template*) echo "$TZ $*" >> {log};; esac
exec {helm} "$@"
"""


@pytest.fixture
def counted(locked: LockedCharts, tmp_path: Path) -> tuple[LockedCharts, Path]:
    """A Helm that writes its arguments to a file, and the file."""
    log, script = tmp_path / "log", tmp_path / "counting-helm"
    script.write_text(COUNTING.format(log=log, helm=locked.repository.helm))
    script.chmod(0o755)
    locked.repository.variables["GITOPS_GEN_HELM"] = str(script)
    return locked, log


def runs(log: Path, name: str) -> list[str]:
    lines = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return [line for line in lines if f"template {name} " in line]


def again(locked: LockedCharts) -> dict[str, bytes]:
    """Renders all files again, which do not exist any more."""
    for folder in ("rendered", ".gitops-gen"):
        locked.repository.path(folder).rename(locked.repository.root.parent / f"{time.time_ns()}")
    locked.repository.render()
    return locked.repository.files("rendered", "argocd")


def test_a_new_release_is_rendered_in_two_time_zones(counted: tuple[LockedCharts, Path]) -> None:
    locked, log = counted
    locked.add("plain")
    locked.repository.render()
    first = locked.repository.files("rendered", "argocd")
    zones = {line.split()[0] for line in runs(log, "plain")}
    assert zones == {"Etc/GMT-14", "Etc/GMT+12"}
    assert again(locked) == first
    assert runs(log, "plain") == []


def test_other_values_are_another_release(counted: tuple[LockedCharts, Path]) -> None:
    locked, log = counted
    locked.add("many-parts")
    locked.repository.render()
    assert len(runs(log, "many-parts")) == 2
    locked.addons["many-parts"]["values"] = {"replicas": 2}
    locked.write_values()
    locked.repository.render()
    assert len(runs(log, "many-parts")) == 2
    deployment = locked.objects_of("many-parts")["parts/deployment-many-parts.yaml"]
    assert deployment["spec"]["replicas"] == 2


def test_equal_releases_of_two_environments_are_rendered_once(
    counted: tuple[LockedCharts, Path],
) -> None:
    locked, log = counted
    locked.add("plain")
    repository = locked.repository
    repository.copy_cluster("dev", "stage")
    repository.write("values/stage.yaml", repository.read("values/dev.yaml"))
    repository.render()
    assert len(runs(log, "plain")) == 2
    assert repository.path("rendered/stage/manifests/plain").is_dir()


def test_a_damaged_cache_is_not_used(counted: tuple[LockedCharts, Path]) -> None:
    locked, log = counted
    locked.add("plain")
    locked.repository.render()
    first = locked.repository.files("rendered", "argocd")
    runs(log, "plain")
    [kept] = (locked.repository.root.parent / ".cache/gitops-gen/releases").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"\0")
    assert again(locked) == first
    assert len(runs(log, "plain")) == 2


def test_no_cache_is_needed(counted: tuple[LockedCharts, Path]) -> None:
    locked, log = counted
    locked.add("plain")
    cache = locked.repository.root.parent / ".cache/gitops-gen"
    cache.mkdir(parents=True)
    (cache / "releases").write_text("not a folder")
    locked.repository.render()
    assert len(runs(log, "plain")) == 2


def test_the_cache_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LARGEST_CACHE == 256 << 20
    monkeypatch.setattr("gitops_gen.render.helm_runs.release_cache.LARGEST_CACHE", 1000)
    cache = ReleaseCache(tmp_path)
    for number in range(5):
        cache.put(f"key{number}", os.urandom(300))
        os.utime(tmp_path / f"key{number}", (number, number))
    assert cache.get("key0") is None
    assert cache.get("key4") is not None
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000


def test_an_output_belongs_to_its_key(tmp_path: Path) -> None:
    cache = ReleaseCache(tmp_path)
    cache.put("one", b"output")
    (tmp_path / "one").rename(tmp_path / "two")
    assert cache.get("two") is None


def test_an_interrupt_ends_the_pause_between_two_renders(
    counted: tuple[LockedCharts, Path],
) -> None:
    locked, log = counted
    locked.add("plain")
    process = locked.repository.start("render")
    while not (log.exists() and "template plain" in log.read_text()):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "Task" not in errors
    assert not locked.repository.path("rendered").exists()


def test_a_chart_in_the_repository_uses_the_same_cache(counted: tuple[LockedCharts, Path]) -> None:
    locked, log = counted
    repository = locked.repository
    repository.write("charts/own/Chart.yaml", "apiVersion: v2\nname: own\nversion: 1.0.0\n")
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\ndata: {a: TEXT}\n"
    repository.write("charts/own/templates/a.yaml", template)
    locked.addons["own"] = {"path": "charts/own", "namespace": "own"}
    locked.write_values()
    repository.render()
    assert len(runs(log, "own")) == 2
    again(locked)
    assert runs(log, "own") == []
    repository.edit("charts/own/templates/a.yaml", "TEXT", "other")
    repository.render()
    assert len(runs(log, "own")) == 2
    [item] = locked.objects_of("own").values()
    assert item["data"] == {"a": "other"}
    assert yaml.yaml_load(repository.path("values/dev.yaml").read_bytes())["addons"]["own"]
