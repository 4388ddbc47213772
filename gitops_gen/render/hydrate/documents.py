"""Splits the output of `helm template` into documents with their templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.objects.scan import SEPARATOR

_SOURCE = re.compile(rb"\s*# Source: ([^\n]+)\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_KEPT_NEWLINES = re.compile(rb"[|>][1-9]?\+")


@dataclass(frozen=True, slots=True)
class HelmDocument:
    """One document of the output of Helm. `template` is the path of its chart template."""

    template: str
    content: bytes


def documents(output: bytes) -> Iterator[HelmDocument]:
    """Yields the documents of the output that are not empty.

    A document without a comment about its template (in a file of crds/, which Helm
    prints unchanged) has the template of the previous document.
    """
    template = ""
    for part in SEPARATOR.split(output):
        match = _SOURCE.match(part)
        template = match.group(1).decode(errors="replace") if match else template
        body = (part[match.end() :] if match else part).lstrip(b"\r\n")
        body = body.removeprefix(_BYTE_ORDER_MARK)
        if any(line and not line.startswith(b"#") for line in body.splitlines()):
            yield HelmDocument(template, _trimmed(body))


def _trimmed(body: bytes) -> bytes:
    """The document with one newline at its end, or with all newlines if they may belong to a value.

    Helm itself adds one newline to the output of a template.
    """
    if _KEPT_NEWLINES.search(body) and body.endswith(b"\n\n"):
        return body[:-1]
    return body.rstrip(b"\r\n") + b"\n"
