"""The graphs of environments as Markdown, with a Mermaid diagram for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gitops_gen.checks.graphs import Graph
from gitops_gen.report.graph.mermaid import mermaid


def page(environments: Iterable[tuple[str, Sequence[Graph]]]) -> str:
    """Returns a section for each environment, with its graphs."""
    return "\n".join(_section(name, graphs) for name, graphs in environments)


def _section(name: str, graphs: Sequence[Graph]) -> str:
    # Names of environments consist of letters, digits and dashes.
    return "\n".join([f"# {name}\n", *map(diagram, graphs)])


def diagram(graph: Graph) -> str:
    """Returns the section of one graph."""
    return f"## {graph.title}\n\n{graph.description}\n\n```mermaid\n{mermaid(graph)}```\n"
