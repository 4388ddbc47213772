"""A rehearsal without the secrets of the manifests: servers quote what they refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.rehearse.result import Rehearsal
from gitops_gen.secrets.hidden import Hidden

# The values in its schema are examples.
_KIND_WITH_EXAMPLES = "CustomResourceDefinition"


def masked(rehearsal: Rehearsal, objects: Iterable[KubeObject]) -> Rehearsal:
    """The rehearsal, in which no text quotes a secret of these objects."""
    values = [item.value for item in objects if item.id.kind != _KIND_WITH_EXAMPLES]
    result: Rehearsal = _masked(rehearsal, Hidden.of(values))
    return result


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
