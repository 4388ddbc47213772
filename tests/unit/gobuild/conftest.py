"""Sources of small programs, and a cache of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SOURCES = Path(__file__).with_name("sources")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the user's; Go's own caches remain those of the machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GOCACHE", str(Path.home() / ".cache" / "go-build"))
    return tmp_path / "cache" / "gitops-gen"


@pytest.fixture
def sources(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the sources of a program, which a test may change."""

    def copied(name: str) -> Path:
        return Path(shutil.copytree(SOURCES / name, tmp_path / name))

    return copied
