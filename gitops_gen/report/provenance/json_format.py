"""The format for programs. All fields and all lines are listed."""

from __future__ import annotations

import json
from typing import Any

from gitops_gen.model import FieldPath, ObjectId, Position
from gitops_gen.provenance import Difference, Line, Origin, Unknown, ValueExplanation, WrittenValue


def value(explanation: ValueExplanation) -> str:
    return _document(
        environment=explanation.environment,
        path=str(FieldPath(explanation.path)),
        value=_written(explanation.final),
        overridden=[_written(one) for one in explanation.overridden],
        default=_written(explanation.default),
        description=explanation.description,
        reaches=[_difference(one) for one in explanation.reach.differences],
        unknown=[_unknown(one) for one in explanation.reach.unknown],
    )


def field(environment: str, origin: Origin) -> str:
    return _document(
        environment=environment,
        object=_object(origin.object),
        field=str(origin.field),
        lines=[_line(line) for line in origin.lines],
        unknown=[_unknown(one) for one in origin.unknown],
    )


def _document(**parts: Any) -> str:
    return json.dumps(parts, indent=2, ensure_ascii=False) + "\n"


def _written(written: WrittenValue | None) -> dict[str, Any] | None:
    """A value that may be a secret is null, with `shown: false`."""
    if written is None:
        return None
    return {**_position(written.position), "value": written.value, "shown": written.is_shown}


def _position(position: Position) -> dict[str, Any]:
    return {"file": position.file, "line": position.line, "column": position.column}


def _object(identity: ObjectId) -> dict[str, str]:
    return {
        "group": identity.group,
        "kind": identity.kind,
        "namespace": identity.namespace,
        "name": identity.name,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    path, effect = str(FieldPath(difference.path)), difference.effect.value
    return {"object": _object(difference.object), "field": path, "effect": effect}


_EFFECTS = ("field", "container", "object")


def _line(line: Line) -> dict[str, Any]:
    return {
        **_position(line.position),
        "path": str(FieldPath(line.path)),
        "of": "key" if line.of_key else "value",
        "layer": line.layer.name.lower(),
        "changes": _EFFECTS[line.distance],
    }


def _unknown(unknown: Unknown) -> dict[str, Any]:
    line = unknown.line
    place = {**_position(line.position), "path": str(FieldPath(line.path))}
    return {**place, "layer": line.layer.name.lower(), "reason": unknown.reason}
