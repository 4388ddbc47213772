"""Go template markers where nothing is a template: they would reach the cluster as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gitops_gen.model import Document, FieldPath, Finding, Path, Rule
from gitops_gen.secrets.walk import scalars

RULE = Rule(
    "template-marker",
    title="Values hold no Go template",
    why="Values are not templates, so `{{` would reach the cluster as it stands.",
    remedy="Write the value itself. If the text is for a program that reads `{{`, excuse the "
    "finding.",
    excusable=True,
)

_MESSAGE = (
    "'{{' begins no template here and would be used as it stands; write the value "
    f"(if it is meant so, end the line with '# allow: {RULE.id}' and a reason)"
)
# Texts that programs read, some with templates of their own.
_TEXTS = frozenset(["command", "args", "content", "podAnnotations"])
_HELMS = re.compile(r"\{\{.*(\.Values\b|\.Release\b|\.Chart\b|\binclude\s+\"|\btpl\s)")


def findings(layer: Document) -> Iterable[Finding]:
    for path, value in scalars(layer.value):
        if isinstance(value, str) and "{{" in value and not _is_template(path, value):
            field, position = FieldPath(path), layer.values[path]
            yield Finding(RULE, f"{field}: {_MESSAGE}", position, field=field)


def _is_template(path: Path, value: str) -> bool:
    """An add-on's values are for its chart, which may have templates in them."""
    if path[0] == "addons":
        return len(path) > 2 and path[2] == "values"
    return not _TEXTS.isdisjoint(path) and _HELMS.search(value) is None
