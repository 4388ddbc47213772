"""Whether a message may show what stands at a path, and the keys of the path itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitops_gen.secrets import texts
from gitops_gen.secrets.leaks import told_by_itself
from gitops_gen.secrets.names import Doubt, doubt, mentions_a_secret
from gitops_gen.secrets.walk import Path

NOT_SHOWN = "the value (not shown: it may be a secret)"
"""What a message says in the place of a value."""
KEY_NOT_SHOWN = "(not shown)"
"""What it says in the place of a key."""

# Their keys are names of components: add-on "external-secrets", a tier "token".
_COMPONENTS = frozenset(["tiers", "addons"])
# What a map under a secret's name may hold when it says where the secret is.
_REFERENCES = frozenset(
    [
        *("name", "key", "keys", "value", "secret", "file", "path", "optional"),
        *("existingSecret", "valueFrom", "secretKeyRef", "secretName", "secretKey"),
    ]
)


def may_be_shown(path: Path, value: Any) -> bool:
    """Whether a message may show a value by what its path and its own text say."""
    if value is None or isinstance(value, (bool, dict, list)) or texts.is_a_switch(str(value)):
        return True
    return not is_sensitive(path) and not looks_secret(str(value))


def is_sensitive(path: Path) -> bool:
    """Whether secrets, or their whereabouts, are written at this path or somewhere above it."""
    return any(mentions_a_secret(name) for name in _names(path))


def looks_secret(text: str) -> bool:
    return told_by_itself(text) is not None or texts.names_a_user(text)


def key_may_be_shown(above: Path, key: str) -> bool:
    """Whether a message may show a key of the map at `above`."""
    # A file such as /etc/nginx/htpasswd is described by keys that everybody knows.
    names = (name for name in _names(above) if "/" not in name)
    under_a_secret = any(doubt(name) is Doubt.CERTAIN for name in names)
    return not looks_secret(key) and (not under_a_secret or key in _REFERENCES)


def _names(path: Path) -> Iterator[str]:
    component = 1 if path[:1] and path[0] in _COMPONENTS else None
    return (part for at, part in enumerate(path) if isinstance(part, str) and at != component)
