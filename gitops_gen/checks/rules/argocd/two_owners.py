"""Objects that two others create."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.targets import created_by
from gitops_gen.checks.view import NAMESPACE, EnvironmentView, ObjectIssue
from gitops_gen.model import ObjectId, Rule
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, value_at

RULE = Rule(
    "argocd-two-owners",
    title="Each object is created once",
    why="Two owners undo each other's changes: two controllers that write one Secret, or an "
    "Application that creates its namespace and another one that renders the same "
    "Namespace. The Applications never stay Synced.",
    remedy="Give one of the objects another name, or remove it.",
    bad="""\
kind: ExternalSecret
metadata: {name: token}
---
kind: ExternalSecret
metadata: {name: token-copy}
spec: {target: {name: token}}""",
    good="""\
kind: ExternalSecret
metadata: {name: token}
---
kind: ExternalSecret
metadata: {name: token-copy}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    owners: dict[ObjectId, KubeObject] = {}
    created = [(item, *one) for item in view.objects for one in created_by(item)]
    # An object that creates a Secret of its own name is probably right.
    created.sort(key=lambda one: one[2] != ("metadata", "name"))
    for item, target, path in created:
        first = owners.setdefault(target, view.by_id.get(target, item))
        if first is not item:
            text = f"{item.id} creates {target}, which {_action(first, target)}"
            yield ObjectIssue(item, text, path, (first,))
    yield from _namespaces(view)


def _action(first: KubeObject, target: ObjectId) -> str:
    return f"{first.component} renders too" if first.id == target else f"{first.id} creates too"


def _namespaces(view: EnvironmentView) -> Iterator[ObjectIssue]:
    """Yields the rendered Namespaces that an Application creates too."""
    created = {
        str(value_at(one.value, "spec", "destination", "namespace")): one
        for one in view.applications.values()
        if "CreateNamespace=true"
        in as_list(value_at(one.value, "spec", "syncPolicy", "syncOptions"))
    }
    for item in view.of_kind(NAMESPACE):
        if application := created.get(item.id.name):
            text = f"{item.component} renders {item.id}, which {application.id} creates too"
            yield ObjectIssue(item, text, ("metadata", "name"), (application,))
