"""For programs: the result as it is, its fields by their names; positions as file, line, column.

`good` says whether it found nothing that speaks against merging.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from gitops_gen.model import FieldPath
from gitops_gen.rehearse.result import ObjectReference, Rehearsal


def told(rehearsal: Rehearsal) -> str:
    document = {"good": rehearsal.good, **_plain(rehearsal)}
    document["versions"] = dict(rehearsal.versions)
    return json.dumps(document, indent=2) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, ObjectReference):
        return _object(value)
    if isinstance(value, FieldPath):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    return value


def _object(reference: ObjectReference) -> dict[str, str]:
    """As a manifest names it."""
    identity = reference.id
    names = {"namespace": identity.namespace, "name": identity.name}
    return {"api_version": reference.api_version, "kind": identity.kind, **names}
