"""Which object a parsed manifest is, by the API server's own rules for names."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from gitops_gen.model import ObjectId

_NAMESPACE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?")
_KIND = re.compile(r"[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_API_VERSION = re.compile(
    r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
# A name is a part of a URL. That is the only rule for names of RBAC kinds; others are stricter.
_NAME = re.compile(r"(?!\.{1,2}$)[!-$&-.0-~]{1,253}")


class NotAnObject(Exception):
    """What is wrong with a manifest, as a message states it after the name of its template."""


def identity_of(value: Any) -> tuple[ObjectId, str]:
    """The object's identity and its API version. Raises NotAnObject."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict):
        raise NotAnObject("gives something that is no object")
    api_version, kind, name = value.get("apiVersion"), value.get("kind"), metadata.get("name")
    if not (_is_text(api_version) and _is_text(kind) and _is_text(name)):
        raise NotAnObject("gives an object without apiVersion, kind or name as text")
    _require_valid_names(api_version, kind, name)
    return ObjectId.of(api_version, kind, _namespace(metadata, kind, name), name), api_version


def _require_valid_names(api_version: str, kind: str, name: str) -> None:
    if not _KIND.fullmatch(kind):
        raise NotAnObject(f"gives an object of the impossible kind {_shortened(kind)}")
    if not _API_VERSION.fullmatch(api_version):
        raise NotAnObject(f"gives a {kind} of the impossible apiVersion {_shortened(api_version)}")
    if not _NAME.fullmatch(name):
        raise NotAnObject(f"gives a {kind} of the impossible name {_shortened(name)}")


def _namespace(metadata: dict[str, Any], kind: str, name: str) -> str:
    namespace = metadata.get("namespace")
    namespace = "" if namespace is None else namespace
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise NotAnObject(f"puts {kind} {name!r} into {_shortened(namespace)}, no namespace")
    return namespace


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def _shortened(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}…"
