"""The format for programs, which diff-environments.schema.json in this folder describes."""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import Any

from gitops_gen.changes.between_environments import (
    ComparedPart,
    ComparedValue,
    DeclaredDifference,
    EnvironmentsCompared,
)
from gitops_gen.model import Path, dotted
from gitops_gen.report.changes.shown import HIDDEN, ShownValues

SCHEMA = File(__file__).with_name("diff-environments.schema.json")


def full_report(compared: EnvironmentsCompared) -> str:
    return json.dumps(document(compared), indent=2) + "\n"


def document(compared: EnvironmentsCompared) -> dict[str, Any]:
    """The differences as plain data, without secrets."""
    return {
        "format": 1,
        "from": compared.base,
        "to": compared.head,
        "complete": not compared.is_incomplete,
        "notChecked": compared.unchecked_because,
        "notCompared": [
            {"subject": one.subject, "reason": one.reason} for one in compared.not_compared
        ],
        "notes": list(compared.notes),
        "declared": [_declared(one) for one in compared.declared],
        "declaredBySeveralValues": [_part(one) for one in compared.by_several_values],
        "fromTheNames": [_part(one) for one in compared.by_name],
        "accidental": [_part(one) for one in compared.accidental],
    }


def _declared(one: DeclaredDifference) -> dict[str, Any]:
    path = one.value.path
    return {
        "value": dotted(path),
        "before": _value(path, one.value.before),
        "after": _value(path, one.value.after),
        "effectKnown": one.is_known,
        "differences": [_part(part) for part in one.parts],
    }


def _value(path: Path, value: ComparedValue) -> dict[str, Any]:
    place = value.position
    return {
        "set": value.is_set,
        "value": _without_secrets(path, value.value, value),
        "file": place.file if place else None,
        "line": place.line if place else None,
    }


def _without_secrets(path: Path, value: object, written: ComparedValue) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets((*path, key), v, written) for key, v in value.items()}
    if isinstance(value, list):
        return [_without_secrets((*path, n), item, written) for n, item in enumerate(value)]
    if not written.hidden.shows(path, value):
        return HIDDEN
    return written.hidden.masked(value, path) if isinstance(value, str) else value


def _part(part: ComparedPart) -> dict[str, Any]:
    difference, found = part.difference, part.field
    shown = ShownValues(difference)
    item = difference.item
    return {
        "kind": str(difference.kind),
        "object": {
            "apiVersion": item.api_version,
            "kind": item.id.kind,
            "namespace": item.id.namespace,
            "name": item.id.name,
        },
        "file": item.file,
        "field": found.label if found else None,
        "before": shown.value(found, found.before) if found else None,
        "after": shown.value(found, found.after) if found else None,
    }
