"""The documents that `helm template` prints, each with the template that it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SEPARATOR = re.compile(rb"^---(?=\s|\Z)", re.MULTILINE)
_SOURCE = re.compile(rb"\s*# Source: ([^\n]+)\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_KEPT_NEWLINES = re.compile(rb"[|>][1-9]?\+")


@dataclass(frozen=True, slots=True)
class HelmDocument:
    """One document of Helm's output; `template` is the chart template that it came from."""

    template: str
    content: bytes


def documents(output: bytes) -> Iterator[HelmDocument]:
    """The documents of `helm template`, without those that hold no object.

    A line that starts with --- ends a document wherever it stands: block scalars are
    indented, so no content can begin there. A document without a comment about its template (in
    a file of crds/, which Helm prints as it is) has the template of the document before.
    """
    template = ""
    for part in _SEPARATOR.split(output):
        match = _SOURCE.match(part)
        template = match.group(1).decode(errors="replace") if match else template
        body = (part[match.end() :] if match else part).lstrip(b"\r\n")
        body = body.removeprefix(_BYTE_ORDER_MARK)
        if any(line and not line.startswith(b"#") for line in body.splitlines()):
            yield HelmDocument(template, _trimmed(body))


def _trimmed(body: bytes) -> bytes:
    """The document with one newline at its end, or with all of them where they may belong to a
    value. Helm itself adds one newline to the output of a template.
    """
    if _KEPT_NEWLINES.search(body) and body.endswith(b"\n\n"):
        return body[:-1]
    return body.rstrip(b"\r\n") + b"\n"
