"""The changes as plain data, which the script of the HTML page turns into rows.

The same changes of several environments are one group, so that they are in the page once. All texts
are printable, and no value is a secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from gitops_gen.changes.classes import REFUSED, change_classes
from gitops_gen.changes.environments import NEW
from gitops_gen.changes.result import (
    Acceptance,
    Certainty,
    ClassifiedChange,
    Comparison,
    Consequence,
    DifferenceKind,
    ObjectDifference,
)
from gitops_gen.model import FieldPath, printable
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.report.changes.comment_lists import changed_chart
from gitops_gen.report.changes.definition_lines import definition_lines
from gitops_gen.report.changes.shown import ShownValues
from gitops_gen.report.changes.text_format import heading, listed_fields, remains
from gitops_gen.report.changes.value_rows import value_rows

Json: TypeAlias = dict[str, Any]

MOST_FIELDS = 200
"""The most fields of one object that are in the page without a consequence."""
_LEAST_DANGEROUS = len(change_classes()) + 1
_Group: TypeAlias = tuple[str, tuple[int, ...]]
"""The state of environments, and their numbers."""


def page_data(comparison: Comparison) -> Json:
    """Returns the environments, the classes that were found, and the changes in groups."""
    groups = [_group(group, texts) for group, texts in _grouped(comparison).items()]
    groups.sort(key=lambda group: (_rank(group), -len(group["environments"])))
    return {
        "environments": [printable(one.name) for one in comparison.environments],
        "classes": _classes(groups),
        "groups": groups,
    }


def _classes(groups: Iterable[Json]) -> list[Json]:
    """Returns the classes of all changes, the most dangerous first."""
    found = {one["class"] for group in groups for c in group["changes"] for one in c["effects"]}
    return [{"id": one.id, "title": one.title} for one in change_classes() if one.id in found]


# Groups


def _grouped(comparison: Comparison) -> dict[_Group, list[str]]:
    """Returns the changes as JSON texts, by the environments that have them."""
    environments: dict[tuple[str, str], list[int]] = {}
    for number, environment in enumerate(comparison.environments):
        for change in environment.changes:
            text = json.dumps(change_data(change, environment.state))
            environments.setdefault((environment.state, text), []).append(number)
    groups: dict[_Group, list[str]] = {}
    for (state, text), numbers in environments.items():
        groups.setdefault((state, tuple(dict.fromkeys(numbers))), []).append(text)
    return groups


def _group(group: _Group, texts: Sequence[str]) -> Json:
    """Returns a group; the components with the most dangerous changes are the first ones."""
    state, environments = group
    changes = [json.loads(text) for text in texts]
    ranks: dict[str, int] = {}
    for one in changes:
        ranks[one["component"]] = min(one["rank"], ranks.get(one["component"], _LEAST_DANGEROUS))
    changes.sort(key=lambda one: (ranks[one["component"]], one["component"], one["rank"]))
    return {"environments": list(environments), "state": state, "changes": changes}


def _rank(group: Json) -> int:
    ranks: list[int] = [change["rank"] for change in group["changes"]]
    return min(ranks)


# Changes


def change_data(change: ClassifiedChange, state: str) -> Json:
    """Returns a change with its fields and effects, in which no environment is named.

    `state` is that of the environment. Nothing runs yet in a new one, so that only refusals are
    dangers.
    """
    difference = change.difference
    fields = _fields(change)
    effects = [_effect(one, fields, state == NEW) for one in change.consequences]
    return {
        "component": printable(difference.item.component),
        "kind": str(difference.kind),
        "title": printable(heading(difference)),
        "chart": printable(changed_chart(difference)),
        "rank": min((one["rank"] for one in effects), default=_LEAST_DANGEROUS),
        "effects": effects,
        "notes": [*filter(None, [remains(change, state)]), *definition_lines(difference)],
        "fields": _field_data(difference, fields),
        "unlisted": len(difference.fields) - len(fields) if _is_compared(difference) else 0,
        "unchanged": difference.unchanged,
    }


def _is_compared(difference: ObjectDifference) -> bool:
    return difference.kind in (DifferenceKind.CHANGED, DifferenceKind.RENAMED)


def _fields(change: ClassifiedChange) -> list[FieldDifference]:
    """Returns the changed fields; for an added or removed object, all of it is one field."""
    difference = change.difference
    if _is_compared(difference):
        return listed_fields(difference, change.consequences, MOST_FIELDS)
    return [FieldDifference(FieldPath(), difference.old or None, difference.new or None)]


def _field_data(difference: ObjectDifference, fields: Iterable[FieldDifference]) -> list[Json]:
    shown = ShownValues(difference)
    return [
        {
            "label": printable(found.label),
            "reordered": found.reordered,
            "rows": value_rows(shown.value(found, found.before), shown.value(found, found.after)),
        }
        for found in fields
    ]


# Effects


def _effect(one: Consequence, fields: Sequence[FieldDifference], is_new: bool) -> Json:
    """Returns an effect; `field` is the number of the field that causes it, or -1."""
    return {
        "class": one.change_class.id,
        "danger": _is_danger(one, is_new),
        "rank": _LEAST_DANGEROUS if one.accepted else one.change_class.rank,
        "probably": one.certainty is Certainty.HEURISTIC,
        "text": printable(one.message),
        "remedy": printable(one.remedy),
        "accepted": accepted_by(one.accepted),
        "field": fields.index(one.at) if one.at in fields else -1,
    }


def _is_danger(one: Consequence, is_new: bool) -> bool:
    """Whether it is a danger that nobody has accepted."""
    matters = not is_new or one.change_class.id == REFUSED
    return one.accepted is None and one.change_class.is_danger and matters


def accepted_by(acceptance: Acceptance | None) -> str:
    """Returns the reason of an acceptance, and who gave it; empty if nothing is accepted."""
    if acceptance is None:
        return ""
    place = f"commit {acceptance.commit[:7]} of {acceptance.author}"
    return printable(f"{acceptance.reason} ({place})")
