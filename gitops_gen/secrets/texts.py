"""The secrets that a text holds by its form: keys, credentials in addresses, vendors' tokens."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

from gitops_gen.secrets import token_forms
from gitops_gen.secrets.entropy import entropy
from gitops_gen.secrets.names import Doubt, doubt

# A part of what is found that is looked for first, as that costs next to nothing; the pattern; what
# messages call it. What a repeat may take is not the beginning of another match, or the repeat is
# short: a text made of beginnings is read a few times, and not once for each of them.
_PATTERNS = tuple(
    (part, re.compile(pattern), description)
    for part, pattern, description in (
        ("-----BEGIN", r"-----BEGIN [A-Z ]*PRIVATE KEY", "a private key"),
        (
            "://",
            # What refers to a password is none; what is a port ends where a path begins.
            r"(?i)\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@'\"]{0,300}:"
            r"(?!\$[({]|\$[a-z_]\w{0,99}[@/:]|[<{]|%(?![0-9a-f]{2})|\d{1,5}[/?#])"
            r"([^\s/@]{1,300}+@|[^\s@'\"<>,;]{1,300}+@)",
            "a password in an address",
        ),
        (
            "@",
            r"\b\w[\w.-]{0,60}:(?![$<{%])[^\s:@/]{1,200}@(tcp|unix)\(",
            "a password in an address",
        ),
        ("AccountKey=", r"\bAccountKey=[A-Za-z0-9+/]{40,}", "an Azure storage key"),
        ("eyJ", r"(?<![\w-])eyJ[\w-]{8,1000}\.eyJ[\w-]{8,1000}\.", "a token (JWT)"),
        (
            " ",
            r"\b(Basic|Bearer) (?=\S*[0-9])[A-Za-z0-9+/=._-]{12,}",
            "an Authorization header",
        ),
        (
            "hooks.slack.com",
            r"https://hooks\.slack\.com/(services|workflows|triggers)/[TE]\w+",
            "a webhook's address, a secret",
        ),
        (
            "/api/webhooks/",
            r"https://discord(app)?\.com/api/webhooks/\d+",
            "a webhook's address, a secret",
        ),
        (
            "office.com",
            r"https://([\w.-]+\.webhook\.office\.com/|outlook\.office\.com/webhook/)\S+",
            "a webhook's address, a secret",
        ),
        (
            ":",
            r"(?m)^[^\s:]+:(\$(apr1|2[aby]|[156])\$|\{SHA\})\S{8,}",
            "a password's hash (htpasswd)",
        ),
        ("$2", r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}", "a password's hash (bcrypt)"),
        ("$argon2i", r"\$argon2id?\$v=", "a password's hash (argon2)"),
        ("requirepass", r"(?m)^[ \t]*requirepass[ \t]+\S+", "a password of Redis"),
        ("masterauth", r"(?m)^[ \t]*masterauth[ \t]+\S+", "a password of Redis"),
        (":", r"(?m)^[^\s:]+:(\d+|\*):[^\s:]+:[^\s:]+:[^\s:]+$", "a password (.pgpass)"),
        ("machine", r"\bmachine\s+\S+\s+login\s+\S+\s+password\s+\S+", "a password (.netrc)"),
        ("_auth", r"_auth(Token)?\s*=\s*[^\s$]{8,}", "a token"),
    )
)
_REGISTRIES = re.compile(r"\"auths\"\s*:")
_REGISTRY = re.compile(r"\"(auth|password)\"\s*:")
# A manifest in a text, as YAML or JSON: both in one document.
_KIND = re.compile(
    r"(?m)(?:^[ \t-]*|[{,][ \t]*)kind:[ \t]*[\"']?Secret[\"']?[ \t]*(?:[#,}]|$)"
    r"|\"kind\"\s*:\s*\"Secret\""
)
_DATA = re.compile(r"(?m)(?:^[ \t]*|[{,][ \t]*)(stringData|data):|\"(stringData|data)\"\s*:")
_NEXT = re.compile(r"(?m)^---")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


def secret_by_form(text: str) -> str | None:
    """What the text holds that no file of values should, if anything; base64 hides nothing."""
    found = _found(text)
    if found is None and (decoded := _decoded(text)):
        found = _found(decoded)
    return found


_USER = re.compile(r"https?://[^\s/@]+@")


def names_a_user(text: str) -> bool:
    """An address that a token may stand in: `https://token@host`."""
    return _USER.match(text) is not None


def tokens(text: str) -> Iterator[str]:
    """The parts of a text that have the form of a key, a token or an address with a password."""
    for part, pattern, _ in _PATTERNS:
        if part in text:
            yield from (_whole(found) for found in pattern.finditer(text))
    yield from (_whole(found) for found in token_forms.tokens(text))
    yield from token_forms.cut_tokens(text)


def _whole(found: re.Match[str]) -> str:
    """With what stands around it up to the next space or quote; a private key has no end."""
    text, start, end = found.string, found.start(), found.end()
    if found[0].startswith("-----BEGIN"):
        return text[start:]
    before = _BEFORE.search(text[max(0, start - _WIDE) : start])
    after = _AFTER.match(text[end : end + _WIDE])
    return f"{before[0] if before else ''}{found[0]}{after[0] if after else ''}"


_BEFORE = re.compile(r"[^\s'\"]*\Z")
_AFTER = re.compile(r"[^\s'\"]*")
_WIDE = 300


def _found(text: str) -> str | None:
    if len(text) < 8:
        return None
    patterns = ((pattern, description) for part, pattern, description in _PATTERNS if part in text)
    found = next((description for pattern, description in patterns if pattern.search(text)), None)
    if found is None and (form := next(token_forms.forms_of_tokens(text), None)):
        return f"a token ({form.id})"
    if found is None and _REGISTRIES.search(text) and _REGISTRY.search(text):
        return "credentials of a registry"
    if found is None and any(_KIND.search(d) and _DATA.search(d) for d in _NEXT.split(text)):
        return "the data of a Secret"
    return found


def _decoded(text: str) -> str | None:
    joined = "".join(text.split())
    if len(joined) % 4 or not _BASE64.fullmatch(joined):
        return None
    try:
        return b64decode(joined).decode()
    except ValueError:
        return None


# A text that says where the secret is: a variable, a file, an address, another store's entry.
_REFERENCE = re.compile(
    r"""
      \$\(.*\) | \$\{.*\} | \$[A-Za-z_]\w* | \$__\w+\{.*\} | \{\{.*\}\} | %\(\w+\)s | <[^<>]*>
    | (vault|ref\+\w+|op|awssm|gcpsm|azurekv|secretref|env|file):\S+ | ENC\[.*\]
    | arn:[\w:/.*+=,@-]+ | alias/\S+ | sha256:[0-9a-f]{64}
    | (/|\./|~/)[\w./@-]+ | [a-z][a-z0-9+.-]*://\S*
    """,
    re.VERBOSE | re.DOTALL,
)
_NOTHING_SECRET = frozenset(
    [
        *("", "true", "false", "yes", "no", "on", "off", "none", "null"),
        *("enabled", "disabled", "optional", "required"),
    ]
)


def is_a_switch(text: str) -> bool:
    """Nothing, or a word such as true, which is no secret anywhere."""
    return text.lower() in _NOTHING_SECRET


def is_literal(text: str) -> bool:
    """The value itself, where a secret is expected: no reference and no mere switch."""
    return not is_a_switch(text) and _REFERENCE.fullmatch(text) is None


_NAME = re.compile(r"[a-z0-9]([a-z0-9./-]{0,251}[a-z0-9])?")
_TOKEN = re.compile(r"[A-Za-z0-9+/=_.~-]{16,}")
_HEXADECIMAL = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")


def could_be_a_name(text: str) -> bool:
    """As Kubernetes objects, their keys and a store's entries are named."""
    return _NAME.fullmatch(text) is not None


def looks_random(text: str) -> bool:
    """As only a machine writes: long, of letters of both cases and digits, without words."""
    if _HEXADECIMAL.fullmatch(text):
        return True
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    if not mixed or not _TOKEN.fullmatch(text) or not is_literal(text):
        return False
    if could_be_a_name(text):
        return any(_is_jumble(part) for part in re.split(r"[./-]", text))
    return not text.isupper() and entropy(text) > 3.3


def _is_jumble(word: str) -> bool:
    return len(word) >= 16 and sum(c.isdigit() for c in word) >= 3 and entropy(word) > 3.3


_JSON_PAIR = re.compile(r"\"([A-Za-z_][\w.-]*)\"\s*:\s*\"((?:[^\"\\]|\\.)+)\"")
_IN_LINE = re.compile(r"(?:^|[\s;&?,])(?:--?)?([A-Za-z_][\w.-]*)=([^\s;&,]+)")
_LINE = re.compile(
    r"^[ \t]*(?:-[ \t]+|export[ \t]+)?[\"']?([A-Za-z_][\w.-]*)[\"']?[ \t]*[:=][ \t]*"
    r"(\"[^\"\n]+\"|'[^'\n]+'|[^\s\"',;#]+)[ \t]*(?:[,;][ \t]*)?(?:#.*)?$",
    re.MULTILINE,
)
_VALUE = r"(\"[^\"\n]+\"|'[^'\n]+'|[^\s\"',;{}<>\[\]]+)"
# {name: DB_PASSWORD, value: hunter2}, in a line or in two, as YAML, JSON or XML.
_NAMED = re.compile(
    r"\b(?:name|key)[\"']?[ \t]*[:=][ \t]*[\"']?([A-Za-z_][\w.-]*)[\"']?[ \t]*(?:,[ \t]*)?"
    rf"(?:\n[ \t]*)?[\"']?val(?:ue)?[\"']?[ \t]*[:=][ \t]*{_VALUE}"
)
# {user: app, password: hunter2}
_IN_MAP = re.compile(rf"[{{,][ \t]*[\"']?([A-Za-z_][\w.-]*)[\"']?:[ \t]+{_VALUE}[ \t]*(?=[,}}])")
_BRACES = re.compile(r"\{[^{}\n]*\}")
# 'password' => 'hunter2', ['password'] = 'hunter2'
_ARROW = re.compile(r"[\"']([A-Za-z_][\w.-]*)[\"']\]?[ \t]*=>?[ \t]*(\"[^\"\n]+\"|'[^'\n]+')")
# define('DB_PASSWORD', 'hunter2'), but no list of fields: 'password', 'token'
_DEFINED = re.compile(r"[\"']([A-Z]+_[A-Z0-9_]+)[\"'][ \t]*,[ \t]*(\"[^\"\n]+\"|'[^'\n]+')")
_OPTION = re.compile(r"[\"']--?([A-Za-z][\w-]*)[\"'][ \t]*,[ \t]*(\"[^\"\n]+\"|'[^'\n]+')")
_ELEMENT = re.compile(r"<([A-Za-z_][\w.-]*)>([^<>\s]+)</")
# Several words, as only YAML takes them without quotes; a sentence ends with its full stop.
_WORDS = re.compile(r"^[ \t]*([a-z_][a-z0-9_.-]*):[ \t]+([\w-]+(?:[ ][\w-]+){1,30})$", re.MULTILINE)
_PAIRS = (_JSON_PAIR, _IN_LINE, _LINE, _NAMED, _ARROW, _DEFINED, _OPTION, _ELEMENT, _WORDS)
# What a program works out, what a query selects: `token = read("…")`, `{token=~"…"}`.
_CODE = re.compile(r"[$`~=<{%(\[]|[^\"']*[(\[{$]|[a-z_]+\.[a-z_.]+$")


def assignments(text: str) -> Iterator[tuple[str, str]]:
    """The names and literal values in a text: settings, options, connection strings, JSON."""
    for pattern in _PAIRS:
        yield from _literals(pattern, text)
    for braces in _BRACES.findall(text):
        yield from _literals(_IN_MAP, braces)


def named_secrets(text: str) -> Iterator[tuple[str, str]]:
    """Those of the assignments in a text whose name certainly names a secret."""
    for name, value in assignments(text):
        if doubt(name) is Doubt.CERTAIN and is_literal(value):
            yield name, value


def _literals(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    for name, value in pattern.findall(text):
        if not _CODE.match(value) and name != value:
            yield name, value.strip("\"'")
