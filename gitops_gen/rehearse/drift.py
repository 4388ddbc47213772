"""What stays OutOfSync after a sync, with the comparison that Argo CD itself has made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from gitops_gen.model import Values
from gitops_gen.objects.fields import differences
from gitops_gen.objects.reading import EnvironmentObjects
from gitops_gen.rehearse.bookkeeping import without_bookkeeping
from gitops_gen.rehearse.result import Drift, DriftField
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.status_resources import manifest_of, reference

DIFFERS = "differs from Git"
ABSENT = "is not in the cluster"
NOT_PRUNED = "is not in Git any more and is not pruned"
_LONGEST_VALUE = 200


def drift(
    applications: Mapping[str, Values],
    compared: Mapping[str, Sequence[Values]],
    tree: EnvironmentObjects,
    facts: RevisionFacts,
) -> tuple[Drift, ...]:
    """`compared` holds, by Application, how Argo CD compared each object the last time."""
    found = (
        _drift(name, resource, _comparison(compared.get(name, ()), resource), tree, facts)
        for name, value in applications.items()
        for resource in (value.get("status") or {}).get("resources") or ()
        if resource.get("status") == "OutOfSync"
    )
    return tuple(item for item in found if item is not None)


def _drift(
    component: str,
    resource: Values,
    comparison: Values | None,
    tree: EnvironmentObjects,
    facts: RevisionFacts,
) -> Drift | None:
    """None where only bookkeeping differs, such as the annotation that asks for a refresh."""
    fields = tuple(_fields(comparison)) if comparison else ()
    reason = _reason(resource, comparison)
    if reason == DIFFERS and comparison and not fields:
        return None
    subject = reference(resource)
    manifest = manifest_of(tree, subject.id)
    if manifest is None:
        return Drift(component, subject, reason, fields, None, facts.position(component))
    line = facts.line_behind(manifest, " ".join(str(field.path) for field in fields))
    return Drift(component, subject, reason, fields, manifest.file, line)


def _comparison(compared: Sequence[Values], resource: Values) -> Values | None:
    return next((item for item in compared if _key(item) == _key(resource)), None)


def _key(resource: Values) -> tuple[str, ...]:
    return tuple(resource.get(key) or "" for key in ("group", "kind", "namespace", "name"))


def _reason(resource: Values, comparison: Values | None) -> str:
    if resource.get("requiresPruning"):
        return NOT_PRUNED
    if comparison and comparison.get("liveState") in (None, "", "null"):
        return ABSENT
    return DIFFERS


def _fields(comparison: Values) -> Iterator[DriftField]:
    """The object as Argo CD predicts it after a sync, against the live object."""
    live = json.loads(comparison.get("normalizedLiveState") or "null")
    wanted = json.loads(comparison.get("predictedLiveState") or "null")
    if not live or not wanted:
        return
    for found in differences(without_bookkeeping(wanted), without_bookkeeping(live)):
        yield DriftField(found.path, _text(found.before), _text(found.after))


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
