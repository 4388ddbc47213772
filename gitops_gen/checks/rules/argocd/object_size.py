"""Objects that are too large for client-side apply."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import EnvironmentView, ObjectIssue, annotations_of
from gitops_gen.model import Rule
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, value_at
from gitops_gen.render.hydrate.protection import (
    SYNC_OPTIONS,
    certainly_small,
    is_large,
    option,
    options,
)

RULE = Rule(
    "argocd-object-size",
    title="Argo CD applies a large object on the server side",
    why="Client-side apply stores a copy of the object in an annotation, and the API server "
    "refuses annotations with more than 262144 bytes. CustomResourceDefinitions are often "
    "larger. gitops-gen adds the option for server-side apply, unless the chart states "
    "otherwise.",
    remedy="Remove the option ServerSideApply=false from the object, or set it to true.",
    bad="""\
kind: CustomResourceDefinition  # with more than 256 KiB
metadata:
  annotations: {argocd.argoproj.io/sync-options: ServerSideApply=false}""",
    good="""\
kind: CustomResourceDefinition
metadata:
  annotations: {argocd.argoproj.io/sync-options: ServerSideApply=true}""",
)
_OPTION = "ServerSideApply"


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for item in view.objects:
        if certainly_small(item.content) or not is_large(item.value):
            continue
        if not _is_applied_otherwise(item, view.applications.get(item.component)):
            text = (
                f"{item.id} is too large for client-side apply; set '{SYNC_OPTIONS}: "
                f"{_OPTION}=true' on it"
            )
            yield ObjectIssue(item, text, ("metadata", "annotations", SYNC_OPTIONS))


def _is_applied_otherwise(item: KubeObject, application: KubeObject | None) -> bool:
    """Whether Argo CD applies the object on the server side, or replaces it."""
    found = dict(annotations_of(item))
    if "Replace=true" in options(found, SYNC_OPTIONS):
        return True
    stated = option(found, _OPTION)
    if stated is not None or application is None:
        return stated == "true"
    return f"{_OPTION}=true" in as_list(
        value_at(application.value, "spec", "syncPolicy", "syncOptions")
    )
