from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.tree.tree_examples import put


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository, with a file outside the owned folders and a file outside the repository."""
    put(tmp_path / "outside/secret", b"untouched")
    put(tmp_path / "repository/values/dev.yaml", b"untouched")
    return tmp_path / "repository"
