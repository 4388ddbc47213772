"""Workloads that are synced before the database that they use."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.dependencies import Dependency, Need, SyncOrder, dependencies
from gitops_gen.checks.dependencies.orders import order_issue
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.model import Rule, Severity

RULE = Rule(
    "wave-database",
    title="A workload is not synced before the database that it uses",
    why="If the Pods are not ready without their database, the Application never becomes healthy, "
    "and Argo CD never syncs the database in the later wave.",
    remedy="Give the add-on with the database a lower wave. If the Pods are ready without it, "
    "excuse the finding.",
    severity=Severity.WARNING,
    excusable=True,
    bad="""\
addons:
  # A variable of its Pods has the address of the database.
  shop: {path: charts/shop, namespace: shop, wave: 5}
  shop-database: {path: charts/database, namespace: shop, wave: 10}""",
    good="""\
addons:
  shop: {path: charts/shop, namespace: shop, wave: 5}
  shop-database: {path: charts/database, namespace: shop, wave: 4}""",
)
_DATABASE = ("apps", "StatefulSet")


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for one in filter(_is_inverted, dependencies(view)):
        first, second = one.source_place, one.target_place
        if one.in_one_application:
            text = f"in {second}, after {first}"
        else:
            text = (
                f"{second.application} in wave {second.application_wave}, and {first.application} "
                f"in wave {first.application_wave}"
            )
        message = f"{one.source.id} uses {one.target.id}, which Argo CD syncs later: {text}"
        yield order_issue(view, one, message)


def _is_inverted(one: Dependency) -> bool:
    is_of_database = one.target.id.group_kind == _DATABASE and one.webhook is None
    return is_of_database and one.need is Need.USE and one.order is SyncOrder.AFTER
