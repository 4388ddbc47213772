"""What the rules for environments with `stage: production` ask."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView
from gitops_gen.objects.kube_object import KubeObject

_INGRESS = ("networking.k8s.io", "Ingress")


def is_production(view: EnvironmentView) -> bool:
    return bool(view.environment.get("stage") == "production")


def declared_ingresses(view: EnvironmentView) -> Iterator[KubeObject]:
    """Yields the Ingresses of the section `ingress`, if the environment is in production."""
    for item in view.of_kind(_INGRESS) if is_production(view) else ():
        component = view.components.get(item.component)
        if component is not None and component.source.is_first_party:
            yield item
