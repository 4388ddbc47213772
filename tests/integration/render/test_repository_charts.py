"""A chart of the user's own is a plain folder of the repository, or it is refused."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.render.helm_runs.chart_files import LARGEST_UNPACKED
from gitops_gen.render.helm_runs.repository_chart import MOST_FILES, scan
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from tests.repository import Repository

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n"
METADATA = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
SCHEMA_ELSEWHERE = '{"properties": {"a": {"$ref": "http://127.0.0.1:9/a.json"}}}'
ADDON = "\naddons:\n  shop: {path: PATH, namespace: shop}\n"

Arrange = Callable[[Path], object]


def link(chart: Path) -> None:
    (chart / "templates/passwd").symlink_to("/etc/passwd")


def link_inside(chart: Path) -> None:
    (chart / "templates/y.yaml").symlink_to("x.yaml")


def linked_folder(chart: Path) -> None:
    (chart / "files").symlink_to(chart.parents[1] / "values")


def linked_chart(chart: Path) -> None:
    chart.rename(chart.with_name("real"))
    chart.symlink_to("real")


def linked_parent(chart: Path) -> None:
    chart.parent.rename(chart.parents[1] / "elsewhere")
    chart.parent.symlink_to("elsewhere")


def pipe(chart: Path) -> None:
    os.mkfifo(chart / "templates/pipe")


def many_files(chart: Path) -> None:
    for number in range(MOST_FILES):
        (chart / f"templates/{number}.txt").touch()


def metadata_a_folder(chart: Path) -> None:
    (chart / "Chart.yaml").unlink()
    (chart / "Chart.yaml").mkdir()


def without_metadata(chart: Path) -> None:
    (chart / "Chart.yaml").unlink()


def packed(chart: Path, file: str, metadata: str, **more: str) -> None:
    (chart / "charts").mkdir()
    with tarfile.open(chart / "charts" / file, "w:gz") as archive:
        for name, text in {"Chart.yaml": metadata, **more}.items():
            member = tarfile.TarInfo(f"redis/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))


def schema_elsewhere(chart: Path) -> None:
    (chart / "values.schema.json").write_text(SCHEMA_ELSEWHERE)


def packed_schema_elsewhere(chart: Path) -> None:
    more = {"values.schema.json": SCHEMA_ELSEWHERE}
    packed(chart, "redis-1.0.0.tgz", METADATA.replace("shop", "redis"), **more)


def packed_twice(chart: Path) -> None:
    more = {"a": "1", "templates/../a": "2"}
    packed(chart, "redis-1.0.0.tgz", METADATA.replace("shop", "redis"), **more)


def bomb(chart: Path) -> None:
    (chart / "charts").mkdir()
    with tarfile.open(chart / "charts/redis-1.0.0.tgz", "w:gz") as archive:
        member = tarfile.TarInfo("redis/zeros")
        member.size = LARGEST_UNPACKED + 1
        archive.addfile(member, Zeros())


def bomb_in_a_header(chart: Path) -> None:
    """What describes a member is read as a whole, however long."""
    (chart / "charts").mkdir()
    header = tarfile.TarInfo("redis/a")
    header.type, header.size = tarfile.XHDTYPE, LARGEST_UNPACKED + 1
    with gzip.open(chart / "charts/redis-1.0.0.tgz", "wb") as file:
        file.write(header.tobuf())
        for _ in range(LARGEST_UNPACKED >> 20):
            file.write(bytes((1 << 20) + 512))


def schema_with(text: str) -> Arrange:
    return lambda chart: (chart / "values.schema.json").write_text(text)


def clock(chart: Path) -> None:
    (chart / "templates/x.yaml").write_text('a: {{ dateInZone "2006" (now) "UTC" }}\n')


def archive_of_another_version(chart: Path) -> None:
    packed(chart, "redis-2.0.0.tgz", "apiVersion: v2\nname: redis\nversion: 1.9.9\n")


def archive_of_another_name(chart: Path) -> None:
    packed(chart, "redis-2.0.0.tgz", "apiVersion: v2\nname: valkey\nversion: 2.0.0\n")


def dependency_of_another_version(chart: Path) -> None:
    with (chart / "Chart.yaml").open("a") as file:
        file.write("dependencies: [{name: redis, version: 2.0.0, repository: ''}]\n")
    (chart / "charts/redis").mkdir(parents=True)
    text = "apiVersion: v2\nname: redis\nversion: 1.9.9\n"
    (chart / "charts/redis/Chart.yaml").write_text(text)


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """The example, with a chart of the user's own that works."""
    with repository.path("values/prod.yaml").open("a") as file:
        file.write(ADDON.replace("PATH", "charts/shop"))
    repository.write("charts/shop/Chart.yaml", METADATA)
    repository.write("charts/shop/templates/x.yaml", OBJECT)
    return repository


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (link, "'charts/shop/templates/passwd' is a symlink, which Helm would follow"),
        (link_inside, "'charts/shop/templates/y.yaml' is a symlink"),
        (linked_folder, "'charts/shop/files' is a symlink"),
        (linked_chart, "'charts/shop' is a symlink; put the chart itself there"),
        (linked_parent, "'charts' is a symlink; put the chart itself there"),
        (pipe, "'charts/shop/templates/pipe' is no file; remove it"),
        (many_files, "'charts/shop' holds more than 2000 files"),
        (metadata_a_folder, "'charts/shop' is no chart: there is no file charts/shop/Chart.yaml"),
        (without_metadata, "'charts/shop' is no chart: there is no file charts/shop/Chart.yaml"),
        (archive_of_another_version, "'charts/shop/charts/redis-2.0.0.tgz' holds redis 1.9.9"),
        (archive_of_another_name, "'charts/shop/charts/redis-2.0.0.tgz' holds valkey 2.0.0"),
        (schema_elsewhere, "'charts/shop/values.schema.json' refers to http://127.0.0.1:9/a.json"),
        (
            packed_schema_elsewhere,
            "'charts/shop/charts/redis-1.0.0.tgz/values.schema.json' refers to http://127",
        ),
        *(
            (schema_with(text), "'charts/shop/values.schema.json' refers to ")
            for text in (
                '{"$schema": "http://127.0.0.1:9/a.json"}',
                '{"$schema": "https://json-schema.org/draft/2099-01/schema"}',
                '{"allOf": [{"$dynamicRef": "http://127.0.0.1:9/a.json"}]}',
                '{"$recursiveRef": "a.json"}',
                '{"$ref": "file:///etc/hostname"}',
            )
        ),
        (
            packed_twice,
            "'charts/shop/charts/redis-1.0.0.tgz' holds a twice",
        ),
        (
            bomb,
            "'charts/shop/charts/redis-1.0.0.tgz' unpacks to more than 100 MiB",
        ),
        (
            bomb_in_a_header,
            "'charts/shop/charts/redis-1.0.0.tgz' unpacks to more than 100 MiB",
        ),
        (
            clock,
            "'charts/shop/templates/x.yaml' calls dateInZone, now: something else at every render",
        ),
        (
            dependency_of_another_version,
            "'charts/shop/charts/redis' is redis 1.9.9, and charts/shop/Chart.yaml asks for 2.0.0",
        ),
    ],
)
def test_what_is_refused(shop: Repository, arrange: Arrange, words: str) -> None:
    arrange(shop.path("charts/shop"))
    with pytest.raises(InvalidInput) as refused:
        Workspace(WorkTree(str(shop.root))).load_to_render("prod")
    [finding] = refused.value.findings
    assert finding.message.startswith(f"addons.shop.path: {words}")
    assert str(finding.position).startswith("values/prod.yaml:")


@pytest.mark.parametrize(
    "path", ["../..", "/etc", "charts/../../x", "charts//shop", "./charts", ""]
)
def test_a_path_that_leads_out_is_refused_here_too(shop: Repository, path: str) -> None:
    """The schema refuses it before; whoever calls this has no schema."""
    problem = scan(str(shop.root), path).problem
    assert problem is not None
    assert "leads out of the repository" in problem


def test_a_chart_with_charts_within_is_taken(shop: Repository) -> None:
    packed(shop.path("charts/shop"), "redis-2.0.0.tgz", METADATA.replace("shop", "redis"))
    redis = shop.path("charts/shop/charts/redis-2.0.0.tgz")
    redis.rename(redis.with_name("redis-1.0.0.tgz"))
    shop.render("prod")


def test_a_chart_within_that_could_make_something_up_is_warned_of(shop: Repository) -> None:
    """What it can call may stand in a branch that these values do not take."""
    template = {"templates/_a.yaml": '{{ define "a" }}{{ randInt 0 9 }}{{ now }}{{ end }}'}
    packed(
        shop.path("charts/shop"), "redis-1.0.0.tgz", METADATA.replace("shop", "redis"), **template
    )
    words = "warning: addons.shop.path: 'charts/shop/charts/redis-1.0.0.tgz' can call now, randInt,"
    assert words in shop.render("prod")


def test_a_chart_writes_where_it_says(shop: Repository) -> None:
    text = OBJECT.replace("name: shop", "name: shop, namespace: kube-system")
    shop.write("charts/shop/templates/x.yaml", text)
    shop.edit(
        "values/prod.yaml", "path: charts/shop,", "path: charts/shop, namespaces: [kube-system],"
    )
    shop.render("prod")


def test_a_schema_that_names_itself_and_its_dialect_is_taken(shop: Repository) -> None:
    schema = """{
        "$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://a.example/a.json",
        "properties": {"a": {"$ref": "#/definitions/a"}}, "definitions": {"a": {"type": "string"}}
    }"""
    shop.write("charts/shop/values.schema.json", schema)
    shop.render("prod")


class Zeros(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        return bytes(size)


@pytest.mark.parametrize("path", ["../..", "/etc/shop", "rendered/shop"])
def test_a_path_out_of_the_repository_is_an_invalid_value(shop: Repository, path: str) -> None:
    shop.edit("values/prod.yaml", "path: charts/shop", f"path: {path}")
    done = shop.run("render", "prod")
    assert done.returncode == 2
    assert ": addons.shop.path: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_symlink_stops_the_render_before_anything_is_written(shop: Repository) -> None:
    link(shop.path("charts/shop"))
    done = shop.run("render", "prod")
    assert done.returncode == 2
    assert "is a symlink" in done.stderr
    assert not shop.path("rendered").exists()


TOKEN = OBJECT + "data: {url: 'https://me:hunter2@git.example/x'}\n"
IGNORE = """\
ignore:
  - rule: repository-chart-secret
    object: ConfigMap shop/shop
    reason: The password is a sample.
"""


def test_what_a_chart_renders_may_be_excused_by_its_object(shop: Repository) -> None:
    shop.write("charts/shop/templates/x.yaml", TOKEN)
    refused = shop.run("render", "prod", "--format", "json")
    [finding] = json.loads(refused.stdout)["findings"]
    assert (refused.returncode, finding["rule"]) == (2, "repository-chart-secret")
    assert finding["object"] == "ConfigMap shop/shop"
    shop.write("values/prod.yaml", shop.read("values/prod.yaml") + IGNORE)
    done = shop.run("render", "prod", "--format", "json")
    assert done.returncode == 0, done.stderr
    [excused] = json.loads(done.stdout)["excused"]
    assert excused["reason"] == "The password is a sample."
    assert "ignore" not in shop.read("rendered/prod/umbrella/values.yaml")


def test_an_excuse_of_what_no_chart_renders_is_refused(shop: Repository) -> None:
    shop.write("values/prod.yaml", shop.read("values/prod.yaml") + IGNORE)
    assert shop.run("check", "prod").returncode == 0
    refused = shop.run("render", "prod")
    assert refused.returncode == 2
    assert "'repository-chart-secret' reports nothing of ConfigMap shop/shop" in refused.stderr
    assert not shop.path("rendered/prod").exists()
