"""Which differences between a manifest and the stored object Argo CD shows as OutOfSync.

Before Argo CD compares an object of a built-in kind, it converts both manifests to the type of the
kind: empty fields are then dropped, and quantities have one form (`1` for `1000m`). It ignores the
status, and converts `stringData` of a Secret as the API server does. A difference of any other kind
remains visible permanently. A rehearsal with Argo CD 3.5 confirmed this for the cases in
tests/integration/check/same_for_argocd.yaml.
"""

from __future__ import annotations

from typing import Any

from gitops_gen.apicheck import Change
from gitops_gen.components.quantities import value
from gitops_gen.model import ObjectId, Path
from gitops_gen.render.hydrate.scope import BUILT_IN

_MISSING = object()


def is_visible(change: Change, identity: ObjectId, manifest: Any, stored: Any) -> bool:
    """Whether Argo CD shows the change. `manifest` and `stored` are the values of the object."""
    path = change.path.parts
    if path[:1] == ("status",):
        return False
    if identity.group not in BUILT_IN:
        return True
    if identity.group_kind == ("", "Secret") and path[:1] == ("stringData",):
        return False
    before = _at(manifest, path)
    if change.dropped:
        return not _is_empty(before)
    return not _is_same_quantity(before, _at(stored, path))


def _at(document: Any, path: Path) -> Any:
    """Returns the value at a path that exists; otherwise an object that equals nothing."""
    try:
        for part in path:
            document = document[part]
    except (KeyError, IndexError, TypeError):
        return _MISSING
    return document


def _is_empty(field: Any) -> bool:
    """Whether Go's JSON encoder omits a field with this value, if its type says omitempty."""
    if isinstance(field, dict):
        return all(map(_is_empty, field.values()))
    return field is None or field in (False, 0, "") or field == []


def _is_same_quantity(before: Any, after: Any) -> bool:
    try:
        return value(str(before)) == value(str(after))
    except ValueError:
        return False
