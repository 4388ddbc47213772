"""Reports Go templates in values, where they are not evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gitops_gen.model import Document, FieldPath, Finding, Path, Rule
from gitops_gen.secrets.walk import scalars

RULE = Rule(
    "template-marker",
    title="Values do not contain Go templates",
    why="Templates in values are not evaluated, so `{{` would be used literally in the cluster.",
    remedy="Write the final value. If a program in the cluster evaluates `{{`, excuse the finding.",
    excusable=True,
)

_MESSAGE = (
    "templates are not evaluated here, so '{{' would be used literally; write the final value "
    f"(if it is intended, end the line with '# allow: {RULE.id}' and a reason)"
)
# Values that programs in the cluster read, some of which evaluate templates.
_TEXTS = frozenset(["command", "args", "content", "podAnnotations"])
_HELMS = re.compile(r"\{\{.*(\.Values\b|\.Release\b|\.Chart\b|\binclude\s+\"|\btpl\s)")


def findings(layer: Document) -> Iterable[Finding]:
    for path, value in scalars(layer.value):
        if isinstance(value, str) and "{{" in value and not _is_template(path, value):
            field, position = FieldPath(path), layer.values[path]
            yield Finding(RULE, f"{field}: {_MESSAGE}", position, field=field)


def _is_template(path: Path, value: str) -> bool:
    """Whether the value may be a template: charts may evaluate the values of an add-on."""
    if path[0] == "addons":
        return len(path) > 2 and path[2] == "values"
    return not _TEXTS.isdisjoint(path) and _HELMS.search(value) is None
