"""What a render writes for one environment, as `tree` expects it."""

from __future__ import annotations

from gitops_gen.model import Tree
from gitops_gen.objects import layout
from gitops_gen.tree import Output, inventory


def rendered_output(name: str, rendered: Tree) -> Output:
    """Returns the rendered files of an environment, together with their inventory."""
    listing = layout.inventory(name)
    files = {**rendered, listing: inventory(rendered, listing)}
    return Output(files, layout.owned(name), listing)


def empty_output(name: str) -> Output:
    """Returns the output of an environment without a values file: all its files are removed."""
    return Output({}, layout.owned(name), layout.inventory(name))
