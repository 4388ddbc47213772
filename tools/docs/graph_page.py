"""docs/graph.md: the command `graph`, with the diagrams of the example."""

from __future__ import annotations

from pathlib import Path

from gitops_gen.checks.environment_graphs import graphs_of
from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.report.graph.page import diagram
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from tools.docs.templates import rendered

ROOT = Path(__file__).parents[2]
ENVIRONMENT = "prod"


def page() -> str:
    """The whole page."""
    workspace = Workspace(WorkTree(str(ROOT)))
    [loaded] = workspace.load_all_to_render([ENVIRONMENT])
    files = RenderedFiles.of_revision(ENVIRONMENT, workspace.revision)
    graphs = graphs_of(workspace, loaded.environment, files)
    return rendered("graph.md.j2", environment=ENVIRONMENT, diagrams=map(diagram, graphs))
