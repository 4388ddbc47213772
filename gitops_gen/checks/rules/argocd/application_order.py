"""Applications that wait for objects of Applications that Argo CD syncs later."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.dependencies.orders import (
    blocking,
    more,
    once_for_shared_targets,
    order_issue,
)
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule

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
    inverted = (one for one in blocking(view) if not one.in_one_application)
    for one, number in once_for_shared_targets(inverted):
        source, target = one.source_place, one.target_place
        text = (
            f"{one}, but Argo CD syncs its Application {source.application} in wave "
            f"{source.application_wave}, and {target.application} in wave "
            f"{target.application_wave}{more(number)}"
        )
        yield order_issue(view, one, text)
