"""Faults that no values can cause, because gitops-gen writes the Applications and AppProjects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.checks.object_problems import judged_by_rules
from gitops_gen.checks.rendered_files import RenderedFiles, foreign_charts
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from tests.repository import ROOT

EXAMPLE = Workspace(WorkTree(ROOT))
READ = EXAMPLE.revision.read
BACKEND = "argocd/prod/apps/backend.yaml"
PROJECT = "argocd/prod/apps/project.yaml"


def found(change: Callable[[str, str], str], charts: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The rules and fields of the problems of the example's prod after its files are changed."""
    loaded, planned = EXAMPLE.planned("prod")
    components = {one.component.name: one.component for one in planned}
    paths = RenderedFiles.of_revision("prod", EXAMPLE.revision).paths

    def read(path: str) -> bytes:
        return change(path, READ(path).decode()).encode()

    files = RenderedFiles("prod", paths, read, charts)
    result = judged_by_rules(EnvironmentView.of(loaded.environment, components, files))
    return [(one.rule.id, str(one.field or one.object.id)) for one in result.problems]


def replaced(file: str, old: str, new: str) -> Callable[[str, str], str]:
    def change(path: str, text: str) -> str:
        assert path != file or old in text
        return text.replace(old, new) if path == file else text

    return change


def test_the_example_has_no_problem() -> None:
    assert found(lambda path, text: text) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "field"),
    [
        (
            BACKEND,
            "acme/platform.git",
            "acme/other.git",
            "argocd-admission",
            "spec.source.repoURL",
        ),
        (
            BACKEND,
            "namespace: app",
            "namespace: apps",
            "argocd-admission",
            "spec.destination.namespace",
        ),
        (BACKEND, "project: prod", "project: production", "argocd-admission", "spec.project"),
        (
            BACKEND,
            "kind: Deployment",
            "kind: StatefulSet",
            "argocd-ignored-differences",
            "spec.ignoreDifferences[0]",
        ),
        (
            PROJECT,
            "- group: networking.k8s.io",
            "- group: networking.example.org",
            "argocd-admission",
            "IngressClass alb",
        ),
    ],
    ids=["source", "namespace", "project", "ignored differences", "kind"],
)
def test_it_is_found(file: str, old: str, new: str, rule: str, field: str) -> None:
    of_argocd = [one for one in found(replaced(file, old, new)) if one[0].startswith("argocd-")]
    assert of_argocd == [(rule, field)]


@pytest.fixture
def chart(tmp_path: Path) -> WorkTree:
    """A work tree with a file that no render writes."""
    folder = tmp_path / "rendered/prod/manifests/backend"
    folder.mkdir(parents=True)
    (folder / "Chart.yaml").write_text("name: backend\n")
    return WorkTree(tmp_path)


def test_a_chart_in_a_folder_of_manifests_is_found(chart: WorkTree) -> None:
    charts = foreign_charts("prod", chart)
    assert charts == ("rendered/prod/manifests/backend/Chart.yaml",)
    rules = found(lambda path, text: text, charts)
    assert rules == [("argocd-directory-chart", "Application argocd/backend")]
