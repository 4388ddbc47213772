"""Secrets that stand in plain text in a file of values."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_gen.model import Document, Finding, Position, dotted
from gitops_gen.secrets.leaks import leaks

RULE = "plaintext-secret"

_ADVICE = "put it into a Secret and name that"
_OR = f"if it is none, end the line with '# allow: {RULE}'"


def findings(layer: Document) -> Iterable[Finding]:
    for leak in leaks(layer.value):
        place, where = layer.values[leak.path], dotted(leak.path) or "the file"
        yield Finding(RULE, f"{where}: holds {leak.what}; {_advice(place)}", place)


def _advice(place: Position) -> str:
    # JSON has no comments.
    return _ADVICE if place.file.endswith(".json") else f"{_ADVICE} ({_OR})"
