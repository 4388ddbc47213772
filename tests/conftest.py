"""Fixtures and settings of all tests."""

from __future__ import annotations

import os
import shutil
import signal
import warnings
from pathlib import Path

import pytest
from hypothesis import settings

from gitops_gen.apicheck import ApicheckProgram
from gitops_gen.helm import executable
from tests.browser import CHROMIUM, WITHOUT_CHROMIUM
from tests.chart_servers import NGINX, REGISTRY, WITHOUT_NGINX, WITHOUT_REGISTRY
from tests.repository import APICHECK, VARIATIONS, WITHOUT_APICHECK, Repository, example

# The number of examples of each property test: few by default, many with the HYPOTHESIS_PROFILE
# that .ci/run sets. These examples depend only on the test, so that a pull request is not refused
# for a fault that it does not contain; `explore` tries other examples in each run. The duration of
# an example is never an error.
settings.register_profile("quick", deadline=None, max_examples=25, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=200, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
# Background jobs of a shell ignore Ctrl-C. All programs that tests start would inherit this,
# including those that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Keeps tests that were skipped without a program out of the list of skipped tests."""
    for reason in (WITHOUT_APICHECK, WITHOUT_NGINX, WITHOUT_REGISTRY, WITHOUT_CHROMIUM):
        if report.skipped and reason in str(report.longrepr):
            return f"skipped: {reason}", "s", "SKIPPED"
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if APICHECK is None:
        terminalreporter.write_line(
            "SKIPPED tests of apicheck: the program is not built; `make apicheck` builds it"
        )
    for program, reason in ((NGINX, WITHOUT_NGINX), (REGISTRY, WITHOUT_REGISTRY)):
        if program is None:
            terminalreporter.write_line(f"SKIPPED tests of chart servers: {reason}")
    if not CHROMIUM:
        terminalreporter.write_line(
            "SKIPPED tests of the HTML page in a browser: neither Chromium nor Chrome is installed"
        )


@pytest.fixture(scope="session")
def real_program() -> ApicheckProgram:
    """The program apicheck. Tests with this fixture are skipped if it is not built."""
    if APICHECK is None:
        pytest.skip(WITHOUT_APICHECK)
    return APICHECK


@pytest.fixture(scope="session")
def helm() -> str:
    """The Helm to render with, downloaded if it is not installed yet."""
    return executable(warnings.warn).path


@pytest.fixture
def repository(tmp_path: Path, helm: str) -> Repository:
    """The example repository, not rendered yet."""
    return example(tmp_path, helm)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The example repository, rendered once. Tests must not change it."""
    repository = example(tmp_path_factory.mktemp("rendered"), helm)
    repository.render()
    return repository


@pytest.fixture(scope="session")
def variations(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The variations as environments of one repository, rendered by one call of Helm."""
    repository = example(tmp_path_factory.mktemp("variations"), helm)
    for name in ("dev", "prod"):
        repository.path(f"values/{name}.yaml").unlink()
    for file in VARIATIONS:
        shutil.copy(file, repository.path(f"values/{file.name}"))
        repository.copy_cluster("prod", file.stem)
    repository.render("--jobs", "1")
    return repository
