"""The format for programs, which gitops_gen/report/changes/diff.schema.json describes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gitops_gen.changes.classes import change_classes
from gitops_gen.changes.result import (
    Acceptance,
    ChangeClass,
    ClassifiedChange,
    Comparison,
    Consequence,
    EnvironmentComparison,
    NotCompared,
    RemovalResult,
)
from gitops_gen.model import ObjectId
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.report.changes.shown import ShownValues

SCHEMA = Path(__file__).with_name("diff.schema.json")


def full_report(comparison: Comparison, colour: bool) -> str:
    del colour
    return json.dumps(document(comparison), indent=2) + "\n"


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain data, without secrets."""
    return {
        "format": 1,
        "base": comparison.base,
        "head": comparison.head,
        "complete": not comparison.is_incomplete,
        "notChecked": comparison.unchecked_because,
        "notes": list(comparison.notes),
        "environments": [_environment(one) for one in comparison.environments],
        "accepted": [_acceptance(one) for one in comparison.acceptances],
        "needlessAcceptances": [
            {**_acceptance(one), "problem": problem} for one, problem in comparison.needless
        ],
        "classes": [class_document(one) for one in change_classes()],
    }


def class_document(one: ChangeClass) -> dict[str, Any]:
    return {
        "id": one.id,
        "rank": one.rank,
        "title": one.title,
        "certainty": str(one.certainty),
        "why": one.why,
        "remedy": one.remedy,
        "link": one.link,
        "acceptable": one.acceptable,
    }


def _environment(environment: EnvironmentComparison) -> dict[str, Any]:
    return {
        "name": environment.name,
        "baseName": environment.base_name or environment.name,
        "state": environment.state or "kept",
        "notes": list(environment.notes),
        "notCompared": [_not_compared(one) for one in environment.not_compared],
        "notChecked": [_not_compared(one) for one in environment.not_checked],
        "changes": [_change(one) for one in environment.changes],
    }


def _not_compared(one: NotCompared) -> dict[str, str]:
    return {"subject": one.subject, "reason": one.reason}


def _change(change: ClassifiedChange) -> dict[str, Any]:
    difference = change.difference
    before, after = difference.before, difference.after
    shown = ShownValues(difference)
    return {
        "kind": str(difference.kind),
        "object": _object(difference.id, difference.item.api_version),
        "before": _object(before.id, before.api_version) if before else None,
        "component": difference.item.component,
        "file": difference.item.file,
        "fields": [_field(one, shown) for one in difference.fields],
        "unchangedFields": difference.unchanged,
        "consequences": [_consequence(one) for one in change.consequences],
        "removal": _removal(change.removal) if change.removal else None,
        "moved": bool(before and after and before.component != after.component),
    }


def _removal(removal: RemovalResult) -> dict[str, Any]:
    return {"deleted": removal.is_deleted, "reason": removal.reason}


def _object(identity: ObjectId, api_version: str) -> dict[str, str]:
    return {
        "apiVersion": api_version,
        "kind": identity.kind,
        "namespace": identity.namespace,
        "name": identity.name,
    }


def _field(found: FieldDifference, shown: ShownValues) -> dict[str, Any]:
    return {
        "path": str(found.path),
        "label": found.label,
        "before": shown.value(found, found.before),
        "after": shown.value(found, found.after),
        "reordered": found.reordered,
    }


def _consequence(one: Consequence) -> dict[str, Any]:
    return {
        "class": one.change_class.id,
        "certainty": str(one.certainty),
        "message": one.message,
        "field": one.at.label if one.at else None,
        "remedy": one.remedy,
        "link": one.change_class.link,
        "acceptable": one.acceptable,
        "accepted": _acceptance(one.accepted) if one.accepted else None,
    }


def _acceptance(one: Acceptance) -> dict[str, str]:
    return {
        "class": one.class_id,
        "object": one.object,
        "reason": one.reason,
        "commit": one.commit,
        "author": one.author,
    }
