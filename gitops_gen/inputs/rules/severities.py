"""Reports entries of `severities` for rules whose severity cannot be changed."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.inputs.excuses import shown_rule
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import SEVERITIES, Document, FieldPath, Finding, Rule

RULE = Rule(
    "severity-rule",
    title="The values change the severity of existing rules whose findings can be excused",
    why="An entry for a misspelled rule has no effect. Findings that make the output impossible or "
    "unsafe are always errors.",
    remedy="Use the rule ID that the formats json and github print. docs/rules.md lists all rules "
    "and whether their findings may be excused.",
)


def findings(layer: Document) -> Iterator[Finding]:
    section = layer.value.get(SEVERITIES) if isinstance(layer.value, dict) else None
    for name, severity in section.items() if isinstance(section, dict) else ():
        # A null removes the entry of a lower layer, which is reported there.
        if severity is not None and (text := _problem(str(name))):
            path = (SEVERITIES, name)
            field = FieldPath(path)
            yield Finding(RULE, f"{field}: {text}", layer.keys[path], field=field)


def _problem(name: str) -> str | None:
    from gitops_gen.rule_registry import rules

    rule = rules().get(name)
    if rule is None:
        hint = did_you_mean(name, [one.id for one in rules().values() if one.excusable])
        return f"{shown_rule(name)} is not a rule{hint or '; see docs/rules.md'}"
    if rule.excusable:
        return None
    return f"the severity of '{name}' cannot be changed; remove this entry"
