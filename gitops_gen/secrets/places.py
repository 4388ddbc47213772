"""Whether a message may show what stands at a path, and the keys of the path itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gitops_gen.secrets import texts
from gitops_gen.secrets.declared import declared_place
from gitops_gen.secrets.leaks import secret_in_text
from gitops_gen.secrets.names import (
    Doubt,
    doubt,
    is_certain,
    mentions_a_secret,
    names_a_number,
)
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

_SMALL = re.compile(r"-?[0-9]{1,5}")


def may_be_shown(path: Path, value: Any, beside: str = "") -> bool:
    """Whether a message may show a value by what its path, its own text and a name beside it say.

    A number of few digits is mostly a limit or a time: PASSWORD_MIN_LENGTH, TOKEN_TTL.
    """
    if value is None or isinstance(value, (bool, dict, list)) or texts.is_a_switch(str(value)):
        return True
    if looks_secret(str(value)):
        return False
    if not is_sensitive(path) and not mentions_a_secret(beside):
        return True
    small = _SMALL.fullmatch(str(value)) and not _may_be_a_number(path, beside)
    return bool(small) or _is_expected(path, str(value))


def _may_be_a_number(path: Path, beside: str) -> bool:
    """Whether the secret that is written at this path may be a number of few digits."""
    above = [*_names(path)]
    names = (*above[-1:], beside)
    return any(is_certain(name) for name in above) or any(names_a_number(name) for name in names)


def _is_expected(path: Path, text: str) -> bool:
    place = declared_place(path)
    return place is not None and place.expects(text)


def is_sensitive(path: Path) -> bool:
    """Whether secrets, or their whereabouts, are written at this path or somewhere above it."""
    return any(mentions_a_secret(name) for name in _names(path))


def looks_secret(text: str) -> bool:
    return secret_in_text(text) is not None or texts.names_a_user(text)


def key_may_be_shown(above: Path, key: str) -> bool:
    """Whether a message may show a key of the map at `above`."""
    # A file such as /etc/nginx/htpasswd is described by keys that everybody knows.
    names = (name for name in _names(above) if "/" not in name)
    under_a_secret = any(doubt(name) is Doubt.CERTAIN for name in names)
    return not looks_secret(key) and (not under_a_secret or key in _REFERENCES)


def _names(path: Path) -> Iterator[str]:
    component = 1 if path[:1] and path[0] in _COMPONENTS else None
    return (part for at, part in enumerate(path) if isinstance(part, str) and at != component)
