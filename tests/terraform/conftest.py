"""Fixtures with real Terraform, stub providers and a copy of the work tree.

If Terraform is not installed, the tests are skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tfstub import mirror
from wiring import found
from wiring.wanted import EXAMPLES
from workspace import REPOSITORY, Plan, Workspace, folders

FOUND = os.environ.get("TERRAFORM") or shutil.which("terraform")
VARIANTS = tuple(EXAMPLES)
collect_ignore_glob = [] if FOUND else ["test_[!t]*.py", "test_t[!e]*.py"]


@pytest.fixture(scope="session")
def terraform() -> Path:
    assert FOUND, "test_terraform_found.py skips before this is asked for"
    return Path(FOUND).absolute()


@pytest.fixture(scope="session")
def providers(tmp_path_factory: pytest.TempPathFactory, terraform: Path) -> Path:
    hcl = (REPOSITORY / "terraform").rglob("*.tf")
    return mirror.build(tmp_path_factory.mktemp("providers"), hcl, terraform)


@pytest.fixture(scope="session")
def workspace(
    tmp_path_factory: pytest.TempPathFactory, terraform: Path, providers: Path
) -> Workspace:
    """A workspace for tests that change only the state; they share it."""
    return Workspace.create(tmp_path_factory.mktemp("shared"), terraform, providers)


@pytest.fixture
def fresh(tmp_path: Path, terraform: Path, providers: Path) -> Workspace:
    """A workspace for one test, which may change any file."""
    return Workspace.create(tmp_path, terraform, providers)


@pytest.fixture(scope="session", params=VARIANTS)
def variant(request: pytest.FixtureRequest) -> str:
    """The name of an example of terraform/infra."""
    return str(request.param)


@pytest.fixture(scope="session")
def planned(workspace: Workspace, variant: str) -> Plan:
    """The plan of terraform/infra. It contains only configured values, and none of the stub."""
    return workspace.plan("infra", f"-var-file=examples/{variant}.tfvars", "-state=none.tfstate")


@pytest.fixture(scope="session")
def made(workspace: Workspace, variant: str) -> found.Found:
    """What terraform/infra created in an apply of an example."""
    return found.apply(workspace, "infra", f"examples/{variant}.tfvars", f"{variant}.tfstate")


@pytest.fixture(scope="session")
def applied(made: found.Found) -> Plan:
    """The state of terraform/infra after an apply, with the IDs in references to resources."""
    return made.state


@pytest.fixture(scope="session", autouse=True)
def work_tree_stays_clean() -> Iterator[None]:
    before = _listing()
    yield
    assert _listing() == before, "a test left files in terraform/"


def _listing() -> set[Path]:
    return set((REPOSITORY / "terraform").rglob("*"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "folder" in metafunc.fixturenames:
        metafunc.parametrize("folder", folders())
