"""The graphs of environments of a work tree, from their objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.checks.dependency_graph import dependency_graph
from gitops_gen.checks.graphs import Graph
from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.checks.traffic.graph import traffic_graph
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.inputs import Loaded
from gitops_gen.model import Environment
from gitops_gen.render import Listener
from gitops_gen.render.write import up_to_date
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun


def environment_graphs(
    root: str, names: Sequence[str], jobs: int, listener: Listener
) -> list[tuple[str, tuple[Graph, Graph]]]:
    """Returns the graph of the traffic and that of the dependencies of each environment.

    Raises InvalidInput for an unknown environment, and for values that cannot be rendered.
    """
    workspace = Workspace(WorkTree(root))
    loaded = workspace.load_all_to_render(workspace.chosen(names))
    found = []
    for one, files in _rendered(workspace, root, loaded, jobs, listener):
        found.append((one.environment.name, graphs_of(workspace, one.environment, files)))
    return found


def graphs_of(
    workspace: Workspace, environment: Environment, files: RenderedFiles
) -> tuple[Graph, Graph]:
    """Returns the graph of the traffic and that of the dependencies."""
    components = {one.component.name: one.component for one in workspace.plan(environment)}
    view = EnvironmentView.of(environment, components, files)
    return traffic_graph(view), dependency_graph(view)


def _rendered(
    workspace: Workspace, root: str, loaded: Sequence[Loaded], jobs: int, listener: Listener
) -> Iterator[tuple[Loaded, RenderedFiles]]:
    """Yields the files of each environment, which are rendered in memory if they are outdated."""
    outdated = set(up_to_date.stale(root, [one.environment.name for one in loaded]))
    changed = [one for one in loaded if one.environment.name in outdated]
    run = HelmRun.of_installed(jobs, listener) if changed else None
    renderings = (
        {one.environment.name: one for one in workspace.render(changed, run)} if run else {}
    )
    for one in loaded:
        name = one.environment.name
        if name in renderings:
            yield one, RenderedFiles.of_rendering(name, renderings[name].tree)
        else:
            yield one, RenderedFiles.of_revision(name, workspace.revision)
