"""Objects in namespaces that nothing creates."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import NAMESPACE, EnvironmentView, ObjectIssue
from gitops_gen.components.platform.namespaces import never_owned
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Rule
from gitops_gen.objects.plain import as_list, value_at

RULE = Rule(
    "argocd-namespace",
    title="The namespace of every object is created",
    why="The API server refuses an object if its namespace does not exist, so the sync fails.",
    remedy="Correct the namespace of the object, or let a chart render the Namespace. If "
    "something outside of this repository creates the namespace, excuse the finding.",
    excusable=True,
    bad="""\
kind: ConfigMap
metadata: {name: settings, namespace: reports}""",
    good="""\
kind: Namespace
metadata: {name: reports}
---
kind: ConfigMap
metadata: {name: settings, namespace: reports}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    created = {item.id.name for item in view.of_kind(NAMESPACE)} | never_owned()
    created |= set(_of_applications(view))
    for item in view.objects:
        namespace = item.id.namespace
        if namespace and namespace not in created:
            text = (
                f"nothing creates the namespace {namespace} of {item.id}"
                f"{did_you_mean(namespace, created)}"
            )
            yield ObjectIssue(item, text, ("metadata", "namespace"))


def _of_applications(view: EnvironmentView) -> Iterator[str]:
    for one in view.applications.values():
        chosen = as_list(value_at(one.value, "spec", "syncPolicy", "syncOptions"))
        if "CreateNamespace=true" in chosen:
            yield str(value_at(one.value, "spec", "destination", "namespace"))
