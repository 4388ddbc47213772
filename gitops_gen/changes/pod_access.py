"""What Pods may do after a change that they could not do before.

The controls of the Pod Security Standards are applied to the Pods before and after the change. What
they find only afterwards is what the Pods gained.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.changes.context import EnvironmentContext, pod_spec
from gitops_gen.changes.definitions import first_of
from gitops_gen.changes.result import Certainty, ObjectDifference
from gitops_gen.changes.role_permissions import bound_roles, is_covered, permissions_of_bound
from gitops_gen.changes.trees import Objects
from gitops_gen.checks.baseline_controls import (
    BASELINE,
    BASELINE_CAPABILITIES,
    added_capabilities,
)
from gitops_gen.checks.pod_templates import Control, PodTemplate, Violation, named
from gitops_gen.checks.restricted_controls import (
    privilege_escalation,
    root_user,
    seccomp_profile,
)
from gitops_gen.model import ObjectId, Path, Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.list_types import pod_spec_path
from gitops_gen.objects.plain import as_list, as_map, value_at

ROLE_ARN = "eks.amazonaws.com/role-arn"
_OF_EVERY_POD = tuple(control for control in BASELINE if control is not added_capabilities)
"""The controls that matter for new workloads too: access to the node."""
_OF_CHANGED_PODS = (privilege_escalation, root_user, seccomp_profile)
_DEFAULT_CAPABILITIES = BASELINE_CAPABILITIES | {"NET_RAW"}
"""The capabilities that containerd gives to a container that drops none."""
_CONTEXT = "securityContext"
_MOUNTS_CREDENTIALS = "automountServiceAccountToken"


@dataclass(frozen=True, slots=True)
class GainedAccess:
    """One thing that Pods may do only after the change."""

    message: str
    place: FieldDifference | None
    certainty: Certainty = Certainty.EXACT


def gained_by_pods(change: ObjectDifference) -> Iterator[GainedAccess]:
    """Yields what the Pods and containers of a workload gained, for a new one on the node."""
    before, after = (
        PodTemplate.of(item) if item is not None else None for item in (change.before, change.after)
    )
    if after is None:
        return
    for control in (*_OF_EVERY_POD, *(_OF_CHANGED_PODS if before else ())):
        for violation in _only_after(control, before, after):
            yield GainedAccess(violation.text, _place(change, violation.path))
    yield from _of_containers(change, before, after)


def _only_after(
    control: Control, before: PodTemplate | None, after: PodTemplate
) -> Iterator[Violation]:
    """Yields what a control finds only after the change.

    If the Pods violated a control for changed Pods before, a container that is added and does so
    too gains nothing more.
    """
    texts_before = {one.text for one in control(before)} if before else set()
    added = tuple(f"{name} " for name in _names(after) - _names(before))
    is_expected = bool(texts_before) and control in _OF_CHANGED_PODS
    for violation in control(after):
        of_added = is_expected and violation.text.startswith(added)
        if violation.text not in texts_before and not of_added:
            yield violation


def _names(pod: PodTemplate | None) -> set[str]:
    return {named(path, container) for path, container in pod.containers} if pod else set()


def _place(change: ObjectDifference, path: Path) -> FieldDifference | None:
    """The changed field at, above or below a path, or else one with the same last name."""
    for one in change.fields:
        length = min(len(path), len(one.path.parts))
        if path[:length] == one.path.parts[:length]:
            return one
    names = [part for part in path if isinstance(part, str)]
    return next((one for one in change.fields if names[-1] in one.names), None)


def _of_containers(
    change: ObjectDifference, before: PodTemplate | None, after: PodTemplate
) -> Iterator[GainedAccess]:
    old = (
        {named(path, container): container for path, container in before.containers}
        if (before)
        else {}
    )
    for path, container in after.containers:
        name = named(path, container)
        existing = as_map(old.get(name))
        added = _capabilities(container) - _capabilities(existing)
        if added:
            message = f"{name} gets the capabilities {first_of(sorted(added))}"
            place = _place(change, (*path, _CONTEXT, "capabilities"))
            yield GainedAccess(message, place)
        if _is_read_only(existing) and not _is_read_only(container):
            place = _place(change, (*path, _CONTEXT, "readOnlyRootFilesystem"))
            yield GainedAccess(f"{name} may write to its root file system", place)


def _is_read_only(container: Values) -> bool:
    return value_at(container, _CONTEXT, "readOnlyRootFilesystem") is True


def _capabilities(container: Values) -> frozenset[str]:
    """The capabilities of a container: those that the runtime gives, without and with its own."""
    stated = as_map(value_at(container, _CONTEXT, "capabilities"))
    dropped, added = (set(map(str, as_list(stated.get(key)))) for key in ("drop", "add"))
    given = set() if "ALL" in dropped else _DEFAULT_CAPABILITIES - dropped
    return frozenset(given | added)


def gained_by_account(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[GainedAccess]:
    """Yields what the Pods may do with a token, or as another ServiceAccount than before."""
    if not change.is_update:
        return
    kind = change.id.group_kind
    before, after = (pod_spec(value, kind) for value in (change.old, change.new))
    old, new = _account(before), _account(after)
    if before.get(_MOUNTS_CREDENTIALS) is False and after.get(_MOUNTS_CREDENTIALS) is not False:
        place = _place(change, (*(pod_spec_path(kind) or ()), _MOUNTS_CREDENTIALS))
        yield GainedAccess(f"the Pods get a token of ServiceAccount {new}", place)
    if old != new:
        yield _of_account(change, old, new, environment)


def _of_account(
    change: ObjectDifference, old: str, new: str, environment: EnvironmentContext
) -> GainedAccess:
    kind = change.id.group_kind
    place = _place(change, (*(pod_spec_path(kind) or ()), "serviceAccountName"))
    lead = f"the Pods act as ServiceAccount {new} instead of {old}"
    found = list(_gained_roles(change.id.namespace, old, new, environment))
    found += _gained_iam_role(change.id.namespace, old, new, environment)
    if found:
        return GainedAccess(f"{lead}, which has {' and '.join(found)}", place)
    message = f"{lead}: an IAM role may be associated with it"
    return GainedAccess(message, place, Certainty.HEURISTIC)


def _account(specification: Values) -> str:
    stated = specification.get("serviceAccountName") or specification.get("serviceAccount")
    return str(stated or "default")


def _gained_roles(
    namespace: str, old: str, new: str, environment: EnvironmentContext
) -> Iterator[str]:
    """Yields the roles of the new account that permit more than those of the old one."""
    before = bound_roles(environment, environment.base, namespace, old)
    for role in sorted(bound_roles(environment, environment.head, namespace, new) - before):
        permitted = permissions_of_bound(environment.head, role)
        existing = [
            permission
            for one in before
            if one.namespace in ("", role.namespace)
            for permission in permissions_of_bound(environment.base, one) or ()
        ]
        if permitted is None or not all(is_covered(one, existing) for one in permitted):
            yield str(role)


def _gained_iam_role(
    namespace: str, old: str, new: str, environment: EnvironmentContext
) -> Iterator[str]:
    before = _iam_role(environment.base, namespace, old)
    after = _iam_role(environment.head, namespace, new)
    if after and after != before:
        yield f"the IAM role {after}"


def _iam_role(tree: Objects, namespace: str, account: str) -> str:
    item = tree.get(ObjectId("", "ServiceAccount", namespace, account))
    annotations = as_map(value_at(item.value, "metadata", "annotations")) if item else {}
    return str(annotations.get(ROLE_ARN) or "")
