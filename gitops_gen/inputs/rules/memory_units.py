"""Reports amounts of memory and storage whose unit is missing, in all sections."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from gitops_gen.model import Document, FieldPath, Finding, Path, Rule
from gitops_gen.secrets.walk import scalars

RULE = Rule(
    "memory-unit",
    title="Amounts of memory and storage have a unit",
    why="Kubernetes reads a number without a unit as bytes, `k` as 1000 bytes and `m` as a "
    "thousandth of a byte. No container starts in so little memory.",
    remedy="Write the unit, for example `128Mi` or `1Gi`.",
)
_SMALLEST = 2**20
_UNITS = {"": 1.0, "m": 0.001, "k": 1000.0, "Ki": 1024.0}
_SMALL = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)(m|k|Ki|)")
_KEYS = frozenset(["memory", "ephemeral-storage", "storage"])
_LISTS = frozenset(["requests", "limits", "min", "max", "default", "defaultRequest"])


def findings(layer: Document) -> Iterable[Finding]:
    for path, value in scalars(layer.value):
        if _is_amount(path) and _has_no_unit(value) and not _is_quota_in_thousandths(path, value):
            field = FieldPath(path)
            message = f"{field}: {_shown(value)} is less than 1 MiB; write a unit, such as 128Mi"
            yield Finding(RULE, message, layer.values[path], field=field)


def _is_amount(path: Path) -> bool:
    """Whether the value at a path is an amount of memory or storage."""
    if path == ("postgres", "sharedMemory"):
        return True
    key = str(path[-1]) if path else ""
    if len(path) > 2 and path[:2] == ("platform", "quotas"):
        return key.rpartition(".")[2] in _KEYS
    return key in _KEYS and len(path) > 1 and path[-2] in _LISTS


def _has_no_unit(value: Any) -> bool:
    """Whether the amount is valid and above zero, but less than a mebibyte."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return False
    match = _SMALL.fullmatch(str(value))
    return match is not None and 0 < float(match[1]) * _UNITS[match[2]] < _SMALLEST


def _is_quota_in_thousandths(path: Path, value: Any) -> bool:
    """Whether the rule platform-quota reports the amount."""
    return path[:2] == ("platform", "quotas") and str(value).endswith("m")


def _shown(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
