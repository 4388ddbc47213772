"""What a name says of its value: certainly a secret, perhaps one, or nothing."""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import pairwise


class Doubt(IntEnum):
    NONE = 0
    PERHAPS = 1
    CERTAIN = 2


_CERTAIN = ("password", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "token")
# Run together, as in `adminpassword`.
_ENDINGS = (
    *("password", "passwd", "passphrase", "apikey", "privatekey", "secretkey", "accesskey"),
    *("dbpass", "userpass", "adminpass", "rootpass", "pgpass", "smtppass", "requirepass"),
    "masterauth",
)
_TOKENS = ("authtoken", "accesstoken", "bearertoken", "refreshtoken", "apitoken", "clientsecret")
# "api key", "private key": a value. "password key", "secret key": the name of a key, perhaps.
_KEYS = frozenset(
    [
        *("api", "app", "private", "signing", "encryption", "master", "license", "routing"),
        *("integration", "hmac", "jwt", "session", "cookie", "webhook", "deploy", "account"),
    ]
)
# "client secret": a value. "tls secret", "existing secret": the name of a Secret, perhaps.
_SECRETS = frozenset(
    ["client", "shared", "jwt", "session", "cookie", "hmac", "signing", "app", "oauth", "consumer"]
)
_PERHAPS = frozenset(["secret", "credential", "credentials", "key", "auth", "salt"])
_PLURALS = frozenset(["passwords", "passphrases", "apikeys", "tokens"])
# What may follow a secret's name without making it another thing: PASSWORD_BASE64, TOKEN_PROD.
_QUALIFIERS = frozenset(
    [
        *("value", "plain", "plaintext", "cleartext", "text", "string", "base", "b", "encoded"),
        *("hash", "hashed", "bcrypt", "prod", "production", "dev", "staging", "old", "new"),
        *("default", "initial", "current", "previous", "primary", "secondary", "temporary"),
    ]
)
_PUBLIC = frozenset(["public", "publishable"])
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def doubt(name: str) -> Doubt:
    words = _words(name)
    if not words or _PUBLIC.intersection(words):
        return Doubt.NONE
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in _CERTAIN or last.endswith((*_ENDINGS, *_TOKENS)):
        return Doubt.CERTAIN
    for_a_program = _for_a_program(name)
    if last == "key" and (before in _KEYS or words[-3:-1] == ["secret", "access"]):
        return Doubt.CERTAIN
    if last == "key" and before == "secret" and for_a_program:
        return Doubt.CERTAIN
    if last in ("secret", "credentials") and (before in _SECRETS or (for_a_program and before)):
        return Doubt.CERTAIN
    return Doubt.PERHAPS if last in _PERHAPS or identifies_a_secret(name) else Doubt.NONE


def singular(name: str) -> str:
    """`password` for `passwords`; nothing for a name that is no such plural."""
    words = _words(name)
    plural = bool(words) and (words[-1] in _PLURALS or words[-2:] == ["api", "keys"])
    return name[:-1] if plural and name[-1] in "sS" else ""


def says_where(name: str) -> bool:
    """What stands under this name says where a secret is, and not what it is."""
    return bool(_WHERE.intersection(_words(name)[-1:])) or name.replace("_", "").lower() in _STORES


_WHERE = frozenset(["ref", "refs", "from", "keys", "mapping", "name", "file", "path", "existing"])
_STORES = frozenset(["externalsecret", "externalsecrets", "existingsecret", "secretenv"])


def names_a_secret(name: str) -> bool:
    """What stands under this name is the name of a Secret, if it can be one."""
    return _words(name)[-1:] in (["secret"], ["credential"], ["credentials"])


def identifies_a_secret(name: str) -> bool:
    """What stands under this name is the name or ARN of a secret in AWS: `secretId`."""
    return _words(name)[-2:] == ["secret", "id"]


def _words(name: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(name)]
    # PASSWORD_FOR_DB
    if "for" in words[1:]:
        words = words[: words.index("for", 1)]
    while len(words) > 1 and (words[-1] in _QUALIFIERS or words[-1].isdigit()):
        words.pop()
    return words


# A word that speaks of a secret: what stands under the name is one, or says where it is.
_MENTIONS = frozenset(
    [
        *(*_CERTAIN, *_PLURALS, "secret", "secrets", "credential", "credentials"),
        *("cred", "creds", "pin", "otp", "totp", "dsn"),
    ]
)
_RUN_TOGETHER = tuple(f"{ending}{s}" for ending in (*_ENDINGS, *_TOKENS) for s in ("", "s"))


def mentions_a_secret(name: str) -> bool:
    """Whether somebody may write a secret under this name, rightly or not.

    This is wider than `doubt`: it decides what messages show, and not what is refused.
    """
    if is_certain(name):
        return True
    # What has a slash is a path, a label's key or a resource such as count/secrets.
    if "/" in name:
        return False
    # SSH_KEY is a variable with a key in it; `key` and topologyKey name a key.
    is_variable = doubt(name) is Doubt.PERHAPS and _for_a_program(name)
    return is_variable or _holds_a_mention(name)


def names_a_number(name: str) -> bool:
    """Whether a small number under this name is the secret itself: a PIN, but no TOKEN_TTL."""
    last = _words(name)[-1:]
    return is_certain(name) or (last != ["secrets"] and not _MENTIONS.isdisjoint(last))


def is_certain(name: str) -> bool:
    """What stands under this name is a secret, or are secrets."""
    return doubt(name) is Doubt.CERTAIN or bool(singular(name))


def _holds_a_mention(name: str) -> bool:
    """Wherever it stands in the name: DB_PASS_MAIN, API_KEY_EU, dbpasswords."""
    words = [word.lower() for word in _WORD.findall(name)]
    keys = (last in ("key", "keys") and before in _KEYS for before, last in pairwise(words))
    mentions = (word in _MENTIONS or word.endswith(_RUN_TOGETHER) for word in words)
    return any(mentions) or any(keys)


def _for_a_program(name: str) -> bool:
    """SECRET_KEY is how programs call a key itself; secretKey is how charts name one's key."""
    return name.isupper() or ("_" in name and name.islower())
