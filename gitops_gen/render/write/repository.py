"""Renders the outdated environments of a repository, and writes or compares the result."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.files import GROUPS
from gitops_gen.model import Checked
from gitops_gen.render.write import up_to_date
from gitops_gen.render.write.object_changes import object_changes
from gitops_gen.render.write.outputs import empty_output, rendered_output
from gitops_gen.render.write.request import Listener, ObjectChanges, RenderOutcome, RenderRequest
from gitops_gen.render.write.up_to_date import Digest
from gitops_gen.tree import Changes, Output, compare, lock, write

if TYPE_CHECKING:
    from gitops_gen.objects.kube_object import KubeObject
    from gitops_gen.render.rendering import Rendering

    Renderings: TypeAlias = tuple[list[Rendering], dict[str, Checked]]
    """The renderings in the order of the names, and the findings about each environment."""


@dataclass(frozen=True, slots=True)
class RenderAttempt:
    """One attempt to render the outdated environments. It is repeated if an input changed."""

    start: int
    """The start time in nanoseconds."""
    inputs: dict[str, Digest]
    renderings: list[Rendering]
    checked: dict[str, Checked]
    outputs: dict[str, Output]
    """The output of each environment, in the order in which the outputs are written."""


@dataclass(frozen=True)
class RepositoryRender:
    """One run of `gitops-gen render`.

    `stale` are the environments to render. The generated files of `removed_environments` are
    removed.
    """

    request: RenderRequest
    listener: Listener
    names: tuple[str, ...]
    stale: tuple[str, ...]
    removed_environments: tuple[str, ...]
    render: Callable[[Sequence[str]], Renderings]
    """Renders the given environments from the current files."""

    def outcomes(self) -> list[RenderOutcome]:
        """Renders, then writes or compares.

        Before all environments are valid, nothing is written, not even the lock.
        """
        attempt = self._render_stale()
        if self.request.check:
            return self._outcomes(attempt, self._compare(list(attempt.outputs.values())))
        os.makedirs(self.request.target, exist_ok=True)
        with lock(self.request.target, waiting=self.listener.note) as locked:
            if self._inputs() != attempt.inputs:
                # The inputs changed while this process waited for the lock.
                attempt = self._render_stale()
            changes = write(locked, list(attempt.outputs.values()))
            if self.request.out is None:
                self._stamp(attempt, changes)
        return self._outcomes(attempt, changes)

    def _render_stale(self) -> RenderAttempt:
        start, inputs = time.time_ns(), self._inputs()
        renderings, checked = self.render(self.stale)
        outputs = {
            item.environment.name: rendered_output(item.environment.name, item.tree)
            for item in renderings
        }
        outputs |= {name: empty_output(name) for name in self.removed_environments}
        return RenderAttempt(start, inputs, renderings, checked, outputs)

    def _inputs(self) -> dict[str, Digest]:
        """The digests of the values files. All groups are in each, because not every environment
        is loaded yet, and only its content names its groups.

        This package is left out: it is in the stamps, which are not written if it changed.
        """
        root = self.request.root
        shared = up_to_date.further_digest(root, [GROUPS], Digest("", 0))
        return {name: up_to_date.inputs_digest(root, name, shared) for name in self.stale}

    def _compare(self, outputs: Sequence[Output]) -> list[Changes]:
        all_changes = [compare(self.request.target, output) for output in outputs]
        blocked = [finding for changes in all_changes for finding in changes.blocked]
        if blocked:
            raise InvalidInput(blocked)
        return all_changes

    def _outcomes(self, attempt: RenderAttempt, changes: Sequence[Changes]) -> list[RenderOutcome]:
        written = dict(zip(attempt.outputs, changes, strict=True))
        objects = {item.environment.name: item.objects for item in attempt.renderings}
        releases = {item.environment.name: item.releases for item in attempt.renderings}
        no_findings = Checked((), ())
        return [
            RenderOutcome(
                name,
                written.get(name),
                len(objects[name]) if name in objects else None,
                attempt.checked.get(name, no_findings).findings,
                attempt.checked.get(name, no_findings).excused,
                name in self.removed_environments,
                _removed_data(name, written.get(name), objects.get(name)),
                _object_changes(attempt.outputs.get(name), name, written.get(name)),
                releases.get(name, ()),
            )
            for name in sorted({*self.names, *self.removed_environments})
        ]

    def _stamp(self, attempt: RenderAttempt, changes: Sequence[Changes]) -> None:
        """Writes a stamp for each environment whose inputs did not change during the render."""
        root, package = self.request.root, up_to_date.package_digest()
        stamps, now = up_to_date.read_stamps(root), self._inputs()
        newest = 0
        for item, change in zip(attempt.renderings, changes, strict=False):
            name = item.environment.name
            stamps.pop(name, None)
            inputs = up_to_date.inputs_digest(root, name, package)
            inputs = up_to_date.further_digest(root, item.further_inputs, inputs)
            unchanged = now[name] == attempt.inputs[name] and inputs.is_older_than(attempt.start)
            if unchanged and not change.foreign:
                stamps[name], latest = up_to_date.stamp_of(root, name, inputs, item.further_inputs)
                newest = max(newest, latest)
        up_to_date.write_stamps(root, stamps, newest)


def _removed_data(
    name: str, changes: Changes | None, rendered: tuple[KubeObject, ...] | None
) -> tuple[str, ...]:
    if changes is None or not changes.removed:
        return ()
    from gitops_gen.render.write.removed_data import removed_data

    in_git = {p: text for p, text in changes.contents.items() if p not in changes.untracked}
    return tuple(removed_data(name, in_git, rendered))


def _object_changes(output: Output | None, name: str, changes: Changes | None) -> ObjectChanges:
    if output is None or changes is None:
        return ObjectChanges()
    return object_changes(name, changes, output.tree)
