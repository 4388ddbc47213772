"""Versions of upstream charts that are pinned outside of the values files.

They count more than the defaults of gitops-gen, and less than the values files. The loader gets
them from its caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gitops_gen.inputs import layers
from gitops_gen.inputs.layers import Node
from gitops_gen.model import Mark, Path, Pin, Position

ADDONS = "addons"


@dataclass(frozen=True, slots=True)
class PinnedChart:
    """The exact version of an upstream chart, and where it is written."""

    pin: Pin
    position: Position


def with_pinned_charts(
    tree: Node, pinned: Mapping[str, PinnedChart], built_in: Iterable[Path]
) -> Node:
    """Returns the values with the keys of the pinned charts under those of the user.

    An add-on of gitops-gen gets its version only. A chart of the user gets its source too, if the
    values have a section for it that names no other source.
    """
    built_in_paths = set(built_in)
    for name, chart in pinned.items():
        path = (ADDONS, name)
        if path in built_in_paths:
            tree = layers.merged_under(tree, path, _node(chart, ("version",)))
        elif _needs_source(layers.find(tree, path)):
            tree = layers.merged_under(tree, path, _node(chart, tuple(_keys(chart))))
    return tree


def _needs_source(section: Node | None) -> bool:
    return section is not None and section.is_map and not {"path"} & section.content.keys()


def _keys(chart: PinnedChart) -> dict[str, str]:
    pin = chart.pin
    return {"repository": pin.repository, "chart": pin.chart, "version": pin.version}


def _node(chart: PinnedChart, keys: tuple[str, ...]) -> Node:
    """Returns the section with some keys. The section itself is not written in the file."""
    mark = Mark(chart.position, chart.position)
    written = _keys(chart)
    section = Mark(chart.position, chart.position, default=True)
    return Node({key: Node(written[key], mark) for key in keys}, section)
