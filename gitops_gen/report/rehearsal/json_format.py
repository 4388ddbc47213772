"""The format for programs: the document of findings of all commands, with the whole result.

The keys of the result are its field names; a position has file, line and column. `good` is true if
the rehearsal has no finding that is an error. If a rehearsal is refused before it begins, the
document has only the findings.
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
    """Returns the reference with the field names of a manifest."""
    identity = reference.id
    names = {"namespace": identity.namespace, "name": identity.name}
    return {"api_version": reference.api_version, "kind": identity.kind, **names}
