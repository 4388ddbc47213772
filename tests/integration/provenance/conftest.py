"""Provenance of the example, and of other repositories, in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gitops_gen.helm import Executable
from gitops_gen.helm.pinned import HELM_VERSION
from gitops_gen.provenance import Provenance
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun
from tests.repository import ROOT, Repository

Opened = Callable[[Repository, str], Provenance]


def opened(root: str, environment: str, helm: str) -> Provenance:
    workspace = Workspace(WorkTree(root))
    loaded = workspace.load_to_render(environment)
    return Provenance.of(workspace, loaded, HelmRun(Executable(helm, HELM_VERSION), 2))


@pytest.fixture
def provenance_of(helm: str) -> Opened:
    return lambda repository, environment: opened(str(repository.root), environment, helm)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Provenance:
    """The production environment of the example, in a copy without a cache."""
    import shutil

    root = tmp_path_factory.mktemp("example")
    shutil.copytree(ROOT / "values", root / "values")
    return opened(str(root), "prod", helm)
