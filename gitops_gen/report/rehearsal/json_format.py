"""For programs: the document of findings that every command prints, and the whole result in it.

The fields of the result have their names; positions are file, line and column. `good` says whether
the rehearsal found nothing that speaks against merging. A rehearsal that was refused before it
began has the findings alone.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from gitops_gen.model import FieldPath
from gitops_gen.rehearse.result import ObjectReference, Rehearsal
from gitops_gen.report.json_format import document
from gitops_gen.report.rehearsal import checked


def full_report(rehearsal: Rehearsal) -> str:
    result = {**_plain(rehearsal), "versions": dict(rehearsal.versions)}
    whole = {"good": rehearsal.good, **document(checked(rehearsal)), **result}
    return json.dumps(whole, indent=2) + "\n"


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
