"""Permissions and network access that become wider."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from gitops_gen.changes.context import (
    APP_PROJECT,
    NAMESPACE,
    EnvironmentContext,
)
from gitops_gen.changes.load_balancers import (
    ALB,
    INTERNET_FACING,
    SERVICE,
    LoadBalancerChange,
    has_public_group,
)
from gitops_gen.changes.networks import DIRECTIONS, gained, restricts
from gitops_gen.changes.pod_access import ROLE_ARN, gained_by_account, gained_by_pods
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.changes.role_permissions import BINDINGS, ROLES, is_covered, permissions_of
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.list_types import pod_spec_path
from gitops_gen.objects.plain import as_list, as_map, value_at

ACCESS = ChangeClass(
    "access",
    rank=5,
    title="Permissions or network access become wider",
    certainty=Certainty.EXACT,
    why="A Role, a NetworkPolicy, a Namespace, a Pod, a ServiceAccount, an AppProject or a load "
    "balancer permits what it did not permit before.",
    remedy="Permit only what is required: name the verbs, resources, peers and addresses, and keep "
    "the security context of Pods.",
)
_POLICY = ("networking.k8s.io", "NetworkPolicy")
_LEVEL = "pod-security.kubernetes.io/enforce"
_LEVELS = ("privileged", "baseline", "restricted")
_WAF = "the firewall AWS WAF no longer filters the requests"
_PROTECTING = {
    f"{ALB}/auth-type": "the load balancer no longer authenticates users",
    f"{ALB}/wafv2-acl-arn": _WAF,
    f"{ALB}/waf-acl-id": _WAF,
}
"""Annotations of an Ingress that limit who is admitted, with what happens without them."""
_PROJECT_LISTS = {
    "sourceRepos": "another repository",
    "destinations": "another destination",
    "clusterResourceWhitelist": "another cluster-scoped kind",
    "namespaceResourceWhitelist": "another kind",
}


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    kind = change.id.group_kind
    if kind in ROLES and change.after is not None:
        yield from _role(change)
    if kind in BINDINGS and change.after is not None:
        yield from _binding(change)
    if kind == _POLICY:
        yield from _policy(change, environment)
    if pod_spec_path(kind) and change.after is not None:
        yield from _pods(change, environment)
    yield from _load_balancer(change, environment)
    if change.is_update:
        yield from _update(change)


def _update(change: ObjectDifference) -> Iterator[Consequence]:
    kind = change.id.group_kind
    if kind == NAMESPACE:
        yield from _namespace(change)
    if kind == APP_PROJECT:
        yield from _project(change)
    if kind == SERVICE:
        yield from _node_ports(change)
    if kind == ("", "ServiceAccount"):
        for difference in change.below("metadata", "annotations", ROLE_ARN):
            if difference.after is not None:
                yield ACCESS.consequence("the Pods get another IAM role", difference)


def _role(change: ObjectDifference) -> Iterator[Consequence]:
    """Yields the permissions that only the new role has."""
    old, new = set(permissions_of(change.old)), set(permissions_of(change.new))
    place = next(change.below("rules"), None)
    for permission in sorted(one for one in new if not is_covered(one, old)):
        yield ACCESS.consequence(f"permits {permission}", place)


def _binding(change: ObjectDifference) -> Iterator[Consequence]:
    role = as_map(value_at(change.new, "roleRef"))
    old = {_subject(one) for one in as_list(value_at(change.old, "subjects"))}
    place = next(change.below("subjects"), None)
    for subject in as_list(value_at(change.new, "subjects")):
        if _subject(subject) not in old:
            message = f"{_subject(subject)} gets {role.get('kind')} {role.get('name')}"
            yield ACCESS.consequence(message, place)


def _subject(value: object) -> str:
    subject = as_map(value)
    namespace = f"{subject['namespace']}/" if subject.get("namespace") else ""
    return f"{subject.get('kind')} {namespace}{subject.get('name')}"


def _policy(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    removed = change.removed if change.after is None else None
    if removed is not None and _frees_pods(removed, environment):
        message = "the selected Pods accept traffic that the policy did not allow"
        yield ACCESS.consequence(message)
    if not change.is_update:
        return
    for direction in DIRECTIONS:
        if gained(change.old, change.new, direction):
            yield _gain(change, direction)
    for workload in environment.leaving(change):
        message = f"the policy no longer selects the Pods of {workload.id}, so that it does not "
        place = next(change.below("spec", "podSelector"), None)
        yield ACCESS.consequence(f"{message}restrict their traffic", place)


def _gain(change: ObjectDifference, direction: str) -> Consequence:
    if restricts(change.old, direction) and not restricts(change.new, direction):
        place = next(change.below("spec", "policyTypes"), None)
        return ACCESS.consequence(f"the policy no longer restricts {direction} traffic", place)
    place = next(change.below("spec", direction), None)
    return ACCESS.consequence(f"the policy allows other {direction} traffic than before", place)


def _frees_pods(policy: KubeObject, environment: EnvironmentContext) -> bool:
    """Whether Argo CD deletes the policy, but not all workloads whose Pods it selects."""
    if not environment.removal(policy).is_deleted:
        return False
    labels = as_map(value_at(policy.value, "spec", "podSelector", "matchLabels"))
    before, after = (
        environment.labelled(tree, policy.id.namespace, labels)
        for tree in (environment.base, environment.head)
    )
    return bool(after) or not before


def _namespace(change: ObjectDifference) -> Iterator[Consequence]:
    old, new = (
        as_map(value_at(one, "metadata", "labels")).get(_LEVEL, "privileged")
        for one in (change.old, change.new)
    )
    if old in _LEVELS and new in _LEVELS and _LEVELS.index(new) < _LEVELS.index(old):
        place = next(change.below("metadata", "labels", _LEVEL), None)
        yield ACCESS.consequence(f"Pod Security is lowered from {old} to {new}", place)


def _pods(change: ObjectDifference, environment: EnvironmentContext) -> Iterator[Consequence]:
    for gain in (*gained_by_pods(change), *gained_by_account(change, environment)):
        yield ACCESS.consequence(gain.message, gain.place, certainty=gain.certainty)


def _project(change: ObjectDifference) -> Iterator[Consequence]:
    """Yields the lists with an entry that the old list did not have, also if it replaces one."""
    for name, noun in _PROJECT_LISTS.items():
        old, new = (as_list(value_at(one, "spec", name)) for one in (change.old, change.new))
        if any(not any(_is_within(entry, old_entry) for old_entry in old) for entry in new):
            place = next((one for one in change.below("spec", name) if one.after is not None), None)
            yield ACCESS.consequence(f"the AppProject admits {noun}", place)


def _is_within(entry: object, pattern: object) -> bool:
    """Whether an entry of an AppProject is equal to another one, or matches its patterns."""
    if not isinstance(entry, dict) or not isinstance(pattern, dict):
        return fnmatchcase(str(entry), str(pattern))
    return entry.keys() == pattern.keys() and all(
        fnmatchcase(str(value), str(pattern[key])) for key, value in entry.items()
    )


def _load_balancer(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    found = LoadBalancerChange.of(change, environment)
    if found is None or found.after is None:
        return
    before, after = found.before, found.after
    was_public = (
        before.scheme == INTERNET_FACING
        if before is not None
        else has_public_group(environment, after.group)
    )
    if after.scheme == INTERNET_FACING and not was_public:
        place = found.scheme_place or found.cause
        yield ACCESS.consequence("the load balancer can be reached from the internet", place)
    elif before is None and after.is_service and change.is_update:
        message = "clients outside the cluster can reach the load balancer"
        yield ACCESS.consequence(message, found.cause)
    if before is not None and (more := after.admitted_only_here(before)):
        message = f"the load balancer admits {', '.join(more)}"
        yield ACCESS.consequence(message, found.networks_place)
    yield from _unprotected(found)


def _unprotected(found: LoadBalancerChange) -> Iterator[Consequence]:
    """Yields the annotations that limited who is admitted, and that are removed or changed."""
    before, after = found.before, found.after
    for name, message in _PROTECTING.items() if before and after else ():
        old, new = (as_map(one.annotations).get(name) for one in (before, after) if one)
        if old not in (None, "none") and new in (None, "none"):
            yield ACCESS.consequence(message, found.annotation(name))


def _node_ports(change: ObjectDifference) -> Iterator[Consequence]:
    old, new = (value_at(one, "spec", "type") for one in (change.old, change.new))
    if new == "NodePort" and old not in ("NodePort", "LoadBalancer"):
        place = next(change.below("spec", "type"), None)
        yield ACCESS.consequence("every node accepts requests for the Service", place)
