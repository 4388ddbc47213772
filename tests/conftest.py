"""What tests of every room share."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from gitops_gen.helm import executable
from tests.repository import Repository, example


@pytest.fixture(scope="session")
def helm() -> str:
    """The Helm that renders, obtained if it is not here yet."""
    return executable(warnings.warn).path


@pytest.fixture
def repository(tmp_path: Path, helm: str) -> Repository:
    """The example's values, not rendered yet."""
    return example(tmp_path, helm)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The example, rendered once: to look at, not to change."""
    repository = example(tmp_path_factory.mktemp("rendered"), helm)
    repository.render()
    return repository
