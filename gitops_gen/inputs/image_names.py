"""The grammar of an image's repository, `[host[:port]/]part/part…`, and what is wrong with one.

The kubelet refuses every other name (InvalidImageName), when the Pod exists already.
"""

from __future__ import annotations

import re

REPOSITORY = "image-repository"
"""The `format` of such a name in the schema; the `pattern` beside it has the same grammar."""

_PART = re.compile(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*")
_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def repository_problem(text: str) -> str | None:
    """What is wrong with a repository's name, as a message says it after the name."""
    first, *following = text.split("/")
    if "@" in text:
        return "holds an '@'; write a digest under 'digest', and no user name at all"
    if "://" in text:
        return f"begins with a scheme; leave out '{text.partition('://')[0]}://'"
    if "" in (first, *following):
        return "has an empty part; write one '/' between two parts and none at the ends"
    if ":" in (following or [first])[-1]:
        return "holds a tag; write what follows the last ':' under 'tag'"
    if following and ":" in first:
        return _host_problem(first) or _parts_problem(following)
    has_host = following and _HOST.fullmatch(first)
    return _parts_problem(following if has_host else [first, *following])


def _host_problem(text: str) -> str | None:
    host, _, port = text.partition(":")
    if not re.fullmatch("[0-9]+", port):
        return f"has the port '{port}', which is not a number"
    if not _HOST.fullmatch(host):
        return f"has the host '{host}'; a host is a DNS name in lower case"
    return None


def _parts_problem(parts: list[str]) -> str | None:
    rule = "a part is lower-case letters and digits, joined by '.', '_', '__' or hyphens"
    wrong = (part for part in parts if not _PART.fullmatch(part))
    part = next(wrong, None)
    return None if part is None else f"has the part '{part}'; {rule}"
