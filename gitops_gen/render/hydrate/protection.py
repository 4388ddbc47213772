"""Adds annotations for Argo CD and Helm to hydrated objects.

Built-in charts contain the annotations that protect their data. An object of a repository chart
that holds data gets the same annotations here, unless the chart states otherwise. An object of any
chart that is too large for client-side apply gets the option for server-side apply.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from gitops_gen.model import Values

Kind: TypeAlias = tuple[str, str]
"""API group and kind."""

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
"""The sync options that define whether Argo CD may delete an object that was removed from Git, or
whose Application is deleted."""
_ANSWERS = frozenset({"true", "false", "confirm"})
_HOOK = "argocd.argoproj.io/hook"
_HELM_HOOK = "helm.sh/hook"

# Client-side apply stores a copy of the object in an annotation. This is the limit of the API
# server for all annotations of an object, in bytes.
_LARGEST = 262_144
# Reserved for the name of that annotation, and for the tracking annotation of Argo CD.
_MARGIN = 2_048
# The maximum number of JSON bytes per byte of YAML: "<" is written as \u003c.
_GROWTH = 6


def certainly_small(content: bytes) -> bool:
    """Whether a document without aliases is small enough for client-side apply, without parsing."""
    return len(content) * _GROWTH <= _LARGEST - _MARGIN


def annotated(kind: Kind, value: Values, *, protect_data: bool) -> Values:
    """The object with the missing annotations, or the same instance if none is missing.

    `protect_data` is set for objects of charts that do not protect their data themselves.
    """
    before = _annotations(value)
    if before is None:
        return (
            value  # The API server refuses this object; `unprotected` reports it if it holds data.
        )
    annotations = dict(before)
    if protect_data and kind in HOLDS_DATA:
        _protect(annotations)
    if is_large(value):
        _add(annotations, SYNC_OPTIONS, "ServerSideApply=true")
    if annotations == before:
        return value
    return {**value, "metadata": {**value["metadata"], "annotations": annotations}}


def unprotected(kind: Kind, value: Values) -> str | None:
    """The reason why an object that holds data can be deleted, with the fix; None if protected."""
    if kind not in HOLDS_DATA:
        return None
    annotations = _annotations(value)
    if annotations is None:
        return "with annotations that are not strings, so it cannot be protected; quote them"
    if reason := _unclear(annotations):
        return reason
    if _is_given_up(annotations) or not (reason := _deleted_all_the_same(annotations)):
        return None
    given_up = f"'{SYNC_OPTIONS}: Prune=true,Delete=true'"
    return f"{reason}, or set {given_up} if it contains no data to keep"


def options(annotations: Values, name: str) -> list[str]:
    """The options in an annotation, split in the way of Argo CD."""
    parts = (part.strip() for part in (annotations.get(name) or "").split(","))
    return [part for part in parts if part]


def option(annotations: Values, key: str) -> str | None:
    """The value of a sync option. Argo CD uses the first of two values."""
    return next(iter(_values_of(annotations, key)), None)


def _values_of(annotations: Values, key: str) -> list[str]:
    stated = (item.partition("=") for item in options(annotations, SYNC_OPTIONS))
    return [value for name, equals, value in stated if name == key and equals]


def _annotations(value: Values) -> Values | None:
    """The annotations of an object, or None if they are not a map of strings.

    The API server reads a null as an empty string.
    """
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
        # An object that is kept after its removal from Git must not make its Application OutOfSync.
        _add(annotations, COMPARE_OPTIONS, "IgnoreExtraneous")
    if option(annotations, "Delete") == "false":
        # Argo CD also respects this annotation, so it must not contradict the options of the chart.
        annotations.setdefault(RESOURCE_POLICY, "keep")


def _add(annotations: Values, name: str, option: str) -> None:
    """Adds an option, unless the object already sets it to any value."""
    stated = options(annotations, name)
    key = option.partition("=")[0]
    if key not in {item.partition("=")[0] for item in stated}:
        annotations[name] = ",".join([*stated, option])


def is_large(value: Values) -> bool:
    """Whether the object is too large as JSON in which <, > and & are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    escaped = sum(map(text.count, "<>&")) * (_GROWTH - 1)
    annotations = json.dumps(value["metadata"].get("annotations"), ensure_ascii=False)
    size = len(text.encode()) + escaped + len(annotations.encode())
    return size > _LARGEST - _MARGIN


def _unclear(annotations: Values) -> str | None:
    """The reason why the sync options do not define whether Argo CD may delete the object."""
    written = options(annotations, SYNC_OPTIONS)
    for key in _DELETING:
        values = set(_values_of(annotations, key))
        if len(values) > 1:
            return (
                f"with two values of {key} in '{SYNC_OPTIONS}', of which Argo CD uses only the "
                "first; remove one of them"
            )
        if key in written or values - _ANSWERS:
            return (
                f"with an unknown value of {key} in '{SYNC_OPTIONS}', so Argo CD would delete the "
                f"object; write {key}=false, {key}=confirm or {key}=true"
            )
    return None


def _is_given_up(annotations: Values) -> bool:
    """Whether the chart states that the object may be deleted."""
    return all(option(annotations, key) == "true" for key in _DELETING)


def _deleted_all_the_same(annotations: Values) -> str | None:
    """The reason why Argo CD would delete an object that is still in Git, with the fix."""
    if hook := _hook(annotations):
        return (
            f"as a hook ('{hook}'), which Argo CD deletes at a later sync even if it is "
            "protected; remove that annotation"
        )
    chosen = options(annotations, SYNC_OPTIONS)
    if "Force=true" in chosen:
        when = (
            "at every sync" if "Replace=true" in chosen else "when the API server refuses a change"
        )
        return (
            f"with 'Force=true' in '{SYNC_OPTIONS}', so Argo CD deletes and recreates it {when} "
            "even if it is protected; remove that option"
        )
    return None


def _hook(annotations: Values) -> str | None:
    """The annotation that makes the object a hook in Argo CD, or None."""
    if _HOOK in annotations:
        return None if options(annotations, _HOOK) == ["Skip"] else _HOOK
    kind: Any = annotations.get(_HELM_HOOK, "crd-install")
    return None if kind == "crd-install" else _HELM_HOOK
