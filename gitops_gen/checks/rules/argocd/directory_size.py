"""Folders that are too large for Argo CD."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule
from gitops_gen.objects.layout import LARGEST_FOLDER

RULE = Rule(
    "argocd-directory-size",
    title="The manifests of an Application have less than 10 MB",
    why="The repo-server of Argo CD reads at most 10 MB of manifests from one folder "
    "(`reposerver.max.combined.directory.manifests.size`). It refuses larger folders, and "
    "nothing of the Application is synced.",
    remedy="Split the chart into several add-ons, or render less data.",
    bad="""\
addons:
  shop: {path: charts/shop}  # It renders 12 MB.""",
    good="""\
addons:
  shop: {path: charts/shop}  # It renders 6 MB.
  shop-data: {path: charts/shop-data}  # It renders 6 MB.""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for name, application in view.applications.items():
        size = sum(view.size_of_files(name))
        if size > LARGEST_FOLDER:
            text = f"the manifests of {application.id} have {size:,} bytes"
            limit = f"Argo CD reads at most {LARGEST_FOLDER:,} bytes"
            yield ObjectIssue(application, f"{text}; {limit}")
