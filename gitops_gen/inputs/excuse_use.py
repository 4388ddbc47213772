"""Which excuses are needed.

An excuse stands in a file, and every environment that reads the file inherits it. It is an error
when it excuses nothing in any of them, as far as its rule ran there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from gitops_gen.inputs.excuses import lead, shown_rule
from gitops_gen.inputs.files import environments, input_files
from gitops_gen.model import Environment, Excuse, Excused, Finding, Related, Rule
from gitops_gen.revisions import Revision

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
        """Whether the environment certainly does not need an excuse of a file that it reads."""
        if excuse not in self.inherited:
            return True
        return excuse.rule in self.rules and excuse not in self.used


UseOf: TypeAlias = Callable[[str], ExcuseUse | None]
"""The same stage of another environment, by its name; None if it cannot be examined."""


def needless(uses: Iterable[ExcuseUse], revision: Revision, use_of: UseOf) -> Iterator[Finding]:
    """What is wrong with the excuses of environments, after some rules ran on them.

    An excuse is judged by all environments that read its file: `use_of` is asked about those
    that are not among `uses`, and only where one of these does not need the excuse.
    """
    judge = _Judge(revision, use_of, {use.environment.name: use for use in uses})
    for use in list(judge.uses.values()):
        yield from _ambiguous(use)
        for excuse in sorted(use.inherited | use.replaced, key=_place):
            if use.leaves_idle(excuse) and judge.is_idle_everywhere(excuse):
                yield judge.finding(excuse, use)


@dataclass(frozen=True)
class _Judge:
    revision: Revision
    use_of: UseOf
    uses: dict[str, ExcuseUse]
    without_use: set[str] = field(default_factory=set)

    def is_idle_everywhere(self, excuse: Excuse) -> bool:
        """Whether no environment needs the excuse. Those already examined are asked first."""
        readers = [name for name, files in self._files.items() if excuse.position.file in files]
        ordered = sorted(readers, key=lambda name: name not in self.uses)
        return all(self._is_idle(name, excuse) for name in ordered)

    def _is_idle(self, name: str, excuse: Excuse) -> bool:
        if name not in self.uses and name not in self.without_use:
            use = self.use_of(name)
            if use is None:
                self.without_use.add(name)
            else:
                self.uses[name] = use
        return name in self.uses and self.uses[name].leaves_idle(excuse)

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        """Environment -> what messages call the files that it reads."""
        return {
            name: {self.revision.name_of(file) for file in input_files(name)}
            for name in environments(self.revision)
        }

    def finding(self, excuse: Excuse, use: ExcuseUse) -> Finding:
        remove = "remove the comment" if excuse.is_comment else "remove this entry"
        twin = _first_excuse(excuse, self.uses.values())
        if twin is not None:
            text = f"'{excuse.rule}' is excused at {twin.position} already; {remove}"
            related = (Related(twin.position, "the excuse that counts"),)
            return Finding(UNUSED, f"{lead(excuse)}{text}", excuse.position, related=related)
        is_inherited = any(excuse in one.inherited for one in self.uses.values())
        text = _about_idle(excuse, remove) if is_inherited else _about_replaced(excuse)
        shown = use.environment.hidden.masked(f"{lead(excuse)}{text}")
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
        f"{shown_rule(excuse.rule)} is excused in no environment, since each of them replaces "
        "this list by its own; move this entry there, or remove it"
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
            yield Finding(AMBIGUOUS, f"{lead(excuse)}{text}", excuse.position)


def _place(excuse: Excuse) -> tuple[object, str]:
    return excuse.position, excuse.rule
