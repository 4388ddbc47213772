"""The rules of the API server, and how the answers of apicheck become problems of an object."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.apicheck import Change, Fault, Life, NormalForm, ObjectValidation
from gitops_gen.apicheck.message_fields import message_fields
from gitops_gen.checks.api import normal_form
from gitops_gen.model import FieldPath, ObjectId, Rule, Severity
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at
from gitops_gen.rule_registry import defined_in

REFUSED = Rule(
    "api-refused",
    title="The API server accepts every rendered object",
    why="The sync of an Application fails at an object that the API server refuses. The values are "
    "valid, but what they render to breaks a rule of Kubernetes.",
    remedy="Change the value that the message quotes. If a repository chart renders the object, "
    "correct its values or its template.",
)
REMOVED = Rule(
    "api-removed",
    title="The cluster's version of Kubernetes serves every rendered kind",
    why="The sync of an Application fails at an object whose API version the API server does not "
    "serve.",
    remedy="Render the object in the API version that the message names.",
)
DEPRECATED = Rule(
    "api-deprecated",
    title="No rendered object uses a deprecated API version",
    why="After an upgrade of the cluster, the API server no longer serves the API version, and the "
    "sync fails. The rule considers the version of the cluster and the next two.",
    remedy="Render the object in the API version that the message names. If the cluster will not "
    "be upgraded to a version without it, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)
NORMAL_FORM = Rule(
    "api-normal-form",
    title="The API server stores every rendered field",
    why="If the API server drops a field or stores another value, the field has no effect, and "
    "Argo CD shows the object as OutOfSync permanently. Differences that Argo CD does not show, "
    "such as `1000m` instead of `1`, are no finding.",
    remedy="Remove the field, or write the value that the API server stores. The API server drops "
    "fields that the cluster's version of Kubernetes does not support yet. If the difference is "
    "intended, for example because the Application ignores it, excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
)

_NOT_SERVED = "NotServed"
_SERVED_STATES = frozenset({"served", "deprecated"})
_MOST_FIELDS = 10
"""The number of findings of one rule about one object; the last one counts the remaining."""


@dataclass(frozen=True, slots=True)
class ApiProblem:
    """What is wrong with one object. `line` is the line of its manifest, if that is known."""

    rule: Rule
    text: str
    line: int | None = None
    field: FieldPath | None = None


def api_rules() -> frozenset[Rule]:
    return frozenset(defined_in(sys.modules[__name__]))


def excusable_rules() -> frozenset[Rule]:
    return frozenset(rule for rule in api_rules() if rule.excusable)


def of_validation(
    item: KubeObject, identity: ObjectId, answer: ObjectValidation
) -> Iterator[ApiProblem]:
    """Yields one problem for each field that the API server refuses."""
    for fault in answer.faults[:_MOST_FIELDS]:
        if fault.reason == _NOT_SERVED:
            yield ApiProblem(REMOVED, f"{identity}: {fault.message}")
        else:
            text = f"the API server refuses {identity}: {_with_field(fault)}"
            yield ApiProblem(REFUSED, text, fault.line, _refused_field(item, fault))
    yield from _remaining(REFUSED, identity, len(answer.faults))


def _refused_field(item: KubeObject, fault: Fault) -> FieldPath | None:
    """Returns the field of the manifest that the message is about, or what would contain it."""
    found = message_fields(f"{fault.path}: {fault.message}", item.value, None)
    path = found[0].parts if found else fault.path.parts
    while len(path) > 1 and value_at(item.value, *path) is None:
        path = path[:-1]
    return FieldPath(path) if len(path) > 1 else None


def of_normal_form(
    item: KubeObject, identity: ObjectId, answer: NormalForm
) -> Iterator[ApiProblem]:
    """Yields one problem for each field that the API server stores differently."""
    changes = [
        change
        for change in answer.changes
        if normal_form.is_visible(change, identity, item.value, answer.object)
    ]
    for change in changes[:_MOST_FIELDS]:
        text = f"{identity}: {_change(change)}"
        yield ApiProblem(NORMAL_FORM, text, field=change.path)
    yield from _remaining(NORMAL_FORM, identity, len(changes))


def of_life(identity: ObjectId, api_version: str, life: Life) -> Iterator[ApiProblem]:
    """Yields a problem if this version serves the API version, but a later one may not."""
    later = [state for state in life.states if state.state not in ("served", "unknown")]
    if not later or life.states[0].state not in _SERVED_STATES:
        return
    reason = life.message or f"it is {later[0].state} in Kubernetes {later[0].kubernetes}"
    yield ApiProblem(DEPRECATED, f"{identity}: {api_version} {identity.kind}: {reason}")


def _with_field(fault: Fault) -> str:
    field = str(fault.path)
    return f"{field}: {fault.message}" if field and field not in fault.message else fault.message


def _change(change: Change) -> str:
    if change.dropped:
        text = f"the API server drops {change.path}, which is {change.before}"
        return f"{text}, without an error; remove it"
    before, after = change.before, change.after
    return f"the API server stores {change.path} as {after}, not as {before}; write {after}"


def _remaining(rule: Rule, identity: ObjectId, number: int) -> Iterator[ApiProblem]:
    if number > _MOST_FIELDS:
        yield ApiProblem(rule, f"{identity}: {number - _MOST_FIELDS} more fields of this kind")
