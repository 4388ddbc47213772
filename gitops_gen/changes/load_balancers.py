"""The load balancers of AWS that an Ingress or a Service makes a controller create."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.networks import contains_network
from gitops_gen.changes.result import ObjectDifference
from gitops_gen.changes.trees import Objects
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at

INGRESS = ("networking.k8s.io", "Ingress")
SERVICE = ("", "Service")
INTERNET_FACING = "internet-facing"
ALB = "alb.ingress.kubernetes.io"
NLB = "service.beta.kubernetes.io"
_INTERNAL = f"{NLB}/aws-load-balancer-internal"
"""The older form of the annotation for the scheme of a Service."""
_CLASS = "kubernetes.io/ingress.class"
_INGRESS_CLASS = ("networking.k8s.io", "IngressClass")
_CONTROLLERS = frozenset({"ingress.k8s.aws/alb", "eks.amazonaws.com/alb"})
_EVERY_ADDRESS = ["0.0.0.0/0", "::/0"]


@dataclass(frozen=True, eq=False)
class LoadBalancer:
    """The load balancer of an Ingress or a Service in one revision."""

    value: Values
    is_service: bool

    @property
    def annotations(self) -> Values:
        return as_map(value_at(self.value, "metadata", "annotations"))

    @property
    def ingress_class(self) -> str:
        """The IngressClass that an Ingress names; empty if it names none."""
        named = value_at(self.value, "spec", "ingressClassName") or self.annotations.get(_CLASS)
        return str(named or "")

    @property
    def group(self) -> str:
        """The group of the Ingresses that share one load balancer; empty without a group."""
        return str(self.annotations.get(f"{ALB}/group.name") or "")

    @property
    def scheme(self) -> str:
        """`internal` or `internet-facing`. The first one is the default of the controller."""
        stated = self.annotations.get(_SCHEMES[self.is_service])
        if stated is None and self.is_service:
            stated = INTERNET_FACING if str(self.annotations.get(_INTERNAL)) == "false" else None
        return str(stated or "internal")

    @property
    def networks(self) -> list[str]:
        """The networks that the load balancer admits; all of them if the object names none."""
        if self.is_service:
            listed = as_list(value_at(self.value, "spec", "loadBalancerSourceRanges"))
            stated = self.annotations.get(f"{NLB}/load-balancer-source-ranges")
        else:
            listed, stated = [], self.annotations.get(f"{ALB}/inbound-cidrs")
        found = list(map(str, listed)) or str(stated or "").split(",")
        return sorted(filter(None, map(str.strip, found))) or _EVERY_ADDRESS

    def admitted_only_here(self, compared: LoadBalancer) -> list[str]:
        """The networks that this load balancer admits and the compared one does not."""
        return [
            one
            for one in self.networks
            if not any(contains_network(network, one) for network in compared.networks)
        ]


_SCHEMES = {True: f"{NLB}/aws-load-balancer-scheme", False: f"{ALB}/scheme"}


@dataclass(frozen=True, slots=True, eq=False)
class LoadBalancerChange:
    """The load balancer before and after a change; None if there is none."""

    change: ObjectDifference
    before: LoadBalancer | None
    after: LoadBalancer | None

    @classmethod
    def of(
        cls, change: ObjectDifference, environment: EnvironmentContext
    ) -> LoadBalancerChange | None:
        """The change of an Ingress or a Service; None for another kind."""
        if change.id.group_kind not in (INGRESS, SERVICE):
            return None
        old = _load_balancer(change, change.old, environment.base, environment)
        new = _load_balancer(change, change.new, environment.head, environment)
        return cls(change, old, new)

    @property
    def cause(self) -> FieldDifference | None:
        """The field that decides whether there is a load balancer: the type, or the class."""
        names = ("spec", "type" if self.change.id.group_kind == SERVICE else "ingressClassName")
        return self.annotation(_CLASS) or next(self.change.below(*names), None)

    def annotation(self, name: str) -> FieldDifference | None:
        return next(self.change.below("metadata", "annotations", name), None)

    @property
    def scheme_place(self) -> FieldDifference | None:
        names = (*_SCHEMES.values(), _INTERNAL)
        return next(filter(None, map(self.annotation, names)), None)

    @property
    def networks_place(self) -> FieldDifference | None:
        names = (f"{ALB}/inbound-cidrs", f"{NLB}/load-balancer-source-ranges")
        annotated = next(filter(None, map(self.annotation, names)), None)
        return next(self.change.below("spec", "loadBalancerSourceRanges"), annotated)


def _load_balancer(
    change: ObjectDifference, value: Values, tree: Objects, environment: EnvironmentContext
) -> LoadBalancer | None:
    found = LoadBalancer(value, change.id.group_kind == SERVICE)
    if found.is_service:
        return found if value_at(value, "spec", "type") == "LoadBalancer" else None
    return found if value and _is_of_aws(found, tree, environment) else None


def _is_of_aws(ingress: LoadBalancer, tree: Objects, environment: EnvironmentContext) -> bool:
    """Whether a controller of AWS serves the Ingress. The IngressClass decides, if it is known."""
    for item in environment.of_kind(tree, _INGRESS_CLASS):
        if item.id.name == ingress.ingress_class:
            return value_at(item.value, "spec", "controller") in _CONTROLLERS
    is_annotated = any(name.startswith(f"{ALB}/") for name in ingress.annotations)
    return is_annotated or ingress.ingress_class == "alb"


def is_kept_by_group(
    item: ObjectId, balancer: LoadBalancer, environment: EnvironmentContext
) -> bool:
    """Whether another Ingress keeps the load balancer of the group, before and after the change."""
    kept = (
        set(ingresses_of_group(balancer.group, tree, environment)) - {item}
        for tree in (environment.base, environment.head)
    )
    return bool(set.intersection(*kept))


def ingresses_of_group(
    group: str, tree: Objects, environment: EnvironmentContext
) -> dict[ObjectId, KubeObject]:
    """The Ingresses of a revision that share the load balancer of a group; empty without one."""
    found = environment.of_kind(tree, INGRESS) if group else ()
    return {item.id: item for item in found if LoadBalancer(item.value, False).group == group}


def has_public_group(environment: EnvironmentContext, group: str) -> bool:
    """Whether the load balancer of a group of Ingresses could be reached from the internet."""
    found = (
        LoadBalancer(item.value, False) for item in environment.of_kind(environment.base, INGRESS)
    )
    return bool(group) and any(
        one.group == group and one.scheme == INTERNET_FACING for one in found
    )
