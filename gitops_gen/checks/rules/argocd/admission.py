"""Applications whose AppProject does not admit their source, namespace or objects."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView, ObjectIssue, maps_in
from gitops_gen.model import Path, Rule, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at
from gitops_gen.objects.projects import admits, admits_destination, matches, missing_entry

RULE = Rule(
    "argocd-admission",
    title="The AppProject of an Application admits its source and its objects",
    why="Argo CD syncs nothing of an Application if the AppProject does not admit its source, "
    "its namespace or the kind of one object.",
    remedy="Remove the namespace from a cluster-scoped object. If the message is about anything "
    "else, please report it, because gitops-gen writes the AppProject.",
    bad="""\
kind: CustomResourceDefinition
spec: {group: example.org, names: {kind: Shop}, scope: Cluster}
---
apiVersion: example.org/v1
kind: Shop
metadata: {name: main, namespace: shop}""",
    good="""\
kind: CustomResourceDefinition
spec: {group: example.org, names: {kind: Shop}, scope: Cluster}
---
apiVersion: example.org/v1
kind: Shop
metadata: {name: main}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for name, application in view.applications.items():
        path: Path = ("spec", "project")
        wanted = str(value_at(application.value, *path))
        project = view.projects.get(wanted)
        if project is None:
            text = f"the AppProject {wanted} of {application.id} does not exist"
            yield ObjectIssue(application, text, path)
            continue
        yield from _of_application(application, project)
        yield from _of_objects(view, name, application, project)


def _of_application(application: KubeObject, project: KubeObject) -> Iterator[ObjectIssue]:
    spec = as_map(project.value.get("spec"))
    for path, source in _sources(application.value):
        address = str(source.get("repoURL"))
        if not any(matches(one, address) for one in as_list(spec.get("sourceRepos"))):
            yield _issue(application, project, f"the source {address}", (*path, "repoURL"))
    destination = as_map(value_at(application.value, "spec", "destination"))
    namespace = str(destination.get("namespace"))
    if not admits_destination(project.value, application, namespace):
        path = ("spec", "destination", "namespace")
        yield _issue(application, project, f"the namespace {namespace}", path)


def _sources(application: Values) -> Iterator[tuple[Path, Values]]:
    source = value_at(application, "spec", "source")
    if isinstance(source, dict):
        yield ("spec", "source"), source
    for index, one in maps_in(application, "spec", "sources"):
        yield ("spec", "sources", index), one


def _of_objects(
    view: EnvironmentView, name: str, application: KubeObject, project: KubeObject
) -> Iterator[ObjectIssue]:
    for item in view.of_component(name):
        if not admits(project.value, application, item):
            lacking = str(missing_entry(project.value, application, item))
            path = (
                ("metadata", "namespace") if value_at(item.value, "metadata", "namespace") else ()
            )
            yield _issue(item, project, lacking, path)


def _issue(item: KubeObject, project: KubeObject, lacking: str, path: Path) -> ObjectIssue:
    text = f"{project.id} does not admit {lacking}, so Argo CD does not sync {item.id}"
    return ObjectIssue(item, text, path, (project,))
