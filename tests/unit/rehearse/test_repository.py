"""The repository that Argo CD reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.objects.reading import EnvironmentObjects, read_environment
from gitops_gen.rehearse.repository import Repository, address
from gitops_gen.revisions import WorkTree

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  source: {{repoURL: "{url}", targetRevision: {revision}, path: {path}}}
  destination: {{namespace: argocd}}
  syncPolicy:
    retry: {{limit: -1, backoff: {{duration: 10s, factor: 2, maxDuration: 3m}}}}
"""


def _tree(folder: Path, url: str, revision: str, prefix: str = "") -> EnvironmentObjects:
    path = f"{prefix}argocd/dev/apps"
    root = APPLICATION.format(name="root", url=url, revision=revision, path=path)
    file = folder / "argocd" / "dev" / "bootstrap.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(root)
    return read_environment(WorkTree(str(folder)), "dev")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/acme/platform.git", "github.com/acme/platform"),
        ("https://git.acme.example/platform/", "git.acme.example/platform"),
        ("git@github.com:acme/platform.git", "repository.rehearsal/repository"),
        ("ssh://git@github.com/acme/platform.git", "repository.rehearsal/repository"),
    ],
)
def test_where_it_is_served(tmp_path: Path, url: str, name: str) -> None:
    found = address(_tree(tmp_path, url, "main"), "dev")
    assert found.name == name
    assert bool(found.notes) is not url.startswith("https://")


@pytest.mark.parametrize(
    ("revision", "branch"), [("main", "main"), ("v1", "v1"), ("0" * 40, "rehearsal")]
)
def test_which_branch_it_is(tmp_path: Path, revision: str, branch: str) -> None:
    tree = _tree(tmp_path, "https://github.com/acme/platform.git", f'"{revision}"')
    assert address(tree, "dev").served_branch == branch


def test_a_folder_of_a_larger_repository(tmp_path: Path) -> None:
    tree = _tree(tmp_path, "https://github.com/acme/platform.git", "main", "deploy/here/")
    assert address(tree, "dev").prefix == "deploy/here"


def test_applications_are_retried_sooner(tmp_path: Path) -> None:
    tree = _tree(tmp_path, "git@github.com:acme/platform.git", "main")
    served = Repository("git", tmp_path, address(tree, "dev"))
    [value] = yaml.documents(served.adapted(yaml.dump(tree.bootstrap[0].value).encode()).encode())
    assert value["spec"]["syncPolicy"]["retry"]["limit"] == -1
    assert value["spec"]["syncPolicy"]["retry"]["backoff"]["maxDuration"] == "5s"
    assert value["spec"]["source"]["repoURL"] == "https://repository.rehearsal/repository.git"
