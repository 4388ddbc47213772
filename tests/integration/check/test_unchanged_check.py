"""A check of an unchanged repository that had no finding loads nothing and starts nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.repository import APICHECK, ROOT, WITHOUT_APICHECK, Repository, example
from tests.unchanged import HEAVY, edit, loaded_by, remove

OF_A_CHECK = {
    "gitops_gen.apicheck",
    "gitops_gen.checks.environments",
    "gitops_gen.workspace.workspace",
}
SERVICE = "rendered/prod/manifests/backend/app/service-backend.yaml"


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """A rendered repository, and an apicheck that keeps a list of its calls."""
    if APICHECK is None:
        pytest.skip(WITHOUT_APICHECK)
    folder = tmp_path_factory.mktemp("current")
    logging = folder / "apicheck"
    logging.write_text(f'#!/bin/sh\necho started >> "{folder}/calls"\nexec "{APICHECK.path}"\n')
    logging.chmod(0o755)
    root = example(folder, helm).root
    repository = Repository(root, helm, variables={"GITOPS_GEN_APICHECK": str(logging)})
    repository.write("charts/zoo/Chart.yaml", "apiVersion: v2\nname: zoo\nversion: 1.0.0\n")
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: zoo}\n"
    repository.write("charts/zoo/templates/x.yaml", text)
    with repository.path("values/prod.yaml").open("a") as file:
        file.write("\naddons:\n  zoo: {path: charts/zoo, namespace: zoo}\n")
    return repository


@pytest.fixture(autouse=True)
def as_checked(current: Repository) -> None:
    """Each test begins with nothing to do."""
    current.render()
    starts(current)
    assert starts(current) == 0


def starts(repository: Repository, *arguments: str, **variables: str) -> int:
    """How often apicheck is started by a check that finds nothing."""
    log = repository.root.parent / "calls"
    log.write_text("")
    done = repository.run("check", *arguments, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return len(log.read_text().split())


@pytest.mark.parametrize("arguments", [["check"], ["check", "prod"], ["check", "--format", "json"]])
def test_it_loads_nothing_heavy(current: Repository, arguments: list[str]) -> None:
    loaded = loaded_by(current, *arguments)
    assert "gitops_gen.checks.clean_stamps" in loaded
    assert (HEAVY | OF_A_CHECK) & loaded == set()


def test_it_prints_what_the_check_before_printed(current: Repository) -> None:
    for form in ("text", "json", "github", "html"):
        unchanged = current.run("check", "--format", form)
        current.path(".gitops-gen/checked").unlink()
        assert current.run("check", "--format", form).stdout == unchanged.stdout
    assert starts(current) == 0


def test_only_what_changed_is_checked_again(current: Repository) -> None:
    os.utime(current.path("values/dev.yaml"))
    assert starts(current, "prod") == 0
    assert starts(current) == 1
    assert starts(current) == 0


def change_program(repository: Repository) -> None:
    path = Path(repository.variables["GITOPS_GEN_APICHECK"])
    path.write_text(path.read_text() + "\n")


@pytest.mark.parametrize(
    "change",
    [
        edit("values/base.yaml"),
        edit("values/prod.yaml"),
        edit("values/clusters/prod.json"),
        edit("charts/zoo/templates/x.yaml"),
        edit(SERVICE),
        edit("argocd/prod/apps/backend.yaml"),
        remove(SERVICE),
        remove(".gitops-gen/checked"),
        change_program,
    ],
)
def test_a_change_of_anything_is_noticed(
    current: Repository, change: Callable[[Repository], None]
) -> None:
    change(current)
    assert starts(current, "prod") == 1


def test_a_new_environment_and_the_schema_are_noticed(current: Repository) -> None:
    current.write("values/clusters/stray.json", "{}\n")
    assert "stray.json" in current.run("check", "prod").stdout
    current.path("values/clusters/stray.json").unlink()
    schema = current.read("values/schema.json")
    current.write("values/schema.json", "{}\n")
    assert "[schema-file]" in current.run("check", "prod").stdout
    current.write("values/schema.json", schema)


def test_a_group_and_a_file_in_a_new_folder_are_noticed(current: Repository) -> None:
    before = current.read("values/prod.yaml")
    current.write("values/groups/eu.yaml", "tiers: {backend: {env: {REGION: eu}}}\n")
    current.write("values/prod.yaml", f"groups: [eu]\n{before}")
    current.render()
    assert starts(current) == 1
    assert starts(current) == 0
    os.utime(current.path("values/groups/eu.yaml"))
    current.render()
    assert (starts(current, "dev"), starts(current, "prod")) == (0, 1)
    current.write("values/us/dev.yaml", "tiers: [")
    assert "values/us/dev.yaml:1:1: warning: is not used" in current.run("check", "dev").stdout
    for path in ("values/us/dev.yaml", "values/groups/eu.yaml"):
        current.path(path).unlink()
    current.write("values/prod.yaml", before)


def test_a_change_of_the_package_is_noticed(current: Repository, tmp_path: Path) -> None:
    def ignored(folder: str, _names: list[str]) -> set[str]:
        """The scaffold has links to large folders; a chart needs its files."""
        return {"__pycache__", "files"} if Path(folder).name == "scaffold" else {"__pycache__"}

    shutil.copytree(ROOT / "gitops_gen", tmp_path / "gitops_gen", ignore=ignored)
    copied = Repository(current.root, current.helm, tmp_path, current.variables)
    copied.render()
    assert starts(copied) == 1
    assert starts(copied) == 0
    file = tmp_path / "gitops_gen/components/tier/defaults.yaml"
    file.write_text(file.read_text() + "\n")
    assert starts(copied) == 1


def test_another_program_is_noticed(current: Repository) -> None:
    replacement = Path(current.variables["GITOPS_GEN_APICHECK"]).with_name("apicheck-2")
    shutil.copy(current.variables["GITOPS_GEN_APICHECK"], replacement)
    assert starts(current, GITOPS_GEN_APICHECK=str(replacement)) == 1


@pytest.fixture
def extra(current: Repository) -> Iterator[Repository]:
    """The repository with another environment."""
    current.write("values/extra.yaml", current.read("values/dev.yaml"))
    current.copy_cluster("dev", "extra")
    yield current
    current.path("values/extra.yaml").unlink()
    current.path("values/clusters/extra.json").unlink()


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "summary"),
    [
        ("extra.yaml", "replicas: 1", "tolerations: [{}]", 1, "1 error, 0 warnings"),
        ("clusters/extra.json", '"1.35"', '"1.38"', 0, "0 errors, 1 warning"),
    ],
)
def test_an_environment_with_a_finding_is_checked_each_time(
    file: str, old: str, new: str, code: int, summary: str, extra: Repository
) -> None:
    extra.edit(f"values/{file}", old, new)
    extra.render()
    first, second = extra.run("check"), extra.run("check")
    assert (first.returncode, f"dev, extra, prod: {summary}" in first.stdout) == (code, True)
    assert (second.returncode, second.stdout) == (first.returncode, first.stdout)
    lines = extra.read(".gitops-gen/checked").splitlines()
    assert [json.loads(line)["counts"]["environment"] for line in lines] == ["dev", "prod"]


def test_an_unchecked_environment_has_no_stamp(current: Repository) -> None:
    os.utime(current.path("values/prod.yaml"))
    program = Path(current.variables["GITOPS_GEN_APICHECK"])
    program.rename(program.with_name("moved"))
    try:
        done = current.run("check", "--allow-unchecked")
        assert done.returncode == 0
        assert "49 objects: 0 hold, 0 with findings, 49 not checked" in done.stdout
        assert current.run("check").returncode == 3
    finally:
        program.with_name("moved").rename(program)
    assert starts(current) == 1


@pytest.mark.parametrize("text", ["", "\n", "nonsense\n", "{}\n", "[1]\n", '{"digest": 1}\n'])
def test_a_damaged_stamp_is_no_stamp(text: str, current: Repository) -> None:
    current.write(".gitops-gen/checked", text)
    assert starts(current) == 1


def test_edited_generated_files_are_not_read(current: Repository) -> None:
    """They are out of date, so the values are rendered; `render --check` reports the files."""
    expected = current.run("check", "prod").stdout
    original = current.read(SERVICE)
    for text in ("{not: yaml", "---\n" + f"{original}---\n" * 10_000, "\0"):
        current.write(SERVICE, text)
        assert current.run("check", "prod").stdout == expected
    assert current.run("render", "--check").returncode == 1
