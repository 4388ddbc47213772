"""The verdict about a pull request: its changes, its findings, and whether it may be merged.

verdict(request, note, progress) -> Verdict

Every environment is rendered at most once: by the check, whose renderings the comparison and the
search for outdated files use too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gitops_gen.changes.classes import REFUSED
from gitops_gen.changes.compare import DiffRequest, compare
from gitops_gen.changes.environments import NEW
from gitops_gen.changes.result import (
    Comparison,
    Consequence,
    EnvironmentComparison,
    ObjectDifference,
)
from gitops_gen.changes.sources import RenderedHead, rendered_trees
from gitops_gen.checks import CheckRequest, CheckResult, check_repository
from gitops_gen.inputs.files import environments
from gitops_gen.model import Checked, Finding, Tree
from gitops_gen.render import Listener
from gitops_gen.render.write.stale_files import stale_files_of
from gitops_gen.render.write.up_to_date import removed_environments, stale
from gitops_gen.revisions import WorkTree
from gitops_gen.revisions.merge_base import comparison_base

_NO_CHECK = CheckResult(Checked((), ()))


class Decision(StrEnum):
    """Whether a pull request may be merged."""

    REFUSED = "refused"
    """It must be changed first: a value or an object is not valid, or a file is out of date."""
    DANGEROUS = "dangerous"
    """Somebody must accept at least one danger."""
    INCOMPLETE = "incomplete"
    """No danger was found, but a part could not be compared or checked."""
    HARMLESS = "harmless"
    """Everything was compared and checked, and the changes contain no danger."""
    UNCHANGED = "unchanged"
    """Nothing changes in any cluster, and nothing is wrong with the files."""


@dataclass(frozen=True, slots=True, eq=False)
class EnvironmentEffect:
    """One consequence of one change in one environment."""

    environment: EnvironmentComparison
    difference: ObjectDifference
    consequence: Consequence

    @property
    def is_other_danger(self) -> bool:
        """Whether it is dangerous, but not refused.

        Nothing runs yet in a new environment, so only a refusal matters there.
        """
        found = self.consequence.change_class
        return found.is_danger and found.id != REFUSED and self.environment.state != NEW


@dataclass(frozen=True, eq=False)
class Verdict:
    """Everything that a reviewer of a pull request must know."""

    comparison: Comparison
    """The changes, with their consequences in the clusters."""
    check: CheckResult
    """The findings about the values and the rendered objects of the work tree."""
    stale: tuple[Finding, ...] = ()
    """The findings about generated files that are out of date, are missing or are foreign."""
    root: str = "."
    """The folder of the work tree."""

    @property
    def decision(self) -> Decision:
        if self.stale or self.check.invalid or self.check.checked.errors or any(self.refusals()):
            return Decision.REFUSED
        if any(self.dangers()):
            return Decision.DANGEROUS
        if self.is_incomplete:
            return Decision.INCOMPLETE
        return Decision.HARMLESS if self.has_changes else Decision.UNCHANGED

    @property
    def is_incomplete(self) -> bool:
        """Whether a part could not be compared, or not be checked because apicheck failed."""
        return self.comparison.is_incomplete or bool(self.check.failure)

    @property
    def has_changes(self) -> bool:
        """Whether an object or a note about an environment differs from the base."""
        return any(one.changes or one.state for one in self.comparison.environments)

    def refusals(self) -> Iterator[EnvironmentEffect]:
        """Yields what the API server or Argo CD refuses, without what a trailer accepts."""
        return (one for one in self._open() if one.consequence.change_class.id == REFUSED)

    def dangers(self) -> Iterator[EnvironmentEffect]:
        """Yields the other dangers that nobody has accepted."""
        return (one for one in self._open() if one.is_other_danger)

    def effects(self) -> Iterator[EnvironmentEffect]:
        """Yields the consequences of all changes in all environments, also accepted ones."""
        for environment in self.comparison.environments:
            for difference, consequence in environment.consequences:
                yield EnvironmentEffect(environment, difference, consequence)

    def _open(self) -> Iterator[EnvironmentEffect]:
        return (one for one in self.effects() if one.consequence.accepted is None)


def verdict(
    request: DiffRequest, note: Callable[[str], None], progress: Callable[[str], None]
) -> Verdict:
    """Checks the work tree, and compares it with its base.

    Invalid values are a part of the verdict. Raises InvalidInput if there is no base or no such
    environment; ToolFailed if Git or Helm fails.
    """
    comparison_base(request.root, request.base)  # It fails at once, and the check takes longer.
    existing = environments(WorkTree(request.root))
    names = tuple(name for name in existing if not request.names or name in request.names)
    check = _check(request.root, names, Listener(note, progress))
    not_rendered = {
        counts.environment: counts.not_rendered
        for counts in check.checked.objects
        if counts.not_rendered
    }
    outdated = [name for name in stale(request.root, names) if name not in not_rendered]
    files = {name: check.rendered[name] for name in outdated if name in check.rendered}
    left = [name for name in outdated if name not in files]
    files |= rendered_trees(WorkTree(request.root), left, note, progress)
    comparison = compare(request, note, progress, RenderedHead(files, not_rendered))
    return Verdict(comparison, check, _stale(request, existing, files), request.root)


def _check(root: str, names: Sequence[str], listener: Listener) -> CheckResult:
    if not names:
        return _NO_CHECK
    request = CheckRequest(root, tuple(names), os.cpu_count() or 1, keep_rendered=True)
    found = check_repository(request, listener)
    listener.progress("")
    return found


def _stale(
    request: DiffRequest, existing: Sequence[str], files: dict[str, Tree]
) -> tuple[Finding, ...]:
    removed = () if request.names else removed_environments(request.root, existing)
    return stale_files_of(request.root, files, removed)
