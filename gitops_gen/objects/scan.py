"""The identity of the object in a document, read without a parse where that is certain.

A parse takes longer than everything else in a render. So a document in plain block YAML, as our own
charts write it, is read with a few patterns; for any other, `identity` gives None. An identity that
it gives is the one that the YAML reader gives.
"""

from __future__ import annotations

import re

from gitops_gen.model import ObjectId

# Every line without indentation that is no list item and no comment. Such a line of a quoted text
# could look like a key, but it would repeat one of the keys that a document must have.
_UNINDENTED = re.compile(rb"^([^\s#-][^\n]*)$", re.MULTILINE)
_KEY = re.compile(rb"([A-Za-z]+):(?: +([^\n]*))?")
_FIRST = re.compile(rb"(?:#[^\n]*\n|\n)*[A-Za-z]+:[ \n]")
_API_VERSION = re.compile(rb"(?:[a-z0-9.-]+/)?v[0-9]+(?:(?:alpha|beta)[0-9]+)?")
# Kinds that YAML would take for something else than text have four letters at most.
_KIND = re.compile(rb"[A-Z][A-Za-z0-9]{5,}|Job|Role|Pod|Node|Lease|Event|Issuer|Secret")
_METADATA = re.compile(rb"^metadata:\n((?:(?:[ #][^\n]*)?\n)+)", re.MULTILINE)
_NAMES = re.compile(rb"^  (name|namespace)\b([^\n]*)$", re.MULTILINE)
_VALUE = re.compile(rb': (?:"([a-z0-9][a-z0-9.-]*)"|([a-z][a-z0-9.-]*))')
_RETYPED = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
# A quoted text on one line; any other quote or bracket may continue on further lines.
_QUOTED = re.compile(rb'(?<=: )"(?:[^"\\\n]|\\[^\n])*"|\{\}|\[\]')
# Quotes, brackets and aliases, and lines with less indentation than the keys: with them, keys may
# be written in another form or in another place.
_UNCERTAIN = re.compile(rb"[\"'{\[\t&*!?]|^ (?![ #])", re.MULTILINE)
# A text without quotes continues on the next line that has more indentation.
_CONTINUED = re.compile(
    rb"^(?:(?:apiVersion|kind):[^\n]*\n(?: *\n)* +[^ #\n]"
    rb"|  (?:name|namespace):[^\n]*\n(?: *\n)*   +[^ #\n])",
    re.MULTILINE,
)


def identity(content: bytes) -> tuple[ObjectId, str] | None:
    """The object's identity and its API version, or None where only a parse can tell."""
    keys = _top_keys(content)
    if keys is None or not {"apiVersion", "kind", "metadata"} <= keys.keys() or keys["metadata"]:
        return None
    if not (_API_VERSION.fullmatch(keys["apiVersion"]) and _KIND.fullmatch(keys["kind"])):
        return None
    names = _names(content)
    if names is None or "name" not in names or keys["kind"].endswith(b"List"):
        return None
    api_version, kind = keys["apiVersion"].decode(), keys["kind"].decode()
    return ObjectId.of(api_version, kind, names.get("namespace", ""), names["name"]), api_version


def _top_keys(content: bytes) -> dict[str, bytes] | None:
    if b"\r" in content or not _FIRST.match(content) or _CONTINUED.search(content):
        return None
    keys: dict[str, bytes] = {}
    for line in _UNINDENTED.findall(content):
        match = _KEY.fullmatch(line)
        if match is None or match.group(1).decode() in keys:
            return None
        keys[match.group(1).decode()] = match.group(2) or b""
    return keys


def _names(content: bytes) -> dict[str, str] | None:
    match = _METADATA.search(content)
    block = match.group(1) if match else b""
    if _UNCERTAIN.search(_QUOTED.sub(b"", block)):
        return None
    names: dict[str, str] = {}
    for key, remainder in _NAMES.findall(block):
        value = _VALUE.fullmatch(remainder)
        text = (value.group(1) or value.group(2)).decode() if value else ""
        if not text or key.decode() in names or (value and value.group(2) and text in _RETYPED):
            return None
        names[key.decode()] = text
    return names
