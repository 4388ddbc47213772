from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.components.first_party.rendering import Render, renderer


@pytest.fixture
def rendered(tmp_path: Path) -> Render:
    return renderer("postgres", tmp_path)
