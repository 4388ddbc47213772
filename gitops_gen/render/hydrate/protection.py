"""Annotations for Argo CD and Helm that hydrated objects get in addition to those of their chart.

First-party charts write the annotations that protect their data themselves. An object that holds
data in a chart of the user's own gets the same ones here, unless its chart states otherwise. An
object of any chart that is too large for client-side apply gets the option for server-side apply.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from gitops_gen.model import Values

Kind: TypeAlias = tuple[str, str]
"""(group, kind)"""

HOLDS_DATA = frozenset(
    {
        ("", "Namespace"),
        ("", "PersistentVolume"),
        ("", "PersistentVolumeClaim"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apps", "StatefulSet"),
    }
)
"""Kinds whose objects hold data, or whose deletion deletes data."""

SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
COMPARE_OPTIONS = "argocd.argoproj.io/compare-options"
RESOURCE_POLICY = "helm.sh/resource-policy"
_DELETING = ("Prune", "Delete")
"""The sync options that say whether Argo CD may delete: an object that left Git, or one whose
Application is deleted."""
_ANSWERS = frozenset({"true", "false", "confirm"})
_HOOK = "argocd.argoproj.io/hook"
_HELM_HOOK = "helm.sh/hook"

# Client-side apply keeps a copy of the object in an annotation, and the API server admits so many
# bytes in all annotations of an object.
_LARGEST = 262_144
# For the name of that annotation, and for the one by which Argo CD tracks the object.
_MARGIN = 2_048
# A byte of YAML becomes at most so many of JSON: "<" is written \u003c.
_GROWTH = 6


def certainly_small(content: bytes) -> bool:
    """Whether a document without aliases is small enough for client-side apply; not parsed."""
    return len(content) * _GROWTH <= _LARGEST - _MARGIN


def annotated(kind: Kind, value: Values, *, protect_data: bool) -> Values:
    """The object with the annotations that it lacks; the same instance where it lacks none.

    `protect_data` is for objects of charts that do not protect their data themselves.
    """
    before = _annotations(value)
    if before is None:
        return value  # The API server refuses it; `unprotected` says so where data is at stake.
    annotations = dict(before)
    if protect_data and kind in HOLDS_DATA:
        _protect(annotations)
    if _is_large(value):
        _add(annotations, SYNC_OPTIONS, "ServerSideApply=true")
    if annotations == before:
        return value
    return {**value, "metadata": {**value["metadata"], "annotations": annotations}}


def unprotected(kind: Kind, value: Values) -> str | None:
    """Why an object that holds data can be deleted despite its protection, and what to do."""
    if kind not in HOLDS_DATA:
        return None
    annotations = _annotations(value)
    if annotations is None:
        return "with annotations that are not all text, so that it cannot be protected; quote them"
    if reason := _unclear(annotations):
        return reason
    if _is_given_up(annotations) or not (reason := _deleted_all_the_same(annotations)):
        return None
    given_up = f"'{SYNC_OPTIONS}: Prune=true,Delete=true'"
    return f"{reason}, or state {given_up} if nothing in it is to be kept"


def options(annotations: Values, name: str) -> list[str]:
    """The options in an annotation, split as Argo CD splits them."""
    parts = (part.strip() for part in (annotations.get(name) or "").split(","))
    return [part for part in parts if part]


def option(annotations: Values, key: str) -> str | None:
    """The value of a sync option; of two values, Argo CD uses the first."""
    return next(iter(_values_of(annotations, key)), None)


def _values_of(annotations: Values, key: str) -> list[str]:
    stated = (item.partition("=") for item in options(annotations, SYNC_OPTIONS))
    return [value for name, equals, value in stated if name == key and equals]


def _annotations(value: Values) -> Values | None:
    """An object's annotations; None where they are no map of texts. The API server reads a null
    as an empty text."""
    annotations = value["metadata"].get("annotations")
    if annotations is None:
        return {}
    is_valid = isinstance(annotations, dict) and all(
        isinstance(text, str | None) for text in annotations.values()
    )
    return annotations if is_valid else None


def _protect(annotations: Values) -> None:
    _add(annotations, SYNC_OPTIONS, "Prune=false")
    _add(annotations, SYNC_OPTIONS, "Delete=false")
    if option(annotations, "Prune") == "false":
        # An object that is kept after it left Git must not leave its Application OutOfSync.
        _add(annotations, COMPARE_OPTIONS, "IgnoreExtraneous")
    if option(annotations, "Delete") == "false":
        # Argo CD follows this annotation as well, so it must not contradict the chart's options.
        annotations.setdefault(RESOURCE_POLICY, "keep")


def _add(annotations: Values, name: str, option: str) -> None:
    """Adds an option, unless the object states that option already, with whatever value."""
    stated = options(annotations, name)
    key = option.partition("=")[0]
    if key not in {item.partition("=")[0] for item in stated}:
        annotations[name] = ",".join([*stated, option])


def _is_large(value: Values) -> bool:
    """Whether the object is too large, as kubectl and Argo CD write it: they escape <, > and &."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    escaped = sum(map(text.count, "<>&")) * (_GROWTH - 1)
    annotations = json.dumps(value["metadata"].get("annotations"), ensure_ascii=False)
    size = len(text.encode()) + escaped + len(annotations.encode())
    return size > _LARGEST - _MARGIN


def _unclear(annotations: Values) -> str | None:
    """Why it is not clear from the sync options whether Argo CD may delete the object."""
    written = options(annotations, SYNC_OPTIONS)
    for key in _DELETING:
        values = set(_values_of(annotations, key))
        if len(values) > 1:
            return (
                f"with two values of {key} in '{SYNC_OPTIONS}', of which Argo CD heeds the first "
                "alone; keep one"
            )
        if key in written or values - _ANSWERS:
            return (
                f"with a value of {key} in '{SYNC_OPTIONS}' that Argo CD does not know, so that it "
                f"deletes the object; write {key}=false, {key}=confirm or {key}=true"
            )
    return None


def _is_given_up(annotations: Values) -> bool:
    """Whether the chart states that the object may be deleted, whatever is in it."""
    return all(option(annotations, key) == "true" for key in _DELETING)


def _deleted_all_the_same(annotations: Values) -> str | None:
    """What makes Argo CD delete an object that is still in Git, and what to do about it."""
    if hook := _hook(annotations):
        return (
            f"as a hook ('{hook}'), which Argo CD deletes at a later sync, whatever protects it; "
            "remove that annotation"
        )
    chosen = options(annotations, SYNC_OPTIONS)
    if "Force=true" in chosen:
        when = "at every sync" if "Replace=true" in chosen else "when a change of it is refused"
        return (
            f"with 'Force=true' in '{SYNC_OPTIONS}', by which Argo CD deletes it and makes it anew "
            f"{when}, whatever protects it; remove that option"
        )
    return None


def _hook(annotations: Values) -> str | None:
    """The annotation by which Argo CD takes the object for a hook."""
    if _HOOK in annotations:
        return None if options(annotations, _HOOK) == ["Skip"] else _HOOK
    kind: Any = annotations.get(_HELM_HOOK, "crd-install")
    return None if kind == "crd-install" else _HELM_HOOK
