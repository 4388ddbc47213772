"""Dependencies on what an object needs to be created: its namespace and its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gitops_gen.checks.dependencies.dependency import Need
from gitops_gen.checks.dependencies.requirement import Requirement
from gitops_gen.checks.view import APP_PROJECT, NAMESPACE, EnvironmentView
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, value_at
from gitops_gen.objects.reading import APPLICATION, sync_wave

_DEFINITIONS = "crds:"
"""How the capability of a component that creates the definitions of an API group begins."""


def on_creation(view: EnvironmentView) -> Iterator[Requirement]:
    namespaces = {item.id.name: item for item in view.of_kind(NAMESPACE)}
    creating, groups = _creating(view), _definition_providers(view)
    for item in view.objects:
        if item.id.group_kind in (APPLICATION, APP_PROJECT):
            continue
        namespace = namespaces.get(item.id.namespace) or _creator(creating, item)
        if namespace is not None:
            yield Requirement(item, ("metadata", "namespace"), namespace, Need.ACCEPTANCE)
        definition = view.definitions.get(item.id.group_kind) or groups.get(item.id.group)
        if definition is not None:
            yield Requirement(item, ("kind",), definition, Need.ACCEPTANCE)


def _creating(view: EnvironmentView) -> Mapping[str, Sequence[KubeObject]]:
    """The Applications that create their namespace, by namespace, the lowest wave first."""
    found: dict[str, list[KubeObject]] = {}
    for one in sorted(view.applications.values(), key=sync_wave):
        spec = one.value.get("spec")
        if "CreateNamespace=true" in as_list(value_at(spec, "syncPolicy", "syncOptions")):
            namespace = str(value_at(spec, "destination", "namespace"))
            found.setdefault(namespace, []).append(one)
    return found


def _creator(creating: Mapping[str, Sequence[KubeObject]], item: KubeObject) -> KubeObject | None:
    """The other Application that creates the namespace of an object first."""
    applications = creating.get(item.id.namespace, ())
    if any(one.id.name == item.component for one in applications):
        return None
    return next(iter(applications), None)


def _definition_providers(view: EnvironmentView) -> Mapping[str, KubeObject]:
    """The Applications of the charts that Argo CD renders, by the API group that they define."""
    return {
        capability.removeprefix(_DEFINITIONS): view.applications[component.name]
        for component in view.not_hydrated
        for capability in component.provides
        if capability.startswith(_DEFINITIONS) and component.name in view.applications
    }
