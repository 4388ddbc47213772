"""Why an environment keeps what a rule reports: read from comments and from `ignore`, and judged.

An excuse stands in a file, and every environment that reads the file inherits it. It is an error
when it excuses nothing in any of them, which is known only once its rule ran in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gitops_gen.inputs.files import environments, input_files
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Environment, Excuse, Excused, Finding, Mark, Path, Rule, Values
from gitops_gen.revisions import Revision
from gitops_gen.yaml import source
from gitops_gen.yaml.line_comments import line_comments
from gitops_gen.yaml.strict import LIMITS

UNKNOWN_RULE = Rule(
    "excuse-rule",
    title="An excuse names a rule that may be excused",
    why="A misspelt rule would excuse nothing, and what makes the output impossible or unsafe "
    "cannot be excused.",
    remedy="Name the rule that the finding shows in the formats json and github. docs/rules.md "
    "lists all rules and whether they may be excused.",
)
NO_REASON = Rule(
    "excuse-reason",
    title="An excuse has a reason",
    why="Whoever reads the values later has to know whether the excuse still holds.",
    remedy="Write the reason behind the rule: `# allow: rule-id reason`.",
)
UNUSED = Rule(
    "excuse-unused",
    title="An excuse excuses something",
    why="An excuse that is left over would hide the next finding of the same rule at this place.",
    remedy="Remove the comment or the entry of `ignore`, or correct what it names.",
)

IGNORE = "ignore"
_WORD = b"allow:"
_ALLOW = re.compile(r"#\s*allow:\s*(\S*)[ \t]*(.*?)(?=\s*#\s*allow:|$)")
# A text of another form is most likely no name of a rule, and may be a secret.
_LIKE_A_RULE = re.compile(r"[a-z]+(-[a-z]+){0,5}")


def in_comments(data: bytes, file: str) -> tuple[Excuse, ...]:
    """Those of a file of values; JSON has no comments."""
    if _WORD not in data or file.endswith(".json"):
        return ()
    text = source.decode(data, file).removeprefix(source.BOM)
    comments = line_comments(text, file, LIMITS)
    found = ((place, match) for place, comment in comments for match in _ALLOW.finditer(comment))
    return tuple(Excuse(match[1], match[2].strip(), place) for place, match in found)


def in_values(values: Values, marks: Mapping[Path, Mark]) -> Iterator[Excuse]:
    """The entries of `ignore`; what is not of their form is the schema's to refuse."""
    entries = values.get(IGNORE)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        path: Path = (IGNORE, index, "rule")
        if isinstance(entry, dict) and path in marks:
            rule, reason = _text(entry, "rule") or "", _text(entry, "reason") or ""
            where, what = marks[path].value, _text(entry, "path")
            yield Excuse(rule, reason, where, what, _text(entry, "object"))


def _text(entry: Values, key: str) -> str | None:
    value: Any = entry.get(key)
    return value if isinstance(value, str) else None


def problems(excuses: Iterable[Excuse], used: Iterable[Excused]) -> Iterator[Finding]:
    """Excuses that name no rule that may be excused, or have no reason."""
    known = {one.excuse for one in used}
    for excuse in excuses:
        if excuse not in known and (text := _about_rule(excuse.rule)):
            yield Finding(UNKNOWN_RULE, f"{_lead(excuse)}{text}", excuse.position)
        elif not excuse.reason and excuse.path is None and excuse.object is None:
            text = f"end the line with '# allow: {excuse.rule}' and the reason for it"
            yield Finding(NO_REASON, f"the excuse has no reason; {text}", excuse.position)


def _about_rule(name: str) -> str | None:
    from gitops_gen.rule_registry import rules

    rule = rules().get(name)
    if rule is None:
        shown = f"'{name}'" if _LIKE_A_RULE.fullmatch(name) else "what is written here"
        hint = did_you_mean(name, [one.id for one in rules().values() if one.excusable])
        return f"{shown} is no rule{hint or '; see docs/rules.md'}"
    if rule.excusable:
        return None
    return f"'{name}' cannot be excused; correct what it reports, and remove the excuse"


def _lead(excuse: Excuse) -> str:
    return "" if excuse.path is None and excuse.object is None else f"{IGNORE}: "


@dataclass(frozen=True, slots=True)
class ExcuseUse:
    """Which rules ran on an environment, and which of its excuses were used."""

    environment: str
    excuses: frozenset[Excuse]
    ran: frozenset[Rule]
    used: frozenset[Excuse]

    @classmethod
    def of(
        cls, environment: Environment, ran: Iterable[Rule], excused: Iterable[Excused]
    ) -> ExcuseUse:
        used = frozenset(one.excuse for one in excused)
        return cls(environment.name, frozenset(environment.excuses), frozenset(ran), used)


def unused(uses: Sequence[ExcuseUse], revision: Revision) -> Iterator[Finding]:
    """Excuses that no environment of the revision needs, as far as all of them are known."""
    by_name = {use.environment: use for use in uses}
    read = {name: _files(revision, name) for name in environments(revision)}
    for excuse in {excuse: None for use in uses for excuse in sorted(use.excuses, key=_place)}:
        readers = [name for name, files in read.items() if excuse.position.file in files]
        if all(name in by_name for name in readers):
            inheriting = [use for name in readers if excuse in (use := by_name[name]).excuses]
            if all(_is_idle(use, excuse) for use in inheriting):
                yield Finding(UNUSED, _about_unused(excuse), excuse.position)


def _files(revision: Revision, name: str) -> set[str]:
    """What messages call the files that an environment reads."""
    return {revision.name_of(file) for file in input_files(name)}


def _place(excuse: Excuse) -> tuple[object, str]:
    return excuse.position, excuse.rule


def _is_idle(use: ExcuseUse, excuse: Excuse) -> bool:
    return any(rule.id == excuse.rule for rule in use.ran) and excuse not in use.used


def _about_unused(excuse: Excuse) -> str:
    if excuse.object is not None:
        return f"{IGNORE}: '{excuse.rule}' reports nothing of {excuse.object}; remove this entry"
    if excuse.path is not None:
        return f"{IGNORE}: '{excuse.rule}' reports nothing at {excuse.path}; remove this entry"
    return f"'{excuse.rule}' reports nothing at this line; remove the comment"
