"""AppProjects that admit more than is needed."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import (
    EnvironmentView,
    ObjectIssue,
    maps_in,
)
from gitops_gen.model import Path, Rule, Severity
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, value_at

RULE = Rule(
    "security-project",
    title="An AppProject admits only the sources, namespaces and cluster-scoped kinds in use",
    why="An AppProject limits what a mistake in a chart, or an attacker who can commit to a "
    "repository, can change in the cluster.",
    remedy="Remove the entry from `clusterKinds` or `namespaces` of the chart, or the wildcard "
    "from the AppProject. If the entry is needed, for example until Argo CD has pruned an object, "
    "excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
kind: AppProject
spec:
  sourceRepos: ["*"]""",
    good="""\
kind: AppProject
spec:
  sourceRepos: ["https://github.com/acme/platform.git"]""",
)
_ANY = "*"
_KINDS = "clusterResourceWhitelist"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for project in view.projects.values():
        for path, admitted in _wildcards(project):
            yield ObjectIssue(project, f"{project.id} admits {admitted}", path)
    main_project = view.projects.get(view.environment.name)
    if main_project is not None:
        for path, admitted in (
            *_unused_kinds(view, main_project),
            *_unused_namespaces(view, main_project),
        ):
            text = f"{main_project.id} admits {admitted}, which no object of the environment needs"
            yield ObjectIssue(main_project, text, path)


def _wildcards(project: KubeObject) -> Iterator[tuple[Path, str]]:
    for index, source in enumerate(as_list(value_at(project.value, "spec", "sourceRepos"))):
        if source == _ANY:
            yield ("spec", "sourceRepos", index), "every source"
    for index, one in maps_in(project.value, "spec", "destinations"):
        if one.get("namespace") == _ANY:
            yield ("spec", "destinations", index, "namespace"), "every namespace"
    for index, one in maps_in(project.value, "spec", _KINDS):
        if one.get("kind") == _ANY:
            yield ("spec", _KINDS, index, "kind"), "every cluster-scoped kind"


def _unused_kinds(view: EnvironmentView, project: KubeObject) -> Iterator[tuple[Path, str]]:
    """Yields kinds that a component declares, and that are neither rendered nor used by Argo CD.

    Other kinds belong to components that are off, or are in `alsoAdmit`, so that Argo CD can delete
    their objects.
    """
    used = {item.id.group_kind for item in view.objects}
    hydrated = [one for one in view.components.values() if one.source.is_hydrated]
    declared = {kind for one in hydrated for kind in one.cluster_kinds}
    for component in view.components.values():
        used |= component.cluster_kinds if not component.source.is_hydrated else set()
        # Argo CD creates the namespace of such a component.
        used |= {("", "Namespace")} if component.create_namespace is not None else set()
    for index, one in maps_in(project.value, "spec", _KINDS):
        group, kind = str(one.get("group")), str(one.get("kind"))
        if (group, kind) in declared - used:
            path = ("spec", _KINDS, index)
            yield path, f"the kind {kind}.{group}" if group else f"the kind {kind}"


def _unused_namespaces(view: EnvironmentView, project: KubeObject) -> Iterator[tuple[Path, str]]:
    """Yields namespaces that a component declares and that no object is in."""
    hydrated = [one for one in view.components.values() if one.source.is_hydrated]
    declared = {name for one in hydrated for name in one.touches}
    used = {item.id.namespace for item in view.objects}
    for component in view.components.values():
        used |= {component.namespace, *(one.name for one in component.namespaces)}
        used |= component.touches if not component.source.is_hydrated else set()
    for index, one in maps_in(project.value, "spec", "destinations"):
        name = str(one.get("namespace"))
        if name in declared - used:
            yield ("spec", "destinations", index), f"the namespace {name}"
