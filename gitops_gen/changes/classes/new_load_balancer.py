"""Load balancers of AWS that are created or deleted."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.load_balancers import (
    ALB,
    NLB,
    LoadBalancer,
    LoadBalancerChange,
    is_kept_by_group,
)
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.model import ObjectId
from gitops_gen.objects.fields import FieldDifference

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
        yield from _created(change.id, balancers.after, environment)
    if change.removed is not None and balancers.before is not None:
        yield from _deleted(change, balancers.before, environment)


def _created(
    item: ObjectId, balancer: LoadBalancer, environment: EnvironmentContext
) -> Iterator[Consequence]:
    if is_kept_by_group(item, balancer, environment):
        return
    shared = f", unless group {balancer.group} already has one" if balancer.group else ""
    yield NEW_LOAD_BALANCER.consequence(
        f"a load balancer is created{shared}", afterwards=_set_names(item)
    )


def _updated(balancers: LoadBalancerChange) -> Iterator[Consequence]:
    before, after = balancers.before, balancers.after
    if before is not None and after is not None:
        yield from _replaced(balancers, before, after)
    elif before is not None:
        message = f"the load balancer is deleted{_unless_shared(before)}"
        step = _remove_names(balancers.change.id)
        yield NEW_LOAD_BALANCER.consequence(message, balancers.cause, afterwards=step)
    elif after is not None:
        step = _set_names(balancers.change.id)
        yield NEW_LOAD_BALANCER.consequence(
            "a load balancer is created", balancers.cause, afterwards=step
        )


def _replaced(
    balancers: LoadBalancerChange, before: LoadBalancer, after: LoadBalancer
) -> Iterator[Consequence]:
    """Yields what gives the object another load balancer, and so another DNS name."""
    step = _set_names(balancers.change.id)
    for message, place in _replacements(balancers, before, after):
        yield NEW_LOAD_BALANCER.consequence(message, place, afterwards=step)


def _replacements(
    balancers: LoadBalancerChange, before: LoadBalancer, after: LoadBalancer
) -> Iterator[tuple[str, FieldDifference | None]]:
    if before.ingress_class != after.ingress_class:
        names = f"{after.ingress_class or 'none'} instead of {before.ingress_class or 'none'}"
        message = f"IngressClass {names}: another load balancer, with another DNS name, serves it"
        yield message, balancers.cause
    if before.scheme != after.scheme:
        yield _REPLACED, balancers.scheme_place
    if before.group != after.group:
        of_group = f"the load balancer of group {after.group}" if after.group else "one of its own"
        message = f"the Ingress moves to {of_group}, with another DNS name"
        yield message, balancers.annotation(f"{ALB}/group.name")
    for name in _REPLACING:
        if before.annotations.get(name) != after.annotations.get(name):
            yield _REPLACED, balancers.annotation(name)


def _deleted(
    change: ObjectDifference, balancer: LoadBalancer, environment: EnvironmentContext
) -> Iterator[Consequence]:
    item = change.removed
    if item is None or is_kept_by_group(item.id, balancer, environment):
        return
    if environment.removal(item).is_deleted:
        of_item = "" if item.id == change.id else f" of {item.id}"
        yield NEW_LOAD_BALANCER.consequence(
            f"the load balancer{of_item} is deleted{_unless_shared(balancer)}",
            afterwards=_remove_names(item.id),
        )


def _unless_shared(balancer: LoadBalancer) -> str:
    return f" if group {balancer.group} has no other Ingress" if balancer.group else ""


def _set_names(item: ObjectId) -> str:
    name = quote(f"{item.kind.lower()}/{item.name}")
    command = f"kubectl -n {quote(item.namespace)} get {name}"
    return (
        f"Point the DNS names at the load balancer of {item}, unless external-dns does so: "
        f"`{command}` prints its address"
    )


def _remove_names(item: ObjectId) -> str:
    return f"Remove the DNS names that point at the load balancer of {item}"
