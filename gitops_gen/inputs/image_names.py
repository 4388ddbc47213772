"""The grammar of an image repository, `[host[:port]/]part/part…`, and problems with one.

The kubelet rejects every other name (InvalidImageName), but only when the Pod exists already.
"""

from __future__ import annotations

import re

REPOSITORY = "image-repository"
"""The `format` of such a name in the schema, whose `pattern` has the same grammar."""

_PART = re.compile(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*")
_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def repository_problem(text: str) -> str | None:
    """Returns the problem with a repository name, as a message prints it after the name."""
    first, *following = text.split("/")
    if "@" in text:
        return "contains '@'; write a digest under 'digest', and remove a user name"
    if "://" in text:
        return f"begins with a scheme; remove '{text.partition('://')[0]}://'"
    if "" in (first, *following):
        return "has an empty part; write one '/' between two parts and none at the beginning or end"
    if ":" in (following or [first])[-1]:
        return "contains a tag; write the text after the last ':' under 'tag'"
    if following and ":" in first:
        return _host_problem(first) or _parts_problem(following)
    has_host = following and _HOST.fullmatch(first)
    return _parts_problem(following if has_host else [first, *following])


def _host_problem(text: str) -> str | None:
    host, _, port = text.partition(":")
    if not re.fullmatch("[0-9]+", port):
        return f"has the port '{port}', which is not a number; write one"
    if not _HOST.fullmatch(host):
        return f"has the invalid host '{host}'; a host is a DNS name in lower case"
    return None


def _parts_problem(parts: list[str]) -> str | None:
    rule = "use lower-case letters and digits, separated by '.', '_', '__' or hyphens"
    wrong = (part for part in parts if not _PART.fullmatch(part))
    part = next(wrong, None)
    return None if part is None else f"has the invalid part '{part}'; {rule}"
