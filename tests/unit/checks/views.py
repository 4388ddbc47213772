"""Views of the example's prod with further manifests."""

from __future__ import annotations

from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.checks.rules import object_rules
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from tests.repository import ROOT

EXAMPLE = Workspace(WorkTree(ROOT))


def view_with(**manifests: str) -> EnvironmentView:
    """The example's prod with a manifest in the folder of each named component."""
    loaded, planned = EXAMPLE.planned("prod")
    components = {one.component.name: one.component for one in planned}
    files = RenderedFiles.of_revision("prod", EXAMPLE.revision)
    tree = {path: files.read(path) for path in files.paths}
    for component, text in manifests.items():
        tree[f"rendered/prod/manifests/{component}/added.yaml"] = text.encode()
    return EnvironmentView.of(
        loaded.environment, components, RenderedFiles.of_rendering("prod", tree)
    )


def messages(rule: str, view: EnvironmentView) -> list[str]:
    """The messages of a rule about a view."""
    [found] = [one for one in object_rules() if one.rule.id == rule]
    return [one.message for one in found.problems(view) if isinstance(one, ObjectIssue)]
