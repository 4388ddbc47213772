"""Secrets that stand in plain text in a file of values."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.model import Document, FieldPath, Finding, Position, Rule, dotted
from gitops_gen.secrets.leaks import leaks

RULE = Rule(
    "plaintext-secret",
    title="No file of values holds a secret",
    why="Values are committed to Git, where everybody who can read the repository can read the "
    "secret, for ever.",
    remedy="Put the secret into a Secret or into the secret store, name that in the values, and "
    "replace the secret if it was committed. If the value is no secret, excuse the finding.",
    excusable=True,
)

_ADVICE = "put it into a Secret and name that"
_OR = f"if it is none, end the line with '# allow: {RULE.id}' and a reason"


def findings(layer: Document) -> Iterable[Finding]:
    for leak in leaks(layer.value):
        position, subject = layer.values[leak.path], dotted(leak.path) or "the file"
        message = f"{subject}: holds {leak.description}; {_advice(position)}"
        field = FieldPath(leak.path) if leak.path else None
        yield Finding(RULE, message, position, field=field)


def _advice(place: Position) -> str:
    # JSON has no comments.
    return _ADVICE if place.file.endswith(".json") else f"{_ADVICE} ({_OR})"
