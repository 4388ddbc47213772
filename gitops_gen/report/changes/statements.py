"""Statements about objects, in which equal statements about several objects are one item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gitops_gen.report.changes.environment_names import EnvironmentNames
from gitops_gen.report.markdown import code

_FEW = 4
_FIRST = 3


@dataclass(frozen=True, slots=True)
class Statement:
    environment: str
    subject: str
    """The object; empty if the text names it."""
    text: str
    """Markdown."""


def items(statements: Iterable[Statement], names: EnvironmentNames) -> Iterator[str]:
    """Yields one item per text, with all objects and environments that it is about."""
    environments: dict[tuple[str, str], dict[str, None]] = {}
    for one in statements:
        environments.setdefault((one.text, one.subject), {})[one.environment] = None
    subjects: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (text, subject), found in environments.items():
        subjects.setdefault((text, tuple(found)), []).append(subject)
    for (text, where), objects in subjects.items():
        lead = f"{listed(objects)}: " if any(objects) else ""
        yield f"{lead}{text} — {names.markdown(where)}"


def listed(texts: Sequence[str]) -> str:
    """Returns the first texts as code, and the number of the others."""
    if len(texts) <= _FEW:
        return ", ".join(map(code, texts))
    return f"{', '.join(map(code, texts[:_FIRST]))} and **{len(texts) - _FIRST} more**"
