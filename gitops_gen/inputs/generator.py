"""The version of gitops-gen that renders a repository."""

from __future__ import annotations

import re

from gitops_gen import __version__
from gitops_gen.inputs.layers import Node, find
from gitops_gen.model import Finding, Rule

GENERATOR = Rule(
    "generator",
    title="The key generator names this version of gitops-gen",
    why="Another minor version may interpret the same values differently, so that environments "
    "would change unnoticed.",
    remedy="Install the version that the key `generator` names, or change the key and review what "
    "`gitops-gen render` changes.",
)

THIS_VERSION = ".".join(__version__.split(".")[:2])

_VERSION = re.compile(r"[0-9]+\.[0-9]+(\.[0-9]+)?")


def other_generator(tree: Node) -> Finding | None:
    """Returns a finding if the values are for another minor version, which may differ.

    It replaces all other findings, because this version's schema would mislead. The schema
    reports a text that is not a version.
    """
    written = find(tree, ("generator",))
    if written is None or not isinstance(written.content, str):
        return None
    if _VERSION.fullmatch(written.content) and written.content != THIS_VERSION:
        return Finding(GENERATOR, _message(written.content), written.mark.value)
    return None


def _message(written: str) -> str:
    if written.startswith(f"{THIS_VERSION}."):
        return f'generator: write only the major and minor version: "{THIS_VERSION}"'
    minor = ".".join(written.split(".")[:2])
    return (
        f"generator: '{written}' is not this version ({THIS_VERSION}); install version {minor} of "
        f'gitops-gen, or set generator to "{THIS_VERSION}" and review what '
        "`gitops-gen render` changes"
    )
