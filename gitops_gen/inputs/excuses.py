"""Why an environment keeps what a rule reports: read from comments and from `ignore`, and judged.

An excuse stands in a file, and every environment that reads the file inherits it. It is an error
when it excuses nothing in any of them, as far as its rule ran there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from gitops_gen.inputs.files import environments, input_files
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import (
    Document,
    Environment,
    Excuse,
    Excused,
    Finding,
    Path,
    Related,
    Rule,
    Values,
    dotted,
)
from gitops_gen.revisions import Revision
from gitops_gen.secrets.hidden import Hidden
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
AMBIGUOUS = Rule(
    "excuse-object",
    title="An excuse names one object",
    why="Kinds of two API groups can have the same name, and an excuse for one of the objects "
    "would hide a finding about the other.",
    remedy="Write the API group behind the kind, as in `Service.serving.knative.dev app/web`, and "
    "`core` for the group that has no name.",
)

IGNORE = "ignore"
_WORD = b"allow:"
_ALLOW = re.compile(r"#\s*allow:\s*(\S*)[ \t]*(.*?)(?=\s*#\s*allow:|$)")
# A text of another form is most likely no name of a rule, and may be a secret.
_LIKE_A_RULE = re.compile(r"[a-z]+(-[a-z]+){0,5}")


@dataclass(frozen=True, slots=True)
class LayerExcuses:
    """The excuses that one file of values holds."""

    comments: tuple[Excuse, ...] = ()
    entries: tuple[Excuse, ...] | None = None
    """Of `ignore`; None where the file has no such key, and so replaces no list of lower layers."""


def in_layer(data: bytes, file: str, document: Document) -> LayerExcuses:
    """What messages call the file is `file`; JSON has no comments."""
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
    """None for what is not of the form that the schema demands."""
    if not isinstance(entry, dict):
        return None
    rule, path, name = (_text(entry, key) for key in ("rule", "path", "object"))
    if rule is None or (path is None) == (name is None):
        return None
    position = document.values[IGNORE, index, "rule"]
    return Excuse(rule, _text(entry, "reason") or "", position, path, name)


def _text(entry: Values, key: str) -> str | None:
    value: Any = entry.get(key)
    return value if isinstance(value, str) else None


def inherited(layers: Sequence[LayerExcuses]) -> tuple[tuple[Excuse, ...], tuple[Excuse, ...]]:
    """Those of an environment with these layers, lowest first, and those that a higher one
    replaces: like every list, `ignore` of a higher layer replaces that of a lower one."""
    comments = (excuse for layer in layers for excuse in layer.comments)
    lists = [layer.entries for layer in layers if layer.entries is not None]
    replaced = tuple(excuse for entries in lists[:-1] for excuse in entries)
    return (*comments, *(lists[-1] if lists else ())), replaced


def masked(excuses: Iterable[Excuse], documents: Sequence[Document]) -> Iterator[Excuse]:
    """With reasons that show no secret of the files, whichever of them is quoted."""
    hidden: list[tuple[Document, Hidden]] | None = None
    for excuse in excuses:
        hidden = hidden or [(one, Hidden.of(one.value)) for one in documents]
        reason = excuse.reason
        for document, secrets in hidden:
            for path in ((), *_subjects(excuse, document)):
                reason = secrets.masked(reason, path)
        yield replace(excuse, reason=reason)


def _subjects(excuse: Excuse, document: Document) -> Iterator[Path]:
    """The values of a document that an excuse is about."""
    for path, place in document.values.items():
        at_line = place.line == excuse.position.line or place.line in excuse.lines
        if (excuse.is_comment and place.file == excuse.position.file and at_line) or (
            excuse.path is not None and dotted(path) == excuse.path
        ):
            yield path


def problems(excuses: Iterable[Excuse], used: Iterable[Excused]) -> Iterator[Finding]:
    """Excuses that name no rule that may be excused, or have no reason."""
    known = {one.excuse for one in used}
    for excuse in excuses:
        if excuse not in known and (text := _about_rule(excuse.rule)):
            yield Finding(UNKNOWN_RULE, f"{_lead(excuse)}{text}", excuse.position)
        elif not excuse.reason and excuse.is_comment:
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
    return "" if excuse.is_comment else f"{IGNORE}: "


# Which excuses are needed


@dataclass(frozen=True)
class ExcuseUse:
    """Which rules one stage ran on an environment, and what was excused of their findings."""

    environment: Environment
    ran: frozenset[Rule]
    excused: tuple[Excused, ...]
    replaced: frozenset[Excuse] = frozenset()
    """Excuses of files that the environment reads, which it does not inherit all the same."""

    @cached_property
    def used(self) -> frozenset[Excuse]:
        return frozenset(one.excuse for one in self.excused)

    @cached_property
    def inherited(self) -> frozenset[Excuse]:
        return frozenset(self.environment.excuses)

    @cached_property
    def rules(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.ran)

    def leaves_idle(self, excuse: Excuse) -> bool:
        """Whether the environment certainly does not need the excuse."""
        if excuse in self.inherited:
            return excuse.rule in self.rules and excuse not in self.used
        return excuse in self.replaced


UseOf: TypeAlias = Callable[[str], ExcuseUse | None]
"""The same stage of another environment, by its name; None where nothing is known about it."""


def needless(uses: Iterable[ExcuseUse], revision: Revision, use_of: UseOf) -> Iterator[Finding]:
    """What is wrong with the excuses of environments, after some rules ran on them.

    An excuse is judged by all environments that read its file: `use_of` is asked about those
    that are not among `uses`, and only where one of these does not need the excuse.
    """
    judge = _Judge(revision, use_of, {use.environment.name: use for use in uses})
    for use in list(judge.known.values()):
        yield from _ambiguous(use)
        for excuse in sorted(use.inherited | use.replaced, key=_place):
            if use.leaves_idle(excuse) and judge.is_idle_everywhere(excuse):
                yield judge.finding(excuse, use)


@dataclass(frozen=True)
class _Judge:
    revision: Revision
    use_of: UseOf
    known: dict[str, ExcuseUse]
    unknown: set[str] = field(default_factory=set)

    def is_idle_everywhere(self, excuse: Excuse) -> bool:
        """Those that are known come first: one that needs the excuse spares all others."""
        readers = [name for name, files in self._files.items() if excuse.position.file in files]
        ordered = sorted(readers, key=lambda name: name not in self.known)
        return all(self._is_idle(name, excuse) for name in ordered)

    def _is_idle(self, name: str, excuse: Excuse) -> bool:
        if name not in self.known and name not in self.unknown:
            use = self.use_of(name)
            if use is None:
                self.unknown.add(name)
            else:
                self.known[name] = use
        return name in self.known and self.known[name].leaves_idle(excuse)

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        """Environment -> what messages call the files that it reads."""
        return {
            name: {self.revision.name_of(file) for file in input_files(name)}
            for name in environments(self.revision)
        }

    def finding(self, excuse: Excuse, use: ExcuseUse) -> Finding:
        remove = "remove the comment" if excuse.is_comment else "remove this entry"
        twin = _first_excuse(excuse, self.known.values())
        if twin is not None:
            text = f"'{excuse.rule}' is excused at {twin.position} already; {remove}"
            related = (Related(twin.position, "the excuse that counts"),)
            return Finding(UNUSED, f"{_lead(excuse)}{text}", excuse.position, related=related)
        is_inherited = any(excuse in one.inherited for one in self.known.values())
        text = _about_idle(excuse, remove) if is_inherited else _about_replaced(excuse)
        shown = use.environment.hidden.masked(f"{_lead(excuse)}{text}")
        return Finding(UNUSED, shown, excuse.position)


def _first_excuse(excuse: Excuse, uses: Iterable[ExcuseUse]) -> Excuse | None:
    """The one that is taken for what this one would excuse too."""
    for use in uses:
        for one in use.excused if excuse in use.inherited else ():
            if excuse.covers(one.finding):
                return one.excuse
    return None


def _about_replaced(excuse: Excuse) -> str:
    return (
        f"'{excuse.rule}' is excused in no environment, since each of them replaces this list by "
        "its own; move this entry there, or remove it"
    )


def _about_idle(excuse: Excuse, remove: str) -> str:
    if excuse.object is not None:
        return f"'{excuse.rule}' reports nothing of {excuse.object}; {remove}"
    if excuse.path is not None:
        return f"'{excuse.rule}' reports nothing at {excuse.path}; {remove}"
    move = "or write it at the line that a finding names"
    return f"'{excuse.rule}' reports nothing at this line; {remove}, {move}"


def _ambiguous(use: ExcuseUse) -> Iterator[Finding]:
    """Entries that name two objects of one kind's name."""
    objects: dict[Excuse, set[tuple[str, str]]] = {}
    for one in use.excused:
        if one.excuse.object is not None and one.finding.object is not None:
            objects.setdefault(one.excuse, set()).add(one.finding.object.group_kind)
    for excuse, kinds in objects.items():
        if len(kinds) > 1:
            names = " and ".join(f"{kind}.{group or 'core'}" for group, kind in sorted(kinds))
            text = f"names several objects; write the API group behind the kind: {names}"
            yield Finding(AMBIGUOUS, f"{IGNORE}: {text}", excuse.position)


def _place(excuse: Excuse) -> tuple[object, str]:
    return excuse.position, excuse.rule
