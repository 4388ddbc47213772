"""What tests of every room share."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest

from gitops_gen.helm import executable
from tests.repository import VARIATIONS, Repository, example


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


@pytest.fixture(scope="session")
def variations(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The variations as environments of one repository, all rendered by one call of Helm."""
    repository = example(tmp_path_factory.mktemp("variations"), helm)
    for name in ("dev", "prod"):
        repository.path(f"values/{name}.yaml").unlink()
    cluster = repository.path("values/clusters/prod.json")
    for file in VARIATIONS:
        shutil.copy(file, repository.path(f"values/{file.name}"))
        shutil.copy(cluster, cluster.with_name(f"{file.stem}.json"))
    repository.render("--jobs", "1")
    return repository
