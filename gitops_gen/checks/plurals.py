"""The plural of a kind, which webhooks, roles and quotas name."""

from __future__ import annotations

from gitops_gen.checks.view import EnvironmentView
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

_IRREGULAR = {("", "Endpoints"): "endpoints"}


def plural_of(view: EnvironmentView, item: KubeObject) -> str:
    """Returns the plural that the rendered definition states, or that Kubernetes uses."""
    definition = view.definitions.get(item.id.group_kind)
    if definition is not None:
        return str(value_at(definition.value, "spec", "names", "plural"))
    return _IRREGULAR.get(item.id.group_kind) or _regular(item.id.kind.lower())


def _regular(word: str) -> str:
    if word.endswith(("s", "x", "ch")):
        return f"{word}es"
    is_changed = word.endswith("y") and not word.endswith(("ay", "ey", "oy"))
    return f"{word[:-1]}ies" if is_changed else f"{word}s"
