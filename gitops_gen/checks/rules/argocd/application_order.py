"""Applications that wait for objects of Applications that Argo CD syncs later."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.dependencies import dependencies
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import sync_wave

RULE = Rule(
    "argocd-application-order",
    title="No Application is synced before an Application whose objects it requires",
    why="The root Application syncs the next wave only when all Applications of the wave "
    "before are healthy. An Application that requires an object of a later wave never "
    "becomes healthy, so the later wave is never synced.",
    remedy="Give the add-on that contains the required object a lower wave, or move the object "
    "to the component that requires it.",
    bad="""\
addons:
  shop: {path: charts/shop, namespace: shop, wave: 5}
  # The Pods of the add-on shop use a ConfigMap of this add-on.
  shop-settings: {path: charts/settings, namespace: shop, wave: 10}""",
    good="""\
addons:
  shop: {path: charts/shop, namespace: shop, wave: 5}
  shop-settings: {path: charts/settings, namespace: shop, wave: 4}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for dependency in dependencies(view):
        source, target = dependency.source, dependency.target
        first, second = _wave(view, source), _wave(view, target)
        if source.component != target.component and first < second:
            text = (
                f"{source.id} requires {target.id}, but Argo CD syncs its Application "
                f"{source.component} in wave {first}, and {target.component} in wave {second}"
            )
            yield ObjectIssue(source, text, dependency.path, (target,))


def _wave(view: EnvironmentView, item: KubeObject) -> int:
    application = view.applications.get(item.component)
    return sync_wave(application) if application else 0
