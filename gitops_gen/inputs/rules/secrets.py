"""Reports plaintext secrets in values files."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.model import Document, FieldPath, Finding, Position, Rule, dotted
from gitops_gen.secrets.leaks import leaks

RULE = Rule(
    "plaintext-secret",
    title="Values files do not contain secrets",
    why="Values are committed to Git, where all users with read access to the repository can read "
    "the secret, also after it is removed from the file.",
    remedy="Store the secret in a Kubernetes Secret or in AWS Secrets Manager, reference it in the "
    "values, and rotate it if it was committed. If the value is not a secret, excuse the finding.",
    excusable=True,
)

_ADVICE = "store it in a Secret and reference that Secret"
_OR = f"if it is not a secret, end the line with '# allow: {RULE.id}' and a reason"


def findings(layer: Document) -> Iterable[Finding]:
    for leak in leaks(layer.value):
        position, subject = layer.values[leak.path], dotted(leak.path) or "the file"
        message = f"{subject}: contains {leak.description}; {_advice(position)}"
        field = FieldPath(leak.path) if leak.path else None
        yield Finding(RULE, message, position, field=field)


def _advice(place: Position) -> str:
    # JSON has no comments.
    return _ADVICE if place.file.endswith(".json") else f"{_ADVICE} ({_OR})"
