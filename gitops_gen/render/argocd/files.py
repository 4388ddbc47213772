"""The files of argocd/<env>/: bootstrap.yaml, the AppProject, and one Application per component."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen import yaml
from gitops_gen.components.types import Component
from gitops_gen.model import Environment, ObjectId, Tree, Values
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.argocd.applications import component_application, root_application
from gitops_gen.render.argocd.projects import bootstrap_project, environment_project
from gitops_gen.render.header import header
from gitops_gen.render.plan.plan import Planned, synced


def argocd(
    environment: Environment,
    planned: Sequence[Planned],
    objects: Sequence[KubeObject],
    switched_off: Sequence[Component] = (),
) -> Tree:
    """Path -> content. `objects` are the rendered objects of the environment."""
    documents: dict[str, list[str]] = {}
    for item in argocd_objects(environment, planned, objects, switched_off):
        documents.setdefault(item.file, []).append(yaml.dump(item.value))
    first = header(environment)
    return {file: (first + "---\n".join(texts)).encode() for file, texts in documents.items()}


def argocd_objects(
    environment: Environment,
    planned: Sequence[Planned],
    objects: Sequence[KubeObject],
    switched_off: Sequence[Component] = (),
) -> Iterator[KubeObject]:
    """Yields the AppProjects and Applications, each with its file and its component, if any."""
    apps = layout.apps(environment.name)
    bootstrap = f"{layout.argocd(environment.name)}/bootstrap.yaml"
    # The AppProject must still allow the objects of a disabled component; otherwise Argo CD would
    # not delete them.
    admitted = [*(item.component for item in planned), *switched_off]
    yield _object(bootstrap, bootstrap_project(environment))
    yield _object(bootstrap, root_application(environment))
    yield _object(f"{apps}/project.yaml", environment_project(environment, admitted, objects))
    for item in synced(planned, objects):
        name = item.component.name
        yield _object(f"{apps}/{name}.yaml", component_application(environment, item), name)


def _object(file: str, value: Values, component: str = "") -> KubeObject:
    metadata = value["metadata"]
    names = (value["apiVersion"], value["kind"], metadata["namespace"], metadata["name"])
    return KubeObject(ObjectId.of(*names), value["apiVersion"], value, file, component)
