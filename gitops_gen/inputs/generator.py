"""The version of gitops-gen that renders a repository."""

from __future__ import annotations

from gitops_gen import __version__
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.layers import Node
from gitops_gen.model import Position

OURS = ".".join(__version__.split(".")[:2])


def require_our_generator(tree: Node, file: str) -> None:
    """Raises InvalidInput for another minor: it may mean other things by the same values.

    It comes before everything else, since another version's schema would only mislead.
    """
    written = tree.content.get("generator") if tree.is_map else None
    if written is None or written.is_null:
        message = "generator: is required: the version that renders this repository; "
        raise InvalidInput.at(Position(file), f'{message}write generator: "{OURS}"', "generator")
    if written.content != OURS:
        raise InvalidInput.at(written.mark.value, _message(written.content), "generator")


def _message(written: object) -> str:
    if not isinstance(written, str):
        return f'generator: put the version in quotes, as in "{OURS}"'
    return (
        f"generator: '{written}' is not this version ({OURS}); install that one: "
        f"pip install 'gitops-gen=={written}.*', or move the repository to \"{OURS}\" "
        "and read what `gitops-gen render` changes"
    )
