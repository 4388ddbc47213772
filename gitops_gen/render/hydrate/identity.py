"""Determines the identity of a parsed manifest, by the rules of the API server for names."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from gitops_gen.model import ObjectId

_NAMESPACE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?")
_KIND = re.compile(r"[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_API_VERSION = re.compile(
    r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
# A name is a part of a URL. This is the only rule for names of RBAC kinds; others are stricter.
_NAME = re.compile(r"(?!\.{1,2}$)[!-$&-.0-~]{1,253}")


class NotAnObject(Exception):
    """The problem of a manifest, as text that follows the name of its template in a message."""


def identity_of(value: Any) -> tuple[ObjectId, str]:
    """The object's identity and its API version. Raises NotAnObject."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict):
        raise NotAnObject("renders a document that is not an object")
    api_version, kind, name = value.get("apiVersion"), value.get("kind"), metadata.get("name")
    if name is None and _is_text(metadata.get("generateName")):
        raise NotAnObject(
            "renders an object with generateName, which has no name before it is created and would "
            "be created again by every sync; write metadata.name, and for a hook also "
            "argocd.argoproj.io/hook-delete-policy: BeforeHookCreation"
        )
    if not (_is_text(api_version) and _is_text(kind) and _is_text(name)):
        raise NotAnObject("renders an object whose apiVersion, kind or name is not a string")
    _require_valid_names(api_version, kind, name)
    return ObjectId.of(api_version, kind, _namespace(metadata, kind, name), name), api_version


def _require_valid_names(api_version: str, kind: str, name: str) -> None:
    if not _KIND.fullmatch(kind):
        raise NotAnObject(f"renders an object with the invalid kind {_shortened(kind)}")
    if not _API_VERSION.fullmatch(api_version):
        raise NotAnObject(f"renders a {kind} with the invalid apiVersion {_shortened(api_version)}")
    if not _NAME.fullmatch(name):
        raise NotAnObject(f"renders a {kind} with the invalid name {_shortened(name)}")


def _namespace(metadata: dict[str, Any], kind: str, name: str) -> str:
    namespace = metadata.get("namespace")
    namespace = "" if namespace is None else namespace
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise NotAnObject(
            f"renders {kind} {name!r} with the invalid namespace {_shortened(namespace)}"
        )
    return namespace


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def _shortened(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}…"
