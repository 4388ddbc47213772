"""Commands work in any folder of the repository, and with -C."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.repository import Repository


def inside(repository: Repository, folder: str) -> Repository:
    """The same repository, with commands that are called in one of its folders."""
    repository.path(folder).mkdir(parents=True, exist_ok=True)
    return replace(repository, root=repository.path(folder))


@pytest.mark.parametrize("folder", ["values", "values/clusters", "docs/a b"])
def test_a_value_is_set_from_any_folder(folder: str, repository: Repository) -> None:
    done = inside(repository, folder).run("set", "dev", "tiers.backend.replicas=2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "values/dev.yaml:12:15: tiers.backend.replicas: 1 -> 2\n"
    assert "replicas: 2" in repository.read("values/dev.yaml")


def test_generated_files_are_compared_from_any_folder(rendered: Repository) -> None:
    done = inside(rendered, "rendered/dev/umbrella").run("render", "--check")
    assert (done.returncode, done.stdout) == (0, "dev, prod: up to date\n")


def test_the_folder_values_of_a_chart_is_not_the_repository(repository: Repository) -> None:
    repository.write("charts/own/values/prod.yaml", "a: 1\n")
    done = inside(repository, "charts/own").run("set", "dev", "tiers.backend.replicas=2")
    assert done.returncode == 0, done.stderr


def test_a_repository_in_a_folder_of_a_git_repository(repository: Repository) -> None:
    outer = repository.root.parent
    replace(repository, root=outer).git("init", "--quiet")
    done = inside(repository, "values").run("set", "dev", "tiers.backend.replicas=2")
    assert done.returncode == 0, done.stderr


def test_the_search_ends_at_the_root_of_the_git_repository(repository: Repository) -> None:
    inner = inside(repository, "vendor/other")
    inner.git("init", "--quiet")
    done = inner.run("set", "dev", "tiers.backend.replicas=2")
    assert done.returncode == 2
    message = "values:1:1: no such folder; run gitops-gen in the root folder of its repository"
    assert done.stderr.startswith(message)


def test_paths_in_messages_are_relative_to_the_root(repository: Repository) -> None:
    repository.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    done = inside(repository, "values").run("teardown", "prod")
    assert done.returncode == 2
    assert done.stderr.startswith("values/prod.yaml:7:15: tiers.frontend.replicas: 'three'")


def test_paths_in_arguments_are_relative_to_the_working_folder(repository: Repository) -> None:
    done = inside(repository, "docs").run("teardown", "dev", "--script", "down.sh")
    assert done.returncode == 0, done.stderr
    assert repository.path("docs/down.sh").is_file()


def test_dash_c_is_relative_to_the_one_before(repository: Repository) -> None:
    above = replace(repository, root=repository.root.parent.parent)
    parent, name = repository.root.parent.name, repository.root.name
    done = above.run("-C", parent, "-C", f"{name}/values", "set", "dev", "tiers.backend.replicas=2")
    assert done.returncode == 0, done.stderr
    assert "replicas: 2" in repository.read("values/dev.yaml")


def test_dash_c_through_a_link(repository: Repository, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(repository.root)
    elsewhere = replace(repository, root=tmp_path)
    done = elsewhere.run("-C", str(link), "set", "dev", "tiers.backend.replicas=2", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("values/dev.yaml:12:15: ")


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("missing", "missing: No such file or directory; name an existing directory"),
        ("", "is empty; name a directory"),
        ("values/dev.yaml", "values/dev.yaml: Not a directory; name an existing directory"),
        ("a\x1b[31m", "a\\x1b[31m: No such file or directory; name an existing directory"),
    ],
)
def test_dash_c_that_is_not_a_folder(folder: str, message: str, repository: Repository) -> None:
    done = repository.run("-C", folder, "render")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"Invalid value for -C: {message}\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_dash_c_without_permission(repository: Repository) -> None:
    repository.path("locked").mkdir(mode=0)
    done = repository.run("-C", "locked", "render")
    assert done.returncode == 2
    assert "locked: Permission denied" in done.stderr
