"""Fixtures: sources of small programs, and an empty cache."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCES = Path(__file__).with_name("sources")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the user. Go still uses its own caches of this machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GOCACHE", str(Path.home() / ".cache" / "go-build"))
    return tmp_path / "cache" / "gitops-gen"


@pytest.fixture
def sources(tmp_path: Path) -> Callable[[str], Path]:
    """Copies the sources of a program, so that a test may change them."""

    def copied(name: str) -> Path:
        return Path(shutil.copytree(SOURCES / name, tmp_path / name))

    return copied
