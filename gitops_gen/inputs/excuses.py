"""Reads excuses for findings from comments and from `ignore`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import (
    Document,
    Excuse,
    Excused,
    Finding,
    Path,
    Rule,
    Values,
    dotted,
)
from gitops_gen.secrets.hidden import Hidden
from gitops_gen.yaml import source
from gitops_gen.yaml.line_comments import line_comments
from gitops_gen.yaml.strict import LIMITS

UNKNOWN_RULE = Rule(
    "excuse-rule",
    title="An excuse names a rule that may be excused",
    why="A misspelled rule excuses nothing, and findings that make the output impossible or unsafe "
    "cannot be excused.",
    remedy="Use the rule ID that the formats json and github print. docs/rules.md lists all rules "
    "and whether their findings may be excused.",
)
NO_REASON = Rule(
    "excuse-reason",
    title="An excuse has a reason",
    why="Later readers must be able to decide whether the excuse is still justified.",
    remedy="Write the reason after the rule: `# allow: rule-id reason`.",
)

IGNORE = "ignore"
_WORD = b"allow:"
_ALLOW = re.compile(r"#\s*allow:\s*(\S*)[ \t]*(.*?)(?=\s*#\s*allow:|$)")
# A text of another form is probably not a rule ID, and may be a secret.
_LIKE_A_RULE = re.compile(r"[a-z]+(-[a-z]+){0,5}")


@dataclass(frozen=True, slots=True)
class LayerExcuses:
    """The excuses in one values file."""

    comments: tuple[Excuse, ...] = ()
    entries: tuple[Excuse, ...] | None = None
    """The entries of `ignore`; None if the file does not have the key and replaces no list."""


def in_layer(data: bytes, file: str, document: Document) -> LayerExcuses:
    """Returns the excuses in a file, which messages call `file`. JSON has no comments."""
    comments = () if file.endswith(".json") else _in_comments(data, file)
    return LayerExcuses(comments, _entries(document))


def _in_comments(data: bytes, file: str) -> tuple[Excuse, ...]:
    if _WORD not in data:
        return ()
    text = source.decode(data, file).removeprefix(source.BOM)
    return tuple(
        Excuse(match[1], match[2].strip(), comment.position, lines=comment.first_lines)
        for comment in line_comments(text, file, LIMITS)
        for match in _ALLOW.finditer(comment.text)
    )


def _entries(document: Document) -> tuple[Excuse, ...] | None:
    values = document.value
    if not isinstance(values, dict) or IGNORE not in values:
        return None
    written = values[IGNORE] if isinstance(values[IGNORE], list) else ()
    found = (_entry(document, index, entry) for index, entry in enumerate(written))
    return tuple(excuse for excuse in found if excuse)


def _entry(document: Document, index: int, entry: Any) -> Excuse | None:
    """Returns the excuse; None if the entry does not match the schema."""
    if not isinstance(entry, dict):
        return None
    rule, path, name, field = (_text(entry, key) for key in ("rule", "path", "object", "field"))
    if rule is None or (path is None) == (name is None):
        return None
    position = document.values.get((IGNORE, index, "rule"))
    reason = _text(entry, "reason") or ""
    return Excuse(rule, reason, position, path, name, field) if position else None


def _text(entry: Values, key: str) -> str | None:
    value: Any = entry.get(key)
    return value if isinstance(value, str) else None


def inherited(layers: Sequence[LayerExcuses]) -> tuple[tuple[Excuse, ...], tuple[Excuse, ...]]:
    """Returns the excuses that an environment inherits from its layers, which are given lowest
    first, and those that a higher layer replaces, because `ignore` is replaced like every list."""
    comments = (excuse for layer in layers for excuse in layer.comments)
    lists = [layer.entries for layer in layers if layer.entries is not None]
    replaced = tuple(excuse for entries in lists[:-1] for excuse in entries)
    return (*comments, *(lists[-1] if lists else ())), replaced


def masked(excuses: Iterable[Excuse], documents: Sequence[Document]) -> Iterator[Excuse]:
    """Hides secrets of the documents in the reasons of excuses."""
    hidden: list[tuple[Document, Hidden]] | None = None
    for excuse in excuses:
        hidden = hidden or [(one, Hidden.of(one.value)) for one in documents]
        reason = excuse.reason
        for document, secrets in hidden:
            for path in ((), *_subjects(excuse, document)):
                reason = secrets.masked(reason, path)
        yield replace(excuse, reason=reason)


def _subjects(excuse: Excuse, document: Document) -> Iterator[Path]:
    """Yields the paths of the values that an excuse applies to."""
    for path, place in document.values.items():
        at_line = place.line == excuse.position.line or place.line in excuse.lines
        if (excuse.is_comment and place.file == excuse.position.file and at_line) or (
            excuse.path is not None and dotted(path) == excuse.path
        ):
            yield path


def problems(excuses: Iterable[Excuse], used: Iterable[Excused]) -> Iterator[Finding]:
    """Yields findings for excuses without a reason, or without a rule that may be excused."""
    used_excuses = {one.excuse for one in used}
    for excuse in excuses:
        if excuse not in used_excuses and (text := _about_rule(excuse.rule)):
            yield Finding(UNKNOWN_RULE, f"{lead(excuse)}{text}", excuse.position)
        elif not excuse.reason and excuse.is_comment:
            text = f"end the line with '# allow: {excuse.rule}' and a reason"
            yield Finding(NO_REASON, f"the excuse has no reason; {text}", excuse.position)


def _about_rule(name: str) -> str | None:
    from gitops_gen.rule_registry import rules

    rule = rules().get(name)
    if rule is None:
        shown = shown_rule(name)
        hint = did_you_mean(name, [one.id for one in rules().values() if one.excusable])
        return f"{shown} is not a rule{hint or '; see docs/rules.md'}"
    if rule.excusable:
        return None
    return f"'{name}' cannot be excused; fix the finding, and remove the excuse"


def shown_rule(name: str) -> str:
    return f"'{name}'" if _LIKE_A_RULE.fullmatch(name) else "this name"


def lead(excuse: Excuse) -> str:
    """Returns the prefix of a message about an excuse."""
    return "" if excuse.is_comment else f"{IGNORE}: "
