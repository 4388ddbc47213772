"""Permissions and network access that become wider."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from gitops_gen.changes.context import (
    APP_PROJECT,
    NAMESPACE,
    EnvironmentContext,
    containers,
    pod_spec,
)
from gitops_gen.changes.networks import (
    CIDRS,
    DIRECTIONS,
    gained,
    load_balancer_networks,
    restricts,
)
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.components.kinds import RBAC
from gitops_gen.model import Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.list_types import pod_spec_path
from gitops_gen.objects.plain import as_list, as_map, value_at

ACCESS = ChangeClass(
    "access",
    rank=5,
    title="Permissions or network access become wider",
    certainty=Certainty.EXACT,
    why="A Role, a NetworkPolicy, a Namespace, a Pod, an AppProject or a load balancer permits "
    "what it did not permit before.",
    remedy="Permit only what is required: name the verbs, resources, peers and addresses.",
)
_ROLES = ((RBAC, "Role"), (RBAC, "ClusterRole"))
_BINDINGS = ((RBAC, "RoleBinding"), (RBAC, "ClusterRoleBinding"))
_POLICY = ("networking.k8s.io", "NetworkPolicy")
_LEVEL = "pod-security.kubernetes.io/enforce"
_LEVELS = ("privileged", "baseline", "restricted")
_HOST = ("hostNetwork", "hostPID", "hostIPC")
_ROLE_ARN = "eks.amazonaws.com/role-arn"
_SCHEME = "alb.ingress.kubernetes.io/scheme"
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
    if kind in _ROLES and change.after is not None:
        yield from _role(change)
    if kind in _BINDINGS and change.after is not None:
        yield from _binding(change)
    if kind == _POLICY:
        yield from _policy(change, environment)
    if pod_spec_path(kind) and change.after is not None:
        yield from _pod(change)
    if change.is_update:
        yield from _update(change)


def _update(change: ObjectDifference) -> Iterator[Consequence]:
    kind = change.id.group_kind
    if kind == NAMESPACE:
        yield from _namespace(change)
    if kind == APP_PROJECT:
        yield from _project(change)
    if kind == ("networking.k8s.io", "Ingress"):
        yield from _load_balancer(change)
    if kind == ("", "ServiceAccount"):
        for difference in change.below("metadata", "annotations", _ROLE_ARN):
            if difference.after is not None:
                yield ACCESS.consequence("the Pods get another IAM role", difference)


def _role(change: ObjectDifference) -> Iterator[Consequence]:
    """Yields the permissions that only the new role has."""
    old, new = set(_permissions(change.old)), set(_permissions(change.new))
    added = sorted(permission for permission in new if not _covered(permission, old))
    place = next(change.below("rules"), None)
    for group, resource, verb in added:
        named = f"{resource}.{group}" if group else resource
        yield ACCESS.consequence(f"permits the verb {verb} for {named}", place)


_Permission = tuple[str, str, str]


def _permissions(role: Values) -> Iterator[_Permission]:
    """Yields API group, resource (with the allowed names) and verb of each permission."""
    for rule in map(as_map, as_list(role.get("rules"))):
        names = ",".join(sorted(map(str, as_list(rule.get("resourceNames")))))
        suffix = f"[{names}]" if names else ""
        resources = [f"{one}{suffix}" for one in as_list(rule.get("resources"))]
        groups = list(map(str, as_list(rule.get("apiGroups")))) or [""]
        urls = list(map(str, as_list(rule.get("nonResourceURLs"))))
        for verb in map(str, as_list(rule.get("verbs"))):
            yield from ((group, resource, verb) for group in groups for resource in resources)
            yield from (("", url, verb) for url in urls)


def _covered(permission: _Permission, existing: set[_Permission]) -> bool:
    group, resource, verb = permission
    kind = resource.partition("[")[0]
    return any(
        old_group in (group, "*") and old in (resource, kind, "*") and old_verb in (verb, "*")
        for old_group, old, old_verb in existing
    )


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


def _pod(change: ObjectDifference) -> Iterator[Consequence]:
    kind = change.id.group_kind
    old, new = pod_spec(change.old, kind), pod_spec(change.new, kind)
    for name in _HOST:
        if new.get(name) is True and old.get(name) is not True:
            yield ACCESS.consequence(f"the Pods use {name}", _ending_in(change, name))
    old_paths = set(_host_paths(old))
    for path in _host_paths(new):
        if path not in old_paths:
            message = f"the Pods mount {path} of the node"
            yield ACCESS.consequence(message, _ending_in(change, "volumes"))
    before = {one.get("name"): one for one in containers(change.old, kind)}
    for container in containers(change.new, kind):
        yield from _container(change, as_map(before.get(container.get("name"))), container)


def _host_paths(spec: Values) -> Iterator[str]:
    for volume in map(as_map, as_list(spec.get("volumes"))):
        path = value_at(volume, "hostPath", "path")
        if path is not None:
            yield str(path)


def _container(
    change: ObjectDifference, before: Values, container: Values
) -> Iterator[Consequence]:
    old, new = (as_map(one.get("securityContext")) for one in (before, container))
    name = container.get("name")
    if new.get("privileged") is True and old.get("privileged") is not True:
        place = _ending_in(change, "privileged")
        yield ACCESS.consequence(f"container {name} is privileged", place)
    was_limited = bool(before) and old.get("allowPrivilegeEscalation") is False
    if was_limited and new.get("allowPrivilegeEscalation") is not False:
        place = _ending_in(change, "allowPrivilegeEscalation")
        yield ACCESS.consequence(f"container {name} may get more privileges", place)
    added = _capabilities(new) - _capabilities(old)
    if added:
        message = f"container {name} gets the capabilities {', '.join(sorted(added))}"
        yield ACCESS.consequence(message, _ending_in(change, "capabilities"))


def _capabilities(context: Values) -> set[str]:
    return set(map(str, as_list(value_at(context, "capabilities", "add"))))


def _ending_in(change: ObjectDifference, name: str) -> FieldDifference | None:
    return next((one for one in change.fields if name in one.names), None)


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


def _load_balancer(change: ObjectDifference) -> Iterator[Consequence]:
    old, new = (
        as_map(value_at(one, "metadata", "annotations")) for one in (change.old, change.new)
    )
    public = "internet-facing"
    if new.get(_SCHEME) == public and old.get(_SCHEME) != public:
        place = next(change.below("metadata", "annotations", _SCHEME), None)
        yield ACCESS.consequence("the load balancer can be reached from the internet", place)
    if more := load_balancer_networks(change.old, change.new):
        place = next(change.below("metadata", "annotations", CIDRS), None)
        yield ACCESS.consequence(f"the load balancer admits {', '.join(more)}", place)
