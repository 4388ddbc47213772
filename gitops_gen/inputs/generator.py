"""The version of gitops-gen that renders a repository."""

from __future__ import annotations

import re

from gitops_gen import __version__
from gitops_gen.inputs.layers import Node, find
from gitops_gen.model import Finding, Rule

GENERATOR = Rule(
    "generator",
    title="The repository names this version of gitops-gen",
    why="Another minor version may give the same values another meaning, so that every "
    "environment would change unnoticed.",
    remedy="Install the version that the key generator names, or change the key and review what "
    "`gitops-gen render` changes.",
)

OURS = ".".join(__version__.split(".")[:2])

_VERSION = re.compile(r"[0-9]+\.[0-9]+(\.[0-9]+)?")


def other_generator(tree: Node) -> Finding | None:
    """A finding where the values are for another minor version, which may read them differently.

    It replaces all other findings, since this version's schema would only mislead. A text that is
    no version is refused by the schema.
    """
    written = find(tree, ("generator",))
    if written is None or not isinstance(written.content, str):
        return None
    if _VERSION.fullmatch(written.content) and written.content != OURS:
        return Finding(GENERATOR, _message(written.content), written.mark.value)
    return None


def _message(written: str) -> str:
    if written.startswith(f"{OURS}."):
        return f'generator: name only major and minor: "{OURS}"'
    minor = ".".join(written.split(".")[:2])
    return (
        f"generator: '{written}' is not this version ({OURS}); install that one: "
        f"pip install 'gitops-gen=={minor}.*', or move the repository to \"{OURS}\" "
        "and read what `gitops-gen render` changes"
    )
