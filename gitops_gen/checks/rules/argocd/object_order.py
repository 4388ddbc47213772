"""Objects that wait for objects which their Application syncs later."""

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
    "argocd-object-order",
    title="No object is synced before an object of its Application that it requires",
    why="Argo CD syncs the phases PreSync, Sync and PostSync of an Application one after the "
    "other, and in each phase one wave after the other. It waits until all objects of a "
    "wave are healthy. A hook that runs before its ServiceAccount exists never completes.",
    remedy="Make the hook a Sync hook in a later wave than the objects that it requires, or give "
    "these objects a lower wave.",
    bad="""\
kind: Job
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  template:
    spec: {serviceAccountName: migrate}
---
kind: ServiceAccount
metadata: {name: migrate}""",
    good="""\
kind: Job
metadata:
  name: migrate
  annotations:
    argocd.argoproj.io/hook: Sync
spec:
  template:
    spec: {serviceAccountName: migrate}
---
kind: ServiceAccount
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/sync-wave: "-1"}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    inverted = (one for one in blocking(view) if one.in_one_application)
    for one, number in once_for_shared_targets(inverted):
        text = (
            f"{one}, which Argo CD syncs later: in {one.target_place}, after "
            f"{one.source_place}{more(number)}"
        )
        yield order_issue(view, one, text)
