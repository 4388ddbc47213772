"""Objects that are refused unless another object happens to be synced first."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.dependencies import Dependency, Need, SyncOrder, dependencies
from gitops_gen.checks.dependencies.orders import more, once_for_shared_targets, order_issue
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "wave-unordered",
    title="An object is synced in a later wave than what the API server needs to accept it",
    why="The API server refuses a custom resource without its CustomResourceDefinition, an object "
    "without its namespace, and what a webhook admits while the Pods of the webhook do not run. In "
    "one wave, the order is not certain: the sync can fail until Argo CD has retried it.",
    remedy="Give the add-on with the required object a lower wave. For two objects of one chart, "
    "give the object that requires the other one the annotation argocd.argoproj.io/sync-wave with "
    'the value "1". If a retry of the sync is good enough, excuse the finding.',
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
addons:
  shop-crds: {path: charts/shop-crds, namespace: shop, wave: 5}
  # Its objects are of the kinds that shop-crds defines.
  shop: {path: charts/shop, namespace: shop, wave: 5}""",
    good="""\
addons:
  shop-crds: {path: charts/shop-crds, namespace: shop, wave: 4}
  shop: {path: charts/shop, namespace: shop, wave: 5}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for one, number in once_for_shared_targets(filter(_is_unordered, dependencies(view))):
        text = f"{one}, and Argo CD syncs both {_places(one)}{more(number)}"
        yield order_issue(view, one, text)
    for _ in view.not_hydrated:
        yield Undetermined("waves of add-ons", _NOT_HYDRATED)


_NOT_HYDRATED = "Argo CD renders their charts, so their webhooks and Pods are not available"


def _is_unordered(one: Dependency) -> bool:
    return one.need is Need.ACCEPTANCE and one.order is SyncOrder.TOGETHER


def _places(one: Dependency) -> str:
    if one.in_one_application:
        return f"in {one.source_place}"
    names = f"{one.source_place.application} and {one.target_place.application}"
    return f"in Applications of wave {one.source_place.application_wave}: {names}"
