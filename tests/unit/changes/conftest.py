"""Comparisons need the program apicheck."""

from __future__ import annotations

import pytest

from gitops_gen.apicheck import find


@pytest.fixture(autouse=True, scope="session")
def _apicheck() -> None:
    if find() is None:
        pytest.skip("apicheck is not built: make apicheck")
