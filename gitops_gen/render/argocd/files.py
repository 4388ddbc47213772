"""The files of argocd/<env>/: the bootstrap, the AppProject, and an Application a component."""

from __future__ import annotations

from collections.abc import Sequence

from gitops_gen import yaml
from gitops_gen.components.types import Component
from gitops_gen.model import Environment, Tree, Values
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.argocd.applications import component_application, root_application
from gitops_gen.render.argocd.projects import bootstrap_project, environment_project
from gitops_gen.render.header import header
from gitops_gen.render.plan.plan import Planned


def argocd(
    environment: Environment,
    planned: Sequence[Planned],
    objects: Sequence[KubeObject],
    switched_off: Sequence[Component] = (),
) -> Tree:
    """Path -> content. `objects` are those that the environment renders."""
    apps = layout.apps(environment.name)
    # The objects of a component that is switched off must stay admitted, or Argo CD would not
    # delete them.
    admitted = [*(item.component for item in planned), *switched_off]
    files = {
        f"{layout.argocd(environment.name)}/bootstrap.yaml": _file(
            environment, bootstrap_project(environment), root_application(environment)
        ),
        f"{apps}/project.yaml": _file(
            environment, environment_project(environment, admitted, objects)
        ),
    }
    for item in planned:
        application = component_application(environment, item)
        files[f"{apps}/{item.component.name}.yaml"] = _file(environment, application)
    return files


def _file(environment: Environment, *documents: Values) -> bytes:
    text = "---\n".join(yaml.dump(document) for document in documents)
    return (header(environment) + text).encode()
