"""What all others stand on; planned last, from what they declare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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


def instances(environment: Environment, planned: tuple[Component, ...]) -> Iterator[Component]:
    if not environment.enabled(NAME):
        return
    namespaces = declared(planned)
    ours = owned(namespaces)
    if unknown := tuple(unknown_namespaces(environment, ours)):
        raise InvalidInput(unknown)
    values = _values(environment, ours)
    if not ours and not any(values["computed"][key] for key in ("storage", "priorities")):
        return
    yield Component(
        name=NAME,
        # Each object names its own; this one is only the Application's, which must have one.
        namespace=ours[0].name if ours else "default",
        wave=-20,
        source=Subchart(str(FOLDER), values),
        section=SECTION,
        # Of the others, somebody else sees to it that they are there before the first sync.
        provides=frozenset(f"namespace:{namespace.name}" for namespace in namespaces),
        at_teardown=AtTeardown(reclaim_policies=_reclaim_policies(values)),
    )


def _reclaim_policies(values: Values) -> dict[str, str]:
    return {one["name"]: one["reclaimPolicy"] for one in values["computed"]["storage"]}


def _values(environment: Environment, namespaces: tuple[Namespace, ...]) -> Values:
    section: Values = environment.get(NAME)
    computed = {
        "name": NAME,
        "partOf": environment.get("cluster", "name"),
        "podSecurityVersion": f"v{environment.get('cluster', 'kubernetesVersion')}",
        "namespaces": [_namespace(namespace) for namespace in namespaces],
        "storage": storage_classes(section),
        "priorities": priority_classes(section),
        "quotas": _quotas(section),
    }
    return {**section, "computed": computed}


def _quotas(section: Values) -> Values:
    """Amounts as text: Helm would print a large number as 2e+06."""
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
