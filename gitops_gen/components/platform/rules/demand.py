"""Rules for quotas and limit ranges that the containers of the environment cannot meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from gitops_gen.components import quantities
from gitops_gen.components.tier.view import tiers
from gitops_gen.model import Environment, Finding, Path, Rule, Values

NAME = "platform"

QUOTA = Rule(
    "platform-quota-demand",
    title="A quota admits the Pods of its namespace",
    why="The API server refuses Pods beyond the quota. A rolling update first starts a new Pod, so "
    "that a quota without room for one more Pod blocks every update.",
    remedy="Increase the quota, or decrease the replicas or the resources of the tiers.",
)
LIMIT_RANGE = Rule(
    "platform-limit-range-demand",
    title="The containers of a namespace are within its limit range",
    why="The API server refuses each Pod of which a container requests less than the minimum, or "
    "has a higher limit than the maximum.",
    remedy="Change the limit range, or the resources of the tier or the database.",
)


@dataclass(frozen=True, slots=True)
class Workload:
    """Containers with equal resources in one namespace."""

    section: Path
    namespace: str
    resources: Values
    pods: int
    """The number of Pods that must run at the same time."""
    surge: int
    """The number of Pods that an update starts before it stops another one."""

    def amount(self, kind: str, resource: str) -> Decimal | None:
        written = (self.resources.get(kind) or {}).get(resource)
        return None if written is None else quantities.value(written)


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME):
        workloads = tuple(_workloads(environment))
        yield from _quotas(environment, workloads)
        yield from _limit_ranges(environment, workloads)


def _workloads(environment: Environment) -> Iterator[Workload]:
    for tier in tiers(environment):
        resources = tier.get("resources", default={})
        pods = 0 if tier.scheduled else _replicas(tier.values)
        surge = 1 if pods or tier.scheduled else 0
        yield Workload(tier.at("resources"), tier.namespace, resources, pods, surge)
    if environment.enabled("postgres") and environment.get("postgres", "external") is None:
        path, namespace = ("postgres", "resources"), environment.get("postgres", "namespace")
        yield Workload(path, namespace, environment.get(*path, default={}), 1, 0)


def _replicas(values: Values) -> int:
    scaled = values.get("autoscaling")
    if scaled is None:
        return int(values.get("replicas", 1))
    return int(scaled.get("minReplicas", min(2, scaled["maxReplicas"])))


def _quotas(environment: Environment, workloads: tuple[Workload, ...]) -> Iterator[Finding]:
    quotas = environment.get(NAME, "quotas", default={})
    for namespace, hard in quotas.items():
        found = [one for one in workloads if one.namespace == namespace]
        for resource, amount in hard.items():
            # Another rule reports an amount of memory in thousandths.
            if str(amount).endswith("m") and not resource.endswith("cpu"):
                continue
            path = (NAME, "quotas", namespace, resource)
            if text := _quota_problem(resource, quantities.value(str(amount)), found):
                yield environment.finding(QUOTA, path, text)


def _quota_problem(resource: str, amount: Decimal, found: list[Workload]) -> str | None:
    """Returns the message about a quota below what the workloads need, including one update."""
    demand, largest = Decimal(0), Decimal(0)
    for workload in found:
        each = _each(workload, resource)
        if each is None:
            return None
        demand += each * workload.pods
        largest = max(largest, each * workload.surge)
    if demand + largest <= amount:
        return None
    needed = _shown(resource, demand + largest)
    return (
        f"'{_shown(resource, amount)}' does not admit the Pods of the namespace, which need "
        f"{needed} (one additional Pod during an update included); increase it"
    )


def _each(workload: Workload, resource: str) -> Decimal | None:
    """Returns what one Pod counts for a resource of a quota; None if that is unknown."""
    if resource == "pods":
        return Decimal(1)
    kind, _, name = resource.rpartition(".")
    if kind not in ("", "requests", "limits"):
        return None
    return workload.amount(kind or "requests", name)


def _shown(resource: str, amount: Decimal) -> str:
    if resource == "pods":
        return str(amount)
    return f"{amount * 1000:.0f}m" if resource.endswith("cpu") else quantities.of_bytes(amount)


def _limit_ranges(environment: Environment, workloads: tuple[Workload, ...]) -> Iterator[Finding]:
    ranges = environment.get(NAME, "limitRanges", default={})
    for workload in workloads:
        for bound, kind in (("min", "requests"), ("max", "limits")):
            bounds = (ranges.get(workload.namespace) or {}).get(bound) or {}
            for resource, limit in bounds.items():
                yield from _outside(environment, workload, (bound, kind, resource, limit))


def _outside(
    environment: Environment, workload: Workload, bound: tuple[str, str, str, str]
) -> Iterator[Finding]:
    name, kind, resource, limit = bound
    amount = workload.amount(kind, resource)
    if amount is None or (amount >= quantities.value(limit)) == (name == "min"):
        return
    if amount == quantities.value(limit):
        return
    written = workload.resources[kind][resource]
    relation = "below the minimum" if name == "min" else "above the maximum"
    section = environment.place((NAME, "limitRanges", workload.namespace))
    text = (
        f"'{written}' is {relation} '{limit}' of the limit range of namespace "
        f"{workload.namespace} ({section}); change one of the two"
    )
    yield environment.finding(LIMIT_RANGE, (*workload.section, kind, resource), text)
