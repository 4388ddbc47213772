"""A repository with a commit, for commands that compare with one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.repository import APICHECK, WITHOUT_APICHECK, Repository


@pytest.fixture
def committed(rendered: Repository, tmp_path: Path) -> Repository:
    """The example, rendered and committed on the branch `main`."""
    root = tmp_path / "repository"
    shutil.copytree(rendered.root, root, ignore=shutil.ignore_patterns(".gitops-gen"))
    if APICHECK is None:
        pytest.skip(WITHOUT_APICHECK)
    repository = replace(rendered, root=root)
    repository.write(".gitignore", ".gitops-gen/\n")
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit("Start")
    return repository
