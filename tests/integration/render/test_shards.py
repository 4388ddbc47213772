"""The shards of a fleet, which several machines render, are together the whole fleet."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gitops_gen.render import Shard
from tests.repository import Repository

NAMES = ("dev", "prod", "qa", "stage", "test")
COUNT = 3


@pytest.fixture(scope="module")
def fleet(rendered: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Five environments and the generated files of a sixth, which was removed."""
    root = tmp_path_factory.mktemp("fleet") / "repository"
    shutil.copytree(rendered.root / "values", root / "values")
    repository = replace(rendered, root=root)
    for name in (*NAMES[2:], "gone"):
        repository.write(f"values/{name}.yaml", repository.read("values/dev.yaml"))
        repository.copy_cluster("dev", name)
    repository.render("gone")
    for path in ("values/gone.yaml", "values/clusters/gone.json"):
        repository.path(path).unlink()
    return repository


def copied(repository: Repository, folder: Path) -> Repository:
    shutil.copytree(repository.root, folder)
    return replace(repository, root=folder)


def test_the_shards_together_are_one_render(fleet: Repository, tmp_path: Path) -> None:
    whole = copied(fleet, tmp_path / "whole")
    whole.render()
    parts = copied(fleet, tmp_path / "parts")
    before = parts.files("rendered", "argocd")
    for number in range(1, COUNT + 1):
        machine = copied(fleet, tmp_path / f"machine-{number}")
        machine.render("--shard", f"{number}/{COUNT}")
        after = machine.files("rendered", "argocd")
        for path in before.keys() - after.keys():
            parts.path(path).unlink()
        for path, content in after.items():
            if before.get(path) != content:
                parts.path(path).parent.mkdir(parents=True, exist_ok=True)
                parts.path(path).write_bytes(content)
    assert parts.files("rendered", "argocd") == whole.files("rendered", "argocd")
    assert not whole.path("rendered/gone").exists()
    parts.render("--check")


def test_each_environment_is_in_one_shard() -> None:
    names = [f"customer-{number}" for number in range(1000)]
    for count in (1, 2, 8, 256):
        shards = [Shard(number, count).of(names) for number in range(1, count + 1)]
        assert sorted(name for shard in shards for name in shard) == sorted(names)
    sizes = [len(Shard(number, 8).of(names)) for number in range(1, 9)]
    assert min(sizes) > 90, "the shards have about the same size"


def test_the_shard_of_an_environment_never_changes() -> None:
    """Caches of CI systems rely on it, so another version must not assign other shards."""
    shards = {name: [n for n in range(1, 9) if Shard(n, 8).of([name])] for name in NAMES}
    assert shards == {"dev": [7], "prod": [5], "qa": [4], "stage": [7], "test": [4]}


def test_a_shard_of_named_environments(fleet: Repository, tmp_path: Path) -> None:
    machine = copied(fleet, tmp_path / "machine")
    for number in range(1, 9):
        machine.render("--shard", f"{number}/8", "dev", "prod")
    assert sorted(path.name for path in machine.path("argocd").iterdir()) == ["dev", "gone", "prod"]


def test_an_empty_shard_succeeds_and_says_so(fleet: Repository) -> None:
    empty = next(n for n in range(1, 9) if not Shard(n, 8).of([*NAMES, "gone"]))
    done = fleet.run("render", "--check", "--shard", f"{empty}/8")
    text = f"shard {empty}/8 contains none of the environments\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", text)


@pytest.mark.parametrize(
    "text",
    ["0/8", "9/8", "a/b", "1", "1/0", "-1/8", "1/8/2", "", "1/", "/8", "²/8", "1/" + "9" * 99],
)
def test_a_shard_that_does_not_exist_is_wrong_usage(fleet: Repository, text: str) -> None:
    done = fleet.run("render", "--shard", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        f"{text!r} is not a shard; write a number from 1 to the count, such as 2/8" in done.stderr
    )
