"""Rehearsals take minutes and need additional programs, so they run only by `make e2e`."""

from __future__ import annotations

import os

import pytest

from gitops_gen.rehearse.servers.tools import tools
from tests.e2e.repositories import Tell

ASKED = "GITOPS_GEN_E2E"
PARTS = ("api", "argocd", "live")


def _reason() -> str:
    if not os.environ.get(ASKED):
        return f"not asked for: make e2e, or {ASKED}=1"
    missing = [name for part in PARTS for name in tools().missing(part)]
    return f"{', '.join(missing)} not found: make rehearse-tools" if missing else ""


REASON = _reason()
collect_ignore_glob = ["test_*.py"] if REASON else []


TOLD = pytest.StashKey[list[str]]()


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Collects measurements, which are printed at the end."""
    told = request.config.stash.setdefault(TOLD, [])
    return lambda facts: told.append(f"{request.node.name}: {facts}")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = [f"tests/e2e skipped: {REASON}"] if REASON else config.stash.get(TOLD, [])
    for line in lines:
        terminalreporter.write_line(line)
