"""Objects of charts that Argo CD never runs, so that they are not written."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at
from gitops_gen.render.hydrate.protection import options

HELM_HOOK = "helm.sh/hook"
_ARGOCD_HOOK = "argocd.argoproj.io/hook"
_TESTS = frozenset({"test", "test-success", "test-failure"})
_RUN_BY_ARGOCD = frozenset(
    {
        "crd-install",
        "post-delete",
        "post-install",
        "post-upgrade",
        "pre-delete",
        "pre-install",
        "pre-upgrade",
    }
)
"""The hooks of Helm that Argo CD runs at a sync, or when the Application is deleted."""


class Omission(StrEnum):
    """Why an object that Helm printed is not written."""

    TEST = "test"
    """`helm test` creates it, and nothing else does."""
    HOOK = "hook"
    """It is a hook of Helm that Argo CD does not have, such as pre-rollback."""


def left_out(value: Any) -> Omission | None:
    """Why an object is not written, or None if it is."""
    annotations = as_map(value_at(value, "metadata", "annotations"))
    texts = {key: text for key, text in annotations.items() if isinstance(text, str)}
    hooks = frozenset(options(texts, HELM_HOOK))
    if hooks & _TESTS:
        return Omission.TEST
    if _ARGOCD_HOOK in texts or not hooks or hooks & _RUN_BY_ARGOCD:
        return None
    return Omission.HOOK


def is_hook(item: KubeObject) -> bool:
    """Whether Argo CD runs the object as a hook."""
    if b"/hook" not in item.content:
        return False
    annotations = as_map(value_at(item.value, "metadata", "annotations"))
    return _ARGOCD_HOOK in annotations or HELM_HOOK in annotations
