"""The dangers of the changes that are not committed yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gitops_gen.changes.classes import REFUSED
from gitops_gen.changes.compare import DiffRequest, compare
from gitops_gen.changes.environments import NEW, REMOVED, RENAMED
from gitops_gen.changes.result import (
    Comparison,
    Consequence,
    EnvironmentComparison,
    ObjectDifference,
)
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.revisions.merge_base import has_commits

_LAST_COMMIT = "HEAD"


@dataclass(frozen=True, slots=True, eq=False)
class Danger:
    """One dangerous consequence of the uncommitted changes in an environment."""

    environment: str
    difference: ObjectDifference
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class UncommittedDangers:
    """The dangers since the last commit, and what is not known about them."""

    found: tuple[Danger, ...] = ()
    """The most dangerous classes come first."""
    notes: tuple[str, ...] = ()
    """What happens to whole environments, and what could not be compared or checked."""


def uncommitted_dangers(
    root: str,
    environments: Sequence[str],
    note: Callable[[str], None],
    progress: Callable[[str], None],
) -> UncommittedDangers:
    """Compares these environments of the work tree with the last commit, and returns the dangers.

    Environments whose generated files are out of date are rendered in memory. Without a Git
    repository or a commit there is nothing to compare with, and so there are no dangers. A failure
    is one of the notes, because the command that asks has already done its work.
    """
    if not (environments and _is_in_repository(root)):
        return UncommittedDangers()
    try:
        if not has_commits(root):
            return UncommittedDangers()
        request = DiffRequest(root, tuple(environments), base=_LAST_COMMIT)
        return _of(compare(request, note, progress))
    except (InvalidInput, ToolFailed) as error:
        return UncommittedDangers(notes=(f"not compared with the last commit: {error}",))


def _is_in_repository(folder: str) -> bool:
    """Whether a folder above has a repository. It is found without Git, which may be missing."""
    place = Path(os.path.abspath(folder))
    return any(os.path.lexists(one / ".git") for one in (place, *place.parents))


def _of(comparison: Comparison) -> UncommittedDangers:
    found = [
        Danger(environment.name, difference, consequence)
        for environment in comparison.environments
        for difference, consequence in environment.consequences
        if _is_dangerous(environment, consequence)
    ]
    found.sort(key=lambda danger: danger.consequence.change_class.rank)
    return UncommittedDangers(tuple(found), tuple(_notes(comparison)))


def _is_dangerous(environment: EnvironmentComparison, consequence: Consequence) -> bool:
    """Nothing runs yet in a new environment, so only a refusal matters there."""
    if environment.state == NEW:
        return consequence.change_class.id == REFUSED
    return consequence.change_class.is_danger


def _notes(comparison: Comparison) -> Iterator[str]:
    for environment in comparison.environments:
        if environment.state in (REMOVED, RENAMED):
            yield from (f"{environment.name}: {note}" for note in environment.notes)
        for missing in environment.not_compared:
            yield f"{environment.name}: not compared: {missing.subject}: {missing.reason}"
    has_changes = any(environment.changes for environment in comparison.environments)
    if has_changes and comparison.unchecked_because:
        yield (
            "not checked whether the API server refuses the changes: "
            f"{comparison.unchecked_because}"
        )
