"""Reports addresses and revisions of the repository that Git refuses although they look right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.model import Document, FieldPath, Finding, Rule

RULE = Rule(
    "repository-address",
    title="Git accepts the URL and the revision of the repository",
    why="Argo CD fetches the revision with Git. If Git refuses the URL or the name, no Application "
    "is ever synced.",
    remedy="Write the URL with which `git clone` works, and the name of an existing branch or tag.",
)
_PORT = re.compile(r"(?:https|ssh)://[^/]*:([0-9]{1,5})(?:/|$)")
_LARGEST_PORT = 65535


def findings(layer: Document) -> Iterator[Finding]:
    section = layer.value.get("repository")
    if not isinstance(section, dict):
        return
    for key, problem in (("url", _url_problem), ("revision", _revision_problem)):
        text, path = section.get(key), ("repository", key)
        if isinstance(text, str) and (message := problem(text)):
            field = FieldPath(path)
            yield Finding(RULE, f"{field}: {message}", layer.values[path], field=field)


def _url_problem(text: str) -> str | None:
    match = _PORT.match(text)
    if match is None or 0 < int(match[1]) <= _LARGEST_PORT:
        return None
    return f"the port {match[1]} is not between 1 and {_LARGEST_PORT}; correct it"


def _revision_problem(text: str) -> str | None:
    part = next((part for part in text.split("/") if part.endswith(".lock")), None)
    if part is None:
        return None
    return f"Git refuses names that end with '.lock', such as '{part}'; use another name"
