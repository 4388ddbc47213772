"""A rehearsal without the secrets that stand in the manifests: servers quote what they refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gitops_gen.rehearse.manifests import Manifest
from gitops_gen.rehearse.result import Rehearsal
from gitops_gen.secrets.hidden import Hidden

# What it says of its fields are examples.
_EXAMPLES = "CustomResourceDefinition"


def masked(rehearsal: Rehearsal, manifests: Iterable[Manifest]) -> Rehearsal:
    """The rehearsal, in which no text quotes a secret of these manifests."""
    values = [item.value for item in manifests if item.object.kind != _EXAMPLES]
    found: Rehearsal = _masked(rehearsal, Hidden.of(values))
    return found


def _masked(value: Any, hidden: Hidden) -> Any:
    # Not of enumerations, which are texts too.
    if type(value) is str:
        return hidden.masked(value)
    if isinstance(value, tuple):
        return tuple(_masked(item, hidden) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: _masked(getattr(value, part.name), hidden) for part in fields(value)}
        return replace(value, **parts)
    return value
