"""The component of each enabled entry of `tiers`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gitops_gen.components.backing import inserted, tier_properties, with_defaults
from gitops_gen.components.capabilities import MONITORING_CRDS
from gitops_gen.components.tier.computed import CHART_KEYS, chart_values, effective_keys
from gitops_gen.components.tier.network import flows
from gitops_gen.components.tier.view import Tier, tiers
from gitops_gen.components.types import Component, NamedSecret, Namespace, PodRole, Subchart
from gitops_gen.model import Document, Environment, Values

SECTION = ("tiers", "*")
FOLDER = Path(__file__).resolve().parent


def schema(written: Values) -> Values:
    """Adds the keys of the backing services, before the key `migrate`."""
    properties = inserted(written["properties"], tier_properties(), before="migrate")
    return {**written, "properties": properties}


def defaults(written: Document) -> Document:
    """Adds the defaults of the keys of backing services."""
    return with_defaults(written, before="awsRole")


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    for tier in tiers(environment):
        yield _component(tier)


def _component(tier: Tier) -> Component:
    scaled = tier.get("autoscaling") is not None
    return Component(
        name=tier.name,
        namespace=tier.namespace,
        wave=30 if tier.get("path") == "/" else 20,
        source=_chart(tier),
        section=tier.at(),
        provides=frozenset({f"tier:{tier.name}"}),
        requires=frozenset(_requires(tier)),
        namespaces=(_namespace(tier),),
        secrets=tuple(_secrets(tier)),
        pod_roles=tuple(_pod_roles(tier)),
        flows=tuple(flows(tier)),
        ignore_differences=(_replicas(tier),) if scaled else (),
    )


def _chart(tier: Tier) -> Subchart:
    return Subchart(str(FOLDER), chart_values(tier), CHART_KEYS, tuple(effective_keys(tier)))


def _namespace(tier: Tier) -> Namespace:
    return Namespace(tier.namespace, load_balanced=tier.get("path") is not None, isolated=True)


def _requires(tier: Tier) -> Iterator[str]:
    for service, _ in tier.backing:
        yield service.capability
    if tier.monitored:
        yield MONITORING_CRDS
    for called in tier.calls:
        if tier.name not in _reached_from(called):
            yield f"tier:{called.name}"


def _reached_from(tier: Tier) -> set[str]:
    """Returns the names of all tiers that it calls, directly or through other tiers.

    Tiers that call each other do not require each other, because none can be synced first.
    """
    reached: set[str] = set()
    waiting = [tier]
    while waiting:
        new = [called for called in waiting.pop().calls if called.name not in reached]
        reached |= {called.name for called in new}
        waiting += new
    return reached


def _replicas(tier: Tier) -> dict[str, object]:
    """Returns the ignored difference: the HorizontalPodAutoscaler sets the replicas."""
    return {
        "group": "apps",
        "kind": "Deployment",
        "name": tier.name,
        "jsonPointers": ["/spec/replicas"],
    }


def _secrets(tier: Tier) -> Iterator[NamedSecret]:
    """Yields the Secrets that its section references, without those of backing services."""

    def named(name: str, keys: Iterable[str], purpose: str) -> NamedSecret:
        return NamedSecret(tier.namespace, name, tuple(keys), f"{tier.name}: {purpose}")

    for name in tier.get("imagePullSecrets", default=[]):
        yield named(name, [".dockerconfigjson"], "pulls the image")
    for variable, source in sorted(tier.get("secretEnv", default={}).items()):
        yield named(source["secret"], [source["key"]], f"variable {variable}")
    for folder, source in sorted(tier.get("secretFiles", default={}).items()):
        yield named(source["secret"], source.get("keys") or [], f"files in {folder}")


def _pod_roles(tier: Tier) -> Iterator[PodRole]:
    if tier.get("awsRole"):
        yield PodRole(tier.name, tier.namespace, tier.name, tier.role_policies)
