"""A fleet of three environments in a Git repository, with a group and a chart."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.repository import Repository, example

CHART = {
    "charts/zoo/Chart.yaml": "apiVersion: v2\nname: zoo\nversion: 1.0.0\n",
    "charts/zoo/templates/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: zoo}\n",
    "charts/unused/Chart.yaml": "apiVersion: v2\nname: unused\nversion: 1.0.0\n",
}
OTHER_FILES = {
    ".gitignore": ".gitops-gen/\n",
    "README.md": "Run gitops-gen render.\n",
    "docs/picture.svg": "<svg/>\n",
    "src/backend/main.py": "print('backend')\n",
    "requirements.txt": "gitops-gen==0.1.0\n",
}
ADDONS = """
addons:
  metrics-server: {enabled: true}
  zoo: {path: charts/zoo, namespace: zoo}
"""


@pytest.fixture(scope="session")
def rendered_fleet(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """dev and prod of the example, and `qa`, which has a group, a chart and metrics-server.

    Everything is rendered and committed on the branch `main`.
    """
    repository = example(tmp_path_factory.mktemp("fleet"), helm)
    for path, text in (CHART | OTHER_FILES).items():
        repository.write(path, text)
    own = repository.read("values/dev.yaml")
    repository.write("values/qa.yaml", f"groups: [test]\n{own}{ADDONS}")
    repository.write("values/groups/test.yaml", "tiers: {backend: {env: {MODE: test}}}\n")
    repository.copy_cluster("dev", "qa")
    repository.render()
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.commit("Start")
    return repository


@pytest.fixture
def fleet(rendered_fleet: Repository, tmp_path: Path) -> Repository:
    """A copy of the fleet, which a test may change."""
    root = tmp_path / "repository"
    shutil.copytree(rendered_fleet.root, root, symlinks=True)
    return replace(rendered_fleet, root=root)
