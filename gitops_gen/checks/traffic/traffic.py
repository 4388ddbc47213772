"""The traffic of an environment, which rules and graphs share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.traffic.flows import Flow, JudgedFlow
from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.policies import Policies
from gitops_gen.checks.traffic.services import SERVICE, Workloads, is_headless, ports_of
from gitops_gen.checks.view import EnvironmentView, Undetermined
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at
from gitops_gen.rule_registry import rule_files

_DOMAIN = ".svc.cluster.local"


@dataclass(frozen=True, eq=False)
class Traffic:
    view: EnvironmentView

    @cached_property
    def workloads(self) -> Workloads:
        return Workloads(self.view)

    @cached_property
    def policies(self) -> Policies:
        vpc = self.view.environment.get("cluster", "vpc", default={})
        # The nodes are in the private subnets, of which Pods have addresses too.
        cidrs = vpc.get("privateSubnetCidrs") or [vpc.get("cidr")]
        return Policies(self.view, Addresses.of(cidrs))

    @cached_property
    def _implied(self) -> tuple[Flow | Undetermined, ...]:
        modules = rule_files("gitops_gen.checks.traffic.implied")
        return tuple(one for module in modules for one in module.implied(self))

    @cached_property
    def flows(self) -> tuple[JudgedFlow, ...]:
        """The flows that the values imply, each with the judgement of the NetworkPolicies."""
        judge = self.policies.judge
        return tuple(
            JudgedFlow(one, judge(one.source, one.target, one.port, one.protocol))
            for one in self._implied
            if isinstance(one, Flow)
        )

    @property
    def undetermined(self) -> tuple[Undetermined, ...]:
        """The flows of which an end is not known."""
        return tuple(one for one in self._implied if isinstance(one, Undetermined))

    def service_behind(self, identity: ObjectId) -> KubeObject | None:
        """The rendered Service, or the one to which it is an alias."""
        service = self.view.by_id.get(identity)
        if service is None or value_at(service.value, "spec", "type") != "ExternalName":
            return service
        name = str(value_at(service.value, "spec", "externalName")).removesuffix(_DOMAIN)
        parts = name.split(".")
        target = ObjectId(*SERVICE, parts[-1], parts[0]) if len(parts) == 2 else None
        return self.view.by_id.get(target) if target else None

    def targets(self, service: ObjectId, number: int | None) -> Iterator[tuple[Pods, int]]:
        """Yields the Pods and ports behind one port of a Service."""
        item = self.service_behind(service)
        if item is None or number is None:
            return
        if is_headless(item):
            # Its name stands for the addresses of the Pods, whose ports it does not change.
            yield from ((pods, number) for pods in self.workloads.behind(item))
            return
        for port in ports_of(item):
            if port.number == number and port.target is not None:
                for pods in self.workloads.behind(item):
                    yield from ((pods, found) for found in pods.numbers(port.target, port.protocol))
