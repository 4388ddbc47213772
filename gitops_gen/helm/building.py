"""Helm from its Go module, for platforms to which no wheel brings it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gitops_gen import gobuild

SOURCES = Path(__file__).with_name("sources")
"""In the repository a link to tools/helm, in a wheel a copy of it."""
_NAME = "helm"


def built() -> str | None:
    """The one that was built before."""
    path = gobuild.find(SOURCES, _NAME)
    return str(path) if path else None


def build(report: Callable[[str], None]) -> str:
    """Takes minutes: Go fetches and compiles some hundred modules, whose digests go.sum holds."""
    return str(gobuild.build(SOURCES, report) / _NAME)
