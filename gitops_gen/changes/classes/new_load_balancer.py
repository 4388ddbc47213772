"""Load balancers of AWS that are created or deleted."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.model import Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

NEW_LOAD_BALANCER = ChangeClass(
    "new-load-balancer",
    rank=6,
    title="A load balancer is created or deleted",
    certainty=Certainty.RULE,
    why="AWS cannot change some properties of a load balancer. The AWS Load Balancer Controller "
    "then creates another one, with another DNS name, and deletes the old one.",
    remedy="Let DNS names follow the new load balancer. To keep the old one until then, add a "
    "second Ingress, and remove the first one later.",
)
INGRESS = ("networking.k8s.io", "Ingress")
SERVICE = ("", "Service")
_ALB = "alb.ingress.kubernetes.io"
_NLB = "service.beta.kubernetes.io"
_REPLACING = (
    f"{_ALB}/scheme",
    f"{_ALB}/group.name",
    f"{_ALB}/load-balancer-name",
    f"{_NLB}/aws-load-balancer-scheme",
    f"{_NLB}/aws-load-balancer-type",
    f"{_NLB}/aws-load-balancer-name",
    f"{_NLB}/aws-load-balancer-internal",
)
_ALB_CLASS = "alb"
_DEFAULT_SCHEME = "internal"


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    if change.id.group_kind not in (INGRESS, SERVICE):
        return
    if change.is_update:
        yield from _replaced(change)
    if change.added is not None and _has_one(change.new, change):
        group = _annotations(change.new).get(f"{_ALB}/group.name")
        shared = f", unless group {group} already has one" if group else ""
        yield NEW_LOAD_BALANCER.consequence(f"a load balancer is created for {change.id}{shared}")
    if change.removed is not None and _has_one(change.old, change):
        yield from _deleted(change.removed, environment)


def _replaced(change: ObjectDifference) -> Iterator[Consequence]:
    old, new = _has_one(change.old, change), _has_one(change.new, change)
    if old != new:
        event = "is created" if new else "is deleted"
        yield NEW_LOAD_BALANCER.consequence(f"a load balancer {event}", _place(change, "spec"))
        return
    before, after = _annotations(change.old), _annotations(change.new)
    for name in _REPLACING if new else ():
        default = _DEFAULT_SCHEME if name.endswith("scheme") else None
        first, second = before.get(name, default), after.get(name, default)
        if first != second:
            yield NEW_LOAD_BALANCER.consequence(
                "another load balancer, with another DNS name, replaces this one",
                _place(change, "metadata", "annotations", name),
            )


def _deleted(item: KubeObject, environment: EnvironmentContext) -> Iterator[Consequence]:
    removal = environment.removal(item)
    if removal.is_deleted:
        group = _annotations(item.value).get(f"{_ALB}/group.name")
        shared = f" if group {group} has no other Ingress" if group else ""
        yield NEW_LOAD_BALANCER.consequence(f"the load balancer of {item.id} is deleted{shared}")


def _has_one(value: Values, change: ObjectDifference) -> bool:
    """Whether the object makes a controller create a load balancer."""
    if change.id.group_kind == SERVICE:
        return bool(value_at(value, "spec", "type") == "LoadBalancer")
    old_form = _annotations(value).get("kubernetes.io/ingress.class")
    named = value_at(value, "spec", "ingressClassName") or old_form
    is_annotated = any(name.startswith(f"{_ALB}/") for name in _annotations(value))
    return is_annotated or str(named) == _ALB_CLASS


def _annotations(value: Values) -> dict[str, object]:
    return as_map(value_at(value, "metadata", "annotations"))


def _place(change: ObjectDifference, *names: str) -> FieldDifference | None:
    return next(change.below(*names), None)
