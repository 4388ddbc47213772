"""A repository with locked upstream charts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.locked_charts import LockedCharts
from tests.repository import Repository


@pytest.fixture
def locked(repository: Repository, tmp_path: Path) -> LockedCharts:
    """The example with the environment dev only, without locked charts."""
    repository.path("values/prod.yaml").unlink()
    repository.path("values/clusters/prod.json").unlink()
    return LockedCharts(repository, tmp_path / "packages")
