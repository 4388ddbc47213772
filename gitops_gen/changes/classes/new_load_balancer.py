"""Load balancers of AWS that are created or deleted."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.load_balancers import ALB, NLB, LoadBalancer, LoadBalancerChange
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference

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
_REPLACING = (
    f"{ALB}/load-balancer-name",
    f"{NLB}/aws-load-balancer-type",
    f"{NLB}/aws-load-balancer-name",
)
_REPLACED = "another load balancer, with another DNS name, replaces this one"


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    balancers = LoadBalancerChange.of(change, environment)
    if balancers is None:
        return
    if change.is_update:
        yield from _updated(balancers)
    if change.added is not None and balancers.after is not None:
        group = balancers.after.group
        shared = f", unless group {group} already has one" if group else ""
        yield NEW_LOAD_BALANCER.consequence(f"a load balancer is created{shared}")
    if change.removed is not None and balancers.before is not None:
        yield from _deleted(change, balancers.before, environment)


def _updated(balancers: LoadBalancerChange) -> Iterator[Consequence]:
    before, after = balancers.before, balancers.after
    if before is not None and after is not None:
        yield from _replaced(balancers, before, after)
    elif before is not None:
        message = f"the load balancer is deleted{_unless_shared(before)}"
        yield NEW_LOAD_BALANCER.consequence(message, balancers.cause)
    elif after is not None:
        yield NEW_LOAD_BALANCER.consequence("a load balancer is created", balancers.cause)


def _replaced(
    balancers: LoadBalancerChange, before: LoadBalancer, after: LoadBalancer
) -> Iterator[Consequence]:
    """Yields what gives the object another load balancer, and so another DNS name."""
    if before.ingress_class != after.ingress_class:
        names = f"{after.ingress_class or 'none'} instead of {before.ingress_class or 'none'}"
        message = f"IngressClass {names}: another load balancer, with another DNS name, serves it"
        yield NEW_LOAD_BALANCER.consequence(message, balancers.cause)
    if before.scheme != after.scheme:
        yield NEW_LOAD_BALANCER.consequence(_REPLACED, balancers.scheme_place)
    if before.group != after.group:
        of_group = f"the load balancer of group {after.group}" if after.group else "one of its own"
        message = f"the Ingress moves to {of_group}, with another DNS name"
        yield NEW_LOAD_BALANCER.consequence(message, balancers.annotation(f"{ALB}/group.name"))
    for name in _REPLACING:
        if before.annotations.get(name) != after.annotations.get(name):
            yield NEW_LOAD_BALANCER.consequence(_REPLACED, balancers.annotation(name))


def _deleted(
    change: ObjectDifference, balancer: LoadBalancer, environment: EnvironmentContext
) -> Iterator[Consequence]:
    item = change.removed
    if item is not None and environment.removal(item).is_deleted:
        shared = _unless_shared(balancer)
        of_item = "" if item.id == change.id else f" of {item.id}"
        yield NEW_LOAD_BALANCER.consequence(f"the load balancer{of_item} is deleted{shared}")


def _unless_shared(balancer: LoadBalancer) -> str:
    return f" if group {balancer.group} has no other Ingress" if balancer.group else ""
