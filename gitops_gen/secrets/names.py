"""How likely a value is a secret, according to its name."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise


class Likelihood(IntEnum):
    """Whether the value with a name is a secret."""

    NONE = 0
    PERHAPS = 1
    CERTAIN = 2


_CERTAIN = ("password", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "token")
# Endings of words without a separator, as in `adminpassword`.
_ENDINGS = (
    *("password", "passwd", "passphrase", "apikey", "privatekey", "secretkey", "accesskey"),
    *("dbpass", "userpass", "adminpass", "rootpass", "pgpass", "smtppass", "requirepass"),
    "masterauth",
)
_TOKENS = ("authtoken", "accesstoken", "bearertoken", "refreshtoken", "apitoken", "clientsecret")
# "api key", "private key": a value. "password key", "secret key": perhaps the name of a key.
_KEYS = frozenset(
    [
        *("api", "app", "private", "signing", "encryption", "master", "license", "routing"),
        *("integration", "hmac", "jwt", "session", "cookie", "webhook", "deploy", "account"),
    ]
)
# "client secret": a value. "tls secret", "existing secret": perhaps the name of a Secret.
_SECRETS = frozenset(
    ["client", "shared", "jwt", "session", "cookie", "hmac", "signing", "app", "oauth", "consumer"]
)
_PERHAPS = frozenset(["secret", "credential", "credentials", "key", "auth", "salt"])
_PLURALS = frozenset(["passwords", "passphrases", "apikeys", "tokens"])
# Words after which the name still means a secret: PASSWORD_BASE64, TOKEN_PROD.
_QUALIFIERS = frozenset(
    [
        *("value", "plain", "plaintext", "cleartext", "text", "string", "base", "b", "encoded"),
        *("hash", "hashed", "bcrypt", "prod", "production", "dev", "staging", "old", "new"),
        *("default", "initial", "current", "previous", "primary", "secondary", "temporary"),
    ]
)
_PUBLIC = frozenset(["public", "publishable"])
_REMEMBERED = 4096
"""How many names are remembered: manifests contain the same few hundred again and again."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(_REMEMBERED)
def likelihood(name: str) -> Likelihood:
    """Returns how likely a value with this name is a secret."""
    words = _words(name)
    if not words or _PUBLIC.intersection(words):
        return Likelihood.NONE
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in _CERTAIN or last.endswith((*_ENDINGS, *_TOKENS)):
        return Likelihood.CERTAIN
    is_program_style = _is_program_style(name)
    if last == "key" and (before in _KEYS or words[-3:-1] == ["secret", "access"]):
        return Likelihood.CERTAIN
    if last == "key" and before == "secret" and is_program_style:
        return Likelihood.CERTAIN
    if last in ("secret", "credentials") and (before in _SECRETS or (is_program_style and before)):
        return Likelihood.CERTAIN
    return Likelihood.PERHAPS if last in _PERHAPS or identifies_a_secret(name) else Likelihood.NONE


@lru_cache(_REMEMBERED)
def singular(name: str) -> str:
    """Returns `password` for `passwords`; an empty string if it is not such a plural."""
    words = _words(name)
    plural = bool(words) and (words[-1] in _PLURALS or words[-2:] == ["api", "keys"])
    return name[:-1] if plural and name[-1] in "sS" else ""


@lru_cache(_REMEMBERED)
def is_reference_name(name: str) -> bool:
    """Whether a value with this name is a reference to a secret, and not the secret."""
    return (
        bool(_REFERENCE_WORDS.intersection(_words(name)[-1:]))
        or name.replace("_", "").lower() in _STORES
    )


_REFERENCE_WORDS = frozenset(
    ["ref", "refs", "from", "keys", "mapping", "name", "file", "path", "existing"]
)
_STORES = frozenset(["externalsecret", "externalsecrets", "existingsecret", "secretenv"])


def names_a_secret(name: str) -> bool:
    """Whether a value with this name is the name of a Secret, if its form allows it."""
    return _words(name)[-1:] in (["secret"], ["credential"], ["credentials"])


def identifies_a_secret(name: str) -> bool:
    """Whether a value with this name is the name or ARN of a secret in AWS: `secretId`."""
    return _words(name)[-2:] == ["secret", "id"]


def _words(name: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(name)]
    # PASSWORD_FOR_DB
    if "for" in words[1:]:
        words = words[: words.index("for", 1)]
    while len(words) > 1 and (words[-1] in _QUALIFIERS or words[-1].isdigit()):
        words.pop()
    return words


# Words in names of secrets and of references to secrets.
_MENTIONS = frozenset(
    [
        *(*_CERTAIN, *_PLURALS, "secret", "secrets", "credential", "credentials"),
        *("cred", "creds", "pin", "otp", "totp", "dsn"),
    ]
)
_RUN_TOGETHER = tuple(f"{ending}{s}" for ending in (*_ENDINGS, *_TOKENS) for s in ("", "s"))


@lru_cache(_REMEMBERED)
def mentions_a_secret(name: str) -> bool:
    """Whether a value with this name may be a secret, by intention or by mistake.

    This includes more names than `likelihood`: it decides what messages show, not what is an error.
    """
    if is_certain(name):
        return True
    # A name with a slash is a path, a label key or a resource such as count/secrets.
    if "/" in name:
        return False
    # SSH_KEY is a variable that contains a key; `key` and topologyKey are names of keys.
    is_variable = likelihood(name) is Likelihood.PERHAPS and _is_program_style(name)
    return is_variable or _contains_mention(name)


def names_a_number(name: str) -> bool:
    """Whether a small number with this name is a secret: a PIN, but not TOKEN_TTL."""
    last = _words(name)[-1:]
    return is_certain(name) or (last != ["secrets"] and not _MENTIONS.isdisjoint(last))


@lru_cache(_REMEMBERED)
def is_certain(name: str) -> bool:
    """Whether values with this name are certainly secrets."""
    return likelihood(name) is Likelihood.CERTAIN or bool(singular(name))


def _contains_mention(name: str) -> bool:
    """Whether any part of the name means a secret: DB_PASS_MAIN, API_KEY_EU, dbpasswords."""
    words = [word.lower() for word in _WORD.findall(name)]
    keys = (last in ("key", "keys") and before in _KEYS for before, last in pairwise(words))
    mentions = (word in _MENTIONS or word.endswith(_RUN_TOGETHER) for word in words)
    return any(mentions) or any(keys)


def _is_program_style(name: str) -> bool:
    """Whether a name is like SECRET_KEY, which contains a key in programs. In charts, secretKey is
    the name of a key."""
    return name.isupper() or ("_" in name and name.islower())
