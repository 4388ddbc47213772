"""AppProjects: the objects that Argo CD may create in the cluster, and their sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gitops_gen.components.types import Component
from gitops_gen.model import Environment, Values
from gitops_gen.objects.kind_names import group_kind
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.argocd.manifests import BOOTSTRAP, NAMESPACE, SERVER, manifest, metadata
from gitops_gen.render.hydrate.scope import is_cluster_scoped

PROJECT_WAVE = -40


def bootstrap_project(environment: Environment) -> Values:
    kinds = [{"group": "argoproj.io", "kind": kind} for kind in ("AppProject", "Application")]
    spec = {
        "description": f"What makes {environment.name} sync itself: Applications, nothing else.",
        "sourceRepos": [environment.values["repository"]["url"]],
        "destinations": [{"server": SERVER, "namespace": NAMESPACE}],
        "clusterResourceWhitelist": [],
        "namespaceResourceWhitelist": kinds,
    }
    return manifest("AppProject", metadata(BOOTSTRAP), spec)


def environment_project(
    environment: Environment, components: Sequence[Component], objects: Sequence[KubeObject]
) -> Values:
    """The AppProject of the components' Applications. `objects` are the rendered objects."""
    also = environment.values.get("alsoAdmit", [])
    cluster_kinds = _cluster_kinds(components, objects) | _also_admitted_kinds(also)
    kinds = [{"group": group, "kind": kind} for group, kind in sorted(cluster_kinds)]
    kept = {entry["namespace"] for entry in also if "namespace" in entry}
    namespaces = sorted(_namespaces(components, objects) | kept)
    spec = {
        "description": f"All that {environment.name} may bring into its cluster, and no more.",
        "sourceRepos": sorted(_repositories(environment, components)),
        "destinations": [{"server": SERVER, "namespace": name} for name in namespaces],
        "clusterResourceWhitelist": kinds,
        "namespaceResourceWhitelist": [{"group": "*", "kind": "*"}],
    }
    return manifest("AppProject", metadata(environment.name, PROJECT_WAVE), spec)


def _repositories(environment: Environment, components: Iterable[Component]) -> set[str]:
    sources = (component.source.application_source for component in components)
    charts: set[str] = {source["repoURL"] for source in sources if source is not None}
    return charts | {str(environment.values["repository"]["url"])}


def _cluster_kinds(
    components: Iterable[Component], objects: Iterable[KubeObject]
) -> set[tuple[str, str]]:
    """The kinds of rendered objects without a namespace, and the kinds that components declare."""
    kinds: set[tuple[str, str]] = set()
    by_name: dict[str, Component] = {}
    for component in components:
        kinds |= component.cluster_kinds
        by_name[component.name] = component
        if component.create_namespace is not None:
            kinds.add(("", "Namespace"))
    for item in objects:
        # A kind that turns out to be namespaced has no effect in this list.
        if is_cluster_scoped(item.id, by_name[item.component]) is not False:
            kinds.add(item.id.group_kind)
    return kinds


def _also_admitted_kinds(also: Iterable[Values]) -> set[tuple[str, str]]:
    """The cluster-scoped kinds of `alsoAdmit`. In a namespace, all kinds are admitted."""
    return {group_kind(entry["kind"]) for entry in also if "namespace" not in entry}


def _namespaces(components: Iterable[Component], objects: Iterable[KubeObject]) -> set[str]:
    names = {item.id.namespace for item in objects if item.id.namespace}
    for component in components:
        names |= {component.namespace} | component.touches
        names |= {namespace.name for namespace in component.namespaces}
    return names
