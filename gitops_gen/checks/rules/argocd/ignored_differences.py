"""Ignored differences without an object."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from gitops_gen.checks.view import (
    EnvironmentView,
    ObjectIssue,
    Undetermined,
    maps_in,
    not_hydrated_reason,
)
from gitops_gen.model import Rule, Values
from gitops_gen.objects.kube_object import KubeObject

RULE = Rule(
    "argocd-ignored-differences",
    title="Every entry of ignoreDifferences matches an object",
    why="An entry that matches no object ignores nothing: Argo CD shows the difference that "
    "it was written for, and reverts it.",
    remedy="Correct the group, the kind, the name or the namespace of the entry.",
    bad="""\
kind: Application
spec:
  ignoreDifferences:
    - {group: "", kind: Deployment, jsonPointers: [/spec/replicas]}""",
    good="""\
kind: Application
spec:
  ignoreDifferences:
    - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    for name, application in view.applications.items():
        component = view.components.get(name)
        for index, entry in maps_in(application.value, "spec", "ignoreDifferences"):
            if component is not None and not component.source.is_hydrated:
                yield Undetermined("ignored differences", not_hydrated_reason(component))
            elif not any(_matches(entry, item) for item in view.of_component(name)):
                text = f"entry {index} of ignoreDifferences of {application.id} matches no object"
                yield ObjectIssue(application, text, ("spec", "ignoreDifferences", index))


def _matches(entry: Values, item: KubeObject) -> bool:
    identity = item.id
    names = {"name": identity.name, "namespace": identity.namespace}
    return (
        fnmatchcase(identity.group, str(entry.get("group") or ""))
        and fnmatchcase(identity.kind, str(entry.get("kind") or ""))
        and all(not entry.get(key) or entry[key] == text for key, text in names.items())
    )
