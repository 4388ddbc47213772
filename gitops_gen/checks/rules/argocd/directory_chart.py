"""Folders of manifests that Argo CD may take for a Helm chart."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule

RULE = Rule(
    "argocd-directory-chart",
    title="No folder of manifests contains a Chart.yaml",
    why="A folder with a Chart.yaml is a Helm chart for Argo CD, unless the Application "
    "states `directory`. The manifests would not be synced.",
    remedy="Delete the file, or move the chart to another folder.",
    bad="""\
# rendered/prod/manifests/backend/Chart.yaml
name: backend""",
    good="""\
# charts/backend/Chart.yaml
name: backend""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for path in view.files.foreign_charts:
        name = view.files.component(path)
        if application := view.applications.get(name):
            text = f"{path} makes the source of {application.id} a Helm chart; move or delete it"
            yield ObjectIssue(application, text)
