from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.repository import Repository, example

VARIATIONS = Path(__file__).with_name("variations")


@pytest.fixture(scope="session")
def variations(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """A repository with an environment for each file in variations/, rendered by one Helm."""
    repository = example(tmp_path_factory.mktemp("variations"), helm)
    for name in ("dev", "prod"):
        repository.path(f"values/{name}.yaml").unlink()
    cluster = repository.path("values/clusters/prod.json")
    for file in VARIATIONS.glob("*.yaml"):
        shutil.copy(file, repository.path(f"values/{file.name}"))
        shutil.copy(cluster, cluster.with_name(f"{file.stem}.json"))
    repository.render("--jobs", "1")
    return repository
