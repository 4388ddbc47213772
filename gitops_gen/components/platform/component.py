"""The component of shared objects. It is planned last, from what the others declare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gitops_gen.components.chart_values import ChartKeys, selected, without_empty
from gitops_gen.components.platform.classes import priority_classes, storage_classes
from gitops_gen.components.platform.namespaces import declared, owned
from gitops_gen.components.platform.rules.namespaces import unknown_namespaces
from gitops_gen.components.types import AtTeardown, Component, Namespace, Subchart
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Values

SECTION = ("platform",)
LAST = True
NAME = "platform"
FOLDER = Path(__file__).resolve().parent
CHART_KEYS: ChartKeys = (("enabled",), ("quotas",), ("limitRanges",))
"""The keys that the templates read. The others are computed with their defaults."""


def instances(environment: Environment, planned: tuple[Component, ...]) -> Iterator[Component]:
    if not environment.enabled(NAME):
        return
    namespaces = declared(planned)
    created = owned(namespaces)
    if unknown := tuple(unknown_namespaces(environment, created)):
        raise InvalidInput(unknown)
    values = _values(environment, created)
    if not created and not any(key in values["computed"] for key in ("storage", "priorities")):
        return
    yield Component(
        name=NAME,
        # Each object sets its namespace. This namespace is for the Application, which needs one.
        namespace=created[0].name if created else "default",
        wave=-20,
        source=Subchart(str(FOLDER), values, CHART_KEYS),
        section=SECTION,
        # Namespaces that it does not create exist before the first sync.
        provides=frozenset(f"namespace:{namespace.name}" for namespace in namespaces),
        at_teardown=AtTeardown(reclaim_policies=_reclaim_policies(values)),
    )


def _reclaim_policies(values: Values) -> dict[str, str]:
    return {one["name"]: one["reclaimPolicy"] for one in values["computed"].get("storage", [])}


def _values(environment: Environment, namespaces: tuple[Namespace, ...]) -> Values:
    section: Values = environment.get(NAME)
    computed = {
        "name": NAME,
        "partOf": environment.get("cluster", "name"),
        "podSecurityVersion": f"v{environment.get('cluster', 'kubernetesVersion')}",
        "namespaces": [_namespace(namespace) for namespace in namespaces],
        "storage": storage_classes(section),
        "priorities": priority_classes(section),
    }
    values = selected(section, CHART_KEYS)
    if "quotas" in values:
        values["quotas"] = _quotas(section)
    return {**values, "computed": without_empty(computed)}


def _quotas(section: Values) -> Values:
    """Returns the quotas with amounts as strings, because Helm prints large numbers as 2e+06."""
    quotas: Values = section.get("quotas", {})
    return {
        namespace: {resource: str(amount) for resource, amount in hard.items()}
        for namespace, hard in quotas.items()
    }


def _namespace(namespace: Namespace) -> Values:
    return {
        "name": namespace.name,
        "podSecurity": namespace.pod_security,
        "loadBalanced": namespace.load_balanced,
        "holdsData": namespace.holds_data,
        "isolated": namespace.isolated,
    }
