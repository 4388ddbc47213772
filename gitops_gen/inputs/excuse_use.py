"""Reports excuses that are not needed.

Every environment that reads a file inherits its excuses. An excuse is an error if it excuses no
finding in any of these environments in which its rule ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from gitops_gen.inputs.excuses import lead, shown_rule
from gitops_gen.inputs.files import environments
from gitops_gen.inputs.groups import Groups
from gitops_gen.model import Environment, Excuse, Excused, Finding, Related, Rule
from gitops_gen.revisions import Revision

UNUSED = Rule(
    "excuse-unused",
    title="An excuse excuses a finding",
    why="An excuse without a finding would hide the next finding of the same rule at this value.",
    remedy="Remove the comment or the entry of `ignore`, or correct its rule, path or object.",
)
AMBIGUOUS = Rule(
    "excuse-object",
    title="An excuse names one object",
    why="Kinds of two API groups can have the same name, and an excuse for one of the objects "
    "would hide a finding about the other.",
    remedy="Write the API group after the kind, as in `Service.serving.knative.dev app/web`, and "
    "`core` for the core API group.",
)


@dataclass(frozen=True)
class ExcuseUse:
    """The rules that one stage ran on an environment, and the findings that were excused."""

    environment: Environment
    applied_rules: frozenset[Rule]
    excused: tuple[Excused, ...]
    replaced: frozenset[Excuse] = frozenset()
    """Excuses in files of the environment that it does not inherit, because they are replaced."""

    @cached_property
    def used(self) -> frozenset[Excuse]:
        return frozenset(one.excuse for one in self.excused)

    @cached_property
    def inherited(self) -> frozenset[Excuse]:
        return frozenset(self.environment.excuses)

    @cached_property
    def rules(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.applied_rules)

    def does_not_need(self, excuse: Excuse) -> bool:
        """Whether the environment certainly does not need an excuse in a file that it reads."""
        if excuse not in self.inherited:
            return True
        return excuse.rule in self.rules and excuse not in self.used


UseOf: TypeAlias = Callable[[str], ExcuseUse | None]
"""Returns the excuse use of another environment; None if that environment cannot be loaded."""


def needless(uses: Iterable[ExcuseUse], revision: Revision, use_of: UseOf) -> Iterator[Finding]:
    """Yields findings about the excuses of environments, after some rules ran on them.

    All environments that read the file of an excuse are considered. `use_of` is called for those
    that are not in `uses`, and only if an environment in `uses` does not need the excuse.
    """
    judge = _Judge(revision, use_of, {use.environment.name: use for use in uses})
    for use in list(judge.uses.values()):
        yield from _ambiguous(use)
        for excuse in sorted(use.inherited | use.replaced, key=_place):
            if use.does_not_need(excuse) and judge.is_needed_nowhere(excuse):
                yield judge.finding(excuse, use)


@dataclass(frozen=True)
class _Judge:
    revision: Revision
    use_of: UseOf
    uses: dict[str, ExcuseUse]
    without_use: set[str] = field(default_factory=set)

    def is_needed_nowhere(self, excuse: Excuse) -> bool:
        """Whether no environment needs the excuse. Considers already examined ones first."""
        readers = [name for name, files in self._files.items() if excuse.position.file in files]
        ordered = sorted(readers, key=lambda name: name not in self.uses)
        return all(self._is_unneeded_in(name, excuse) for name in ordered)

    def _is_unneeded_in(self, name: str, excuse: Excuse) -> bool:
        if name not in self.uses and name not in self.without_use:
            use = self.use_of(name)
            if use is None:
                self.without_use.add(name)
            else:
                self.uses[name] = use
        return name in self.uses and self.uses[name].does_not_need(excuse)

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        """The names of the files, as messages print them, that each environment reads."""
        groups = Groups(self.revision)
        return {
            name: {self.revision.name_of(file) for file in groups.input_files(name)}
            for name in environments(self.revision)
        }

    def finding(self, excuse: Excuse, use: ExcuseUse) -> Finding:
        remove = "remove the comment" if excuse.is_comment else "remove this entry"
        twin = _first_excuse(excuse, self.uses.values())
        if twin is not None:
            text = f"'{excuse.rule}' is already excused at {twin.position}; {remove}"
            related = (Related(twin.position, "the excuse that is used"),)
            return Finding(UNUSED, f"{lead(excuse)}{text}", excuse.position, related=related)
        is_inherited = any(excuse in one.inherited for one in self.uses.values())
        text = _about_unused(excuse, remove) if is_inherited else _about_replaced(excuse)
        shown = use.environment.hidden.masked(f"{lead(excuse)}{text}")
        return Finding(UNUSED, shown, excuse.position)


def _first_excuse(excuse: Excuse, uses: Iterable[ExcuseUse]) -> Excuse | None:
    """Returns the excuse that is used for a finding that this excuse would excuse too."""
    for use in uses:
        for one in use.excused if excuse in use.inherited else ():
            if excuse.covers(one.finding):
                return one.excuse
    return None


def _about_replaced(excuse: Excuse) -> str:
    return (
        f"the excuse for {shown_rule(excuse.rule)} has no effect, because each environment "
        "replaces this list with its own; move this entry there, or remove it"
    )


def _about_unused(excuse: Excuse, remove: str) -> str:
    if excuse.object is not None:
        return f"'{excuse.rule}' reports nothing about {excuse.object}; {remove}"
    if excuse.path is not None:
        return f"'{excuse.rule}' reports nothing at {excuse.path}; {remove}"
    move = "or move it to the line of a finding"
    return f"'{excuse.rule}' reports nothing at this line; {remove}, {move}"


def _ambiguous(use: ExcuseUse) -> Iterator[Finding]:
    """Yields findings for entries that match objects of two kinds with the same name."""
    objects: dict[Excuse, set[tuple[str, str]]] = {}
    for one in use.excused:
        if one.excuse.object is not None and one.finding.object is not None:
            objects.setdefault(one.excuse, set()).add(one.finding.object.group_kind)
    for excuse, kinds in objects.items():
        if len(kinds) > 1:
            names = " and ".join(f"{kind}.{group or 'core'}" for group, kind in sorted(kinds))
            text = f"matches several objects; write the API group after the kind: {names}"
            yield Finding(AMBIGUOUS, f"{lead(excuse)}{text}", excuse.position)


def _place(excuse: Excuse) -> tuple[object, str]:
    return excuse.position, excuse.rule
