"""Plaintext secrets, found by structure: a sensitive name with a literal value, credentials
in an address, a private key. Names and references (`existingSecret`, `*File`, `*Key`) pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from gitops_gen.inputs.walk import scalars
from gitops_gen.model import Environment, Finding, Path

RULE = "plaintext-secret"

_SENSITIVE = frozenset(
    [
        *("password", "passwd", "pwd", "passphrase", "secret", "token"),
        *("apikey", "privatekey", "credential", "credentials"),
    ]
)
# "api key", "private key": a value; "password key", "secret key": the name of a key.
_KEY_OF = frozenset(["api", "private", "access", "signing", "encryption", "master"])
# What these keys hold is the name of a Secret, wherever they stand.
_REFERENCES = frozenset({"secret", "existingSecret", "configSecret", "databasePassword"})
_REFERENCE = re.compile(r"\$\(\w+\)|\$\{\w+\}|arn:[\w:/.*+=,@-]+|sha256:[0-9a-f]{64}|/[\w./-]+|")
_CONTENT = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    (re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:(?!\$[({])[^\s/@]+@"), "a password in an address"),
    (re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"), "an AWS access key"),
    (re.compile(r"\b(ghp|gho|ghs|github_pat|glpat|xox[abp])[_-][A-Za-z0-9_-]{16,}"), "a token"),
    (re.compile(r"https://hooks\.slack\.com/services/\S+"), "a webhook's address, a secret"),
)
_ADVICE = "put it into a Secret and name that (Secrets are never values)"


def findings(environment: Environment) -> Iterable[Finding]:
    for path, value in scalars(environment.values):
        reason = _reason(environment.values, path, value)
        if reason:
            yield environment.finding(RULE, path, f"holds {reason}; {_ADVICE}")


def _reason(values: Any, path: Path, value: Any) -> str | None:
    if isinstance(value, str):
        for pattern, reason in _CONTENT:
            if pattern.search(value):
                return reason
    name = _name(values, path)
    if name is not None and _sensitive(name) and _literal(value):
        return f"what '{name}' names, as plain text"
    return None


def _name(values: Any, path: Path) -> str | None:
    """The name that a scalar stands under: its key, or `name` beside it where it is `value`."""
    keys = [part for part in path if isinstance(part, str)]
    if not keys or (path and isinstance(path[-1], int)):
        return None
    if path[-1] == "value":
        beside = _at(values, path[:-1]).get("name")
        return beside if isinstance(beside, str) else None
    return keys[-1]


def _at(values: Any, path: Path) -> Any:
    for part in path:
        values = values[part]
    return values


def _sensitive(name: str) -> bool:
    if name in _REFERENCES:
        return False
    words = [word.lower() for word in _words(name)]
    if not words:
        return False
    if words[-1] in _SENSITIVE:
        return True
    is_key = words[-1] == "key" and len(words) > 1
    # SECRET_KEY is how programs call a key itself; secretKey is how charts name one's key.
    return is_key and (words[-2] in _KEY_OF or (name.isupper() and words[-2] == "secret"))


def _words(name: str) -> Iterator[str]:
    return (match.group() for match in re.finditer(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name))


def _literal(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    return not (isinstance(value, str) and _REFERENCE.fullmatch(value))
