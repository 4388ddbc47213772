"""A graph as a Mermaid diagram, which GitHub and GitLab show as a picture.

Names of the user's objects are texts in quotes. Every character that has a meaning in Mermaid or in
HTML is replaced by its code, so that no name can end a text, start a directive or add a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gitops_gen.checks.graphs import EdgeStyle, Graph, GraphEdge, GraphNode, NodeShape

_PLAIN = frozenset(" ./-_:,()")
_SHAPES: Mapping[NodeShape, tuple[str, str]] = {
    NodeShape.BOX: ("[", "]"),
    NodeShape.ROUNDED: ("(", ")"),
    NodeShape.DATABASE: ("[(", ")]"),
}
_ARROWS: Mapping[EdgeStyle, str] = {EdgeStyle.SOLID: "-->", EdgeStyle.DOTTED: "-.->"}
_BREAK = "<br/>"


def mermaid(graph: Graph) -> str:
    """Returns the diagram. The same graph always has the same text."""
    keys = (*(one.key for one in graph.groups), *(one.key for one in graph.nodes))
    names = {key: f"n{number}" for number, key in enumerate(dict.fromkeys(keys))}
    lines = [f"flowchart {'LR' if graph.left_to_right else 'TB'}"]
    lines += _nodes(graph, "", names, "  ")
    for group in graph.groups:
        lines.append(f"  subgraph {names[group.key]}[{_quoted([group.label])}]")
        lines += _nodes(graph, group.key, names, "    ")
        lines.append("  end")
    lines += (_edge(edge, names) for edge in graph.edges)
    return "".join(f"{line}\n" for line in lines)


def _nodes(graph: Graph, group: str, names: Mapping[str, str], indent: str) -> Iterator[str]:
    for node in graph.nodes:
        if node.group == group:
            yield f"{indent}{names[node.key]}{_shaped(node)}"


def _shaped(node: GraphNode) -> str:
    start, end = _SHAPES[node.shape]
    return f"{start}{_quoted(node.lines)}{end}"


def _edge(edge: GraphEdge, names: Mapping[str, str]) -> str:
    label = f"|{_quoted(edge.lines)}|" if edge.lines else ""
    return f"  {names[edge.source]} {_ARROWS[edge.style]}{label} {names[edge.target]}"


def _quoted(lines: Iterable[str]) -> str:
    return f'"{_BREAK.join(map(escaped, lines))}"'


def escaped(text: str) -> str:
    """The text with the codes of Mermaid for every character that is not a letter or a digit."""
    return "".join(
        one if one.isalnum() or one in _PLAIN else f"#{ord(one)};" if one.isprintable() else " "
        for one in text
    )
