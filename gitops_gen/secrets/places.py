"""Whether a message may show the value at a path, and the keys of the path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from gitops_gen.secrets import texts
from gitops_gen.secrets.declared import declared_place
from gitops_gen.secrets.leaks import secret_in_text
from gitops_gen.secrets.names import (
    Likelihood,
    is_certain,
    likelihood,
    mentions_a_secret,
    names_a_number,
)
from gitops_gen.secrets.walk import Path

NOT_SHOWN = "the value (not shown: it may be a secret)"
"""The text that replaces a value in a message."""
KEY_NOT_SHOWN = "(not shown)"
"""The text that replaces a key in a message."""

# Sections whose keys are names of components, such as "external-secrets" or a tier "token".
_COMPONENTS = frozenset(["tiers", "addons"])
# Keys of a map that refers to a secret.
_REFERENCES = frozenset(
    [
        *("name", "key", "keys", "value", "secret", "file", "path", "optional"),
        *("existingSecret", "valueFrom", "secretKeyRef", "secretName", "secretKey"),
    ]
)

_SMALL = re.compile(r"-?[0-9]{1,5}")


def may_be_shown(path: Path, value: Any, beside: str = "") -> bool:
    """Whether a message may show a value, according to its path, its text and its name `beside` it.

    A number with few digits is usually a limit or a time: PASSWORD_MIN_LENGTH, TOKEN_TTL.
    """
    if value is None or isinstance(value, (bool, dict, list)) or texts.is_flag(str(value)):
        return True
    if looks_secret(str(value)):
        return False
    if not is_sensitive(path) and not mentions_a_secret(beside):
        return True
    small = _SMALL.fullmatch(str(value)) and not _may_be_a_number(path, beside)
    return bool(small) or _is_expected(path, str(value))


def _may_be_a_number(path: Path, beside: str) -> bool:
    """Whether a secret at this path may be a number with few digits."""
    above = [*_names(path)]
    names = (*above[-1:], beside)
    return any(is_certain(name) for name in above) or any(names_a_number(name) for name in names)


def _is_expected(path: Path, text: str) -> bool:
    place = declared_place(path)
    return place is not None and place.expects(text)


def is_sensitive(path: Path) -> bool:
    """Whether this path, or a path above it, is for secrets or for references to them."""
    return any(mentions_a_secret(name) for name in _names(path))


def looks_secret(text: str) -> bool:
    return secret_in_text(text) is not None or texts.is_url_with_user(text)


def key_may_be_shown(above: Path, key: str) -> bool:
    """Whether a message may show a key of the map at `above`."""
    # The keys below a file such as /etc/nginx/htpasswd are not secret.
    names = (name for name in _names(above) if "/" not in name)
    under_a_secret = any(likelihood(name) is Likelihood.CERTAIN for name in names)
    return not looks_secret(key) and (not under_a_secret or key in _REFERENCES)


def refused_key_may_be_shown(above: Path, key: str) -> bool:
    """Returns whether a message may show a key that is not allowed in the map at `above`.

    At a path for secrets, such a key may be a secret in braces; at any path, `key:value` without
    a space is one key that contains the value.
    """
    return ":" not in key and not is_sensitive(above) and not looks_secret(key)


def _names(path: Path) -> Iterator[str]:
    component = 1 if path[:1] and path[0] in _COMPONENTS else None
    return (part for at, part in enumerate(path) if isinstance(part, str) and at != component)
