"""A whole repository: render the environments that are stale, write or compare."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Checked
from gitops_gen.objects import layout
from gitops_gen.render.write import up_to_date as current
from gitops_gen.render.write.request import Listener, RenderOutcome, RenderRequest
from gitops_gen.render.write.up_to_date import Digest, Stamp
from gitops_gen.tree import Changes, Output, compare, inventory, lock, write

if TYPE_CHECKING:
    from gitops_gen.objects.kube_object import KubeObject
    from gitops_gen.render.rendering import Rendering

    Renderings: TypeAlias = tuple[list[Rendering], dict[str, Checked]]
    """Renderings in the order of the names, and the findings about each environment."""


@dataclass(frozen=True, slots=True)
class RenderAttempt:
    """One attempt to render what is stale. It is repeated where the inputs changed meanwhile."""

    start: int
    """When it began (ns)."""
    inputs: dict[str, Digest]
    renderings: list[Rendering]
    checked: dict[str, Checked]
    outputs: dict[str, Output]
    """Of each environment, in the order in which they are written."""


@dataclass(frozen=True)
class RepositoryRender:
    """One run; `stale` are the environments to render, `gone` those whose files are removed."""

    request: RenderRequest
    listener: Listener
    names: tuple[str, ...]
    stale: tuple[str, ...]
    gone: tuple[str, ...]
    render: Callable[[Sequence[str]], Renderings]
    """Renders environments from the files as they are now, with the warnings about each."""

    def outcomes(self) -> list[RenderOutcome]:
        """Renders first: nothing is written, not even a lock, unless everything is valid."""
        attempt = self._attempt()
        if self.request.check:
            return self._outcomes(attempt, self._compare(list(attempt.outputs.values())))
        os.makedirs(self.request.target, exist_ok=True)
        with lock(self.request.target, waiting=self.listener.note) as locked:
            if self._inputs() != attempt.inputs:
                # They changed while this run waited for the lock.
                attempt = self._attempt()
            changes = write(locked, list(attempt.outputs.values()))
            if self.request.out is None:
                self._stamp(attempt, changes)
        return self._outcomes(attempt, changes)

    def _attempt(self) -> RenderAttempt:
        start, inputs = time.time_ns(), self._inputs()
        renderings, checked = self.render(self.stale)
        outputs = {item.environment.name: _output(item) for item in renderings}
        outputs |= {name: _empty_output(name) for name in self.gone}
        return RenderAttempt(start, inputs, renderings, checked, outputs)

    def _inputs(self) -> dict[str, Digest]:
        root, package = self.request.root, current.package_digest()
        return {name: current.inputs_digest(root, name, package) for name in self.stale}

    def _compare(self, outputs: Sequence[Output]) -> list[Changes]:
        all_changes = [compare(self.request.target, output) for output in outputs]
        blocked = [finding for changes in all_changes for finding in changes.blocked]
        if blocked:
            raise InvalidInput(blocked)
        return all_changes

    def _outcomes(self, attempt: RenderAttempt, changes: Sequence[Changes]) -> list[RenderOutcome]:
        written = dict(zip(attempt.outputs, changes, strict=True))
        objects = {item.environment.name: item.objects for item in attempt.renderings}
        nothing = Checked((), ())
        return [
            RenderOutcome(
                name,
                written.get(name),
                len(objects[name]) if name in objects else None,
                attempt.checked.get(name, nothing).findings,
                attempt.checked.get(name, nothing).excused,
                name in self.gone,
                _removed_data(name, written.get(name), objects.get(name)),
            )
            for name in sorted({*self.names, *self.gone})
        ]

    def _stamp(self, attempt: RenderAttempt, changes: Sequence[Changes]) -> None:
        """Keeps a stamp for each environment whose inputs have not changed meanwhile."""
        root = self.request.root
        stamps, now = current.read_stamps(root), self._inputs()
        newest = 0
        for item, change in zip(attempt.renderings, changes, strict=False):
            name = item.environment.name
            stamps.pop(name, None)
            inputs = current.charts_digest(root, item.charts, now[name])
            is_settled = (
                now[name] == attempt.inputs[name] and inputs.newest < attempt.start - current.TICK
            )
            if is_settled and not change.foreign:
                digest = current.complete_digest(root, name, inputs)
                stamps[name] = Stamp(digest.text, item.charts)
                newest = max(newest, digest.newest)
        current.keep_stamps(root, stamps, newest)


def _removed_data(
    name: str, changes: Changes | None, rendered: tuple[KubeObject, ...] | None
) -> tuple[str, ...]:
    if changes is None or not changes.removed:
        return ()
    from gitops_gen.render.write.removed_data import removed_data

    return tuple(removed_data(name, changes.contents, rendered))


def _output(rendering: Rendering) -> Output:
    name = rendering.environment.name
    listing = layout.inventory(name)
    tree = {**rendering.tree, listing: inventory(rendering.tree, listing)}
    return Output(tree, layout.owned(name), listing)


def _empty_output(name: str) -> Output:
    return Output({}, layout.owned(name), layout.inventory(name))
