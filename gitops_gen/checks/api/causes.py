"""Fields that may be the cause of a refusal that the API server reports at another field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.model import FieldPath, Path

_TOTALS = {"maxReplicas": "minReplicas", "minReplicas": "maxReplicas"}


def other_causes(field: FieldPath, text: str) -> Iterator[FieldPath]:
    """Yields the fields that the API server compared with the refused one.

    The API server names only one of two fields that contradict each other, and a chart may take
    the other one from the values.
    """
    for path in _compared(field.parts, text):
        if path != field.parts:
            yield FieldPath(path)


def _compared(path: Path, text: str) -> Iterator[Path]:
    if "`selector`" in text and path[-2:] == ("metadata", "labels"):
        yield ("spec", "selector")
    if "limit" in text and "requests" in path:
        at = path.index("requests")
        yield (*path[:at], "limits", *path[at + 1 :])
    if "volumeMounts" in path:
        yield (*path[: _containers(path)], "volumes")
    if path[-1] == "hostPort":
        yield (*path[:-1], "containerPort")
    if path[-1] in _TOTALS:
        yield (*path[:-1], _TOTALS[path[-1]])


def _containers(path: Path) -> int:
    """The index of the list of containers in a path."""
    parts = enumerate(path)
    return next((at for at, one in parts if re.fullmatch(r"(init)?[cC]ontainers", str(one))), 0)
