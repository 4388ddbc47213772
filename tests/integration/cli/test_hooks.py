"""The hooks for pre-commit, run as pre-commit runs them: in the repository, with changed files."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from gitops_gen import yaml
from tests.repository import ROOT, Repository
from tests.repository import example as example_repository

HOOKS = {
    hook["id"]: hook for hook in yaml.yaml_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
}
CHANGED = HOOKS["gitops-gen-check-files"]


@pytest.fixture
def repository(tmp_path: Path, helm: str) -> Repository:
    return example_repository(tmp_path, helm)


def environments(repository: Repository, *changed: str) -> list[str]:
    """The environments that the hook checks for these changed files."""
    files = [path for path in changed if re.search(CHANGED["files"], path)]
    program, *arguments = shlex.split(CHANGED["entry"])
    assert program == "gitops-gen"
    done = repository.run(*arguments, *files, "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[str] = json.loads(done.stdout)["environments"]
    return found


def test_only_the_environments_of_changed_files_are_checked(repository: Repository) -> None:
    assert environments(repository, "values/prod.yaml", "README.md") == ["prod"]
    assert environments(repository, "values/clusters/dev.json", "values/dev.yaml") == ["dev"]


def test_a_shared_file_is_checked_in_all_environments(repository: Repository) -> None:
    assert environments(repository, "values/base.yaml", "values/dev.yaml") == ["dev", "prod"]


def test_a_fault_in_a_changed_file_fails(repository: Repository) -> None:
    repository.edit("values/dev.yaml", "tag: 2.1.0", "tag: latest")
    done = repository.run("check", "values/dev.yaml")
    assert done.returncode == 2
    assert "values/dev.yaml:" in done.stdout


def test_a_file_that_does_not_exist_is_refused(repository: Repository) -> None:
    done = repository.run("check", "values/nothing.yaml", "--format", "json")
    assert done.returncode == 2
    [finding] = json.loads(done.stdout)["findings"]
    assert finding["rule"] == "environment-name"


def test_one_process_gets_all_files() -> None:
    assert CHANGED["require_serial"] is True
    assert CHANGED.get("pass_filenames", True)
