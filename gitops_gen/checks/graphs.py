"""A graph as data: what `graph` prints about an environment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class NodeShape(Enum):
    BOX = "box"
    ROUNDED = "rounded"
    DATABASE = "database"


class EdgeStyle(Enum):
    SOLID = "solid"
    DOTTED = "dotted"


@dataclass(frozen=True, slots=True)
class GraphGroup:
    """Nodes that are drawn together. Edges may begin and end at a group."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class GraphNode:
    key: str
    lines: tuple[str, ...]
    group: str = ""
    shape: NodeShape = NodeShape.BOX


@dataclass(frozen=True, slots=True)
class GraphEdge:
    source: str
    """The key of a node or of a group."""
    target: str
    lines: tuple[str, ...] = ()
    style: EdgeStyle = EdgeStyle.SOLID


@dataclass(frozen=True, slots=True)
class Graph:
    title: str
    description: str
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    groups: tuple[GraphGroup, ...] = ()
    left_to_right: bool = True
