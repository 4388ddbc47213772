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
from gitops_gen.render.write.request import Listener, Outcome, RenderRequest
from gitops_gen.render.write.up_to_date import Digest, Stamp
from gitops_gen.tree import Changes, Output, compare, inventory, lock, write

if TYPE_CHECKING:
    from gitops_gen.render.hydrate.objects import Rendered
    from gitops_gen.render.rendering import Rendering

    Renderings: TypeAlias = tuple[list[Rendering], dict[str, Checked]]
    """Renderings in the order asked for, and what was found in each environment."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was rendered, when that began (ns) and of what; outputs by environment, in order."""

    start: int
    inputs: dict[str, Digest]
    renderings: list[Rendering]
    checked: dict[str, Checked]
    outputs: dict[str, Output]


@dataclass(frozen=True)
class RepositoryRender:
    """One run; `stale` are the names to render, `gone` those to take away."""

    request: RenderRequest
    listener: Listener
    names: tuple[str, ...]
    stale: tuple[str, ...]
    gone: tuple[str, ...]
    render: Callable[[Sequence[str]], Renderings]
    """Renders environments from the files as they are now, with the warnings about each."""

    def outcomes(self) -> list[Outcome]:
        """Nothing is written, not even a lock, before all is known to be valid."""
        made = self._made()
        if self.request.check:
            return self._outcomes(made, self._compare(list(made.outputs.values())))
        os.makedirs(self.request.target, exist_ok=True)
        with lock(self.request.target, waiting=self.listener.note) as locked:
            if self._inputs() != made.inputs:
                # Somebody changed them while another render kept us waiting.
                made = self._made()
            changes = write(locked, list(made.outputs.values()))
            if self.request.out is None:
                self._stamp(made, changes)
        return self._outcomes(made, changes)

    def _made(self) -> Made:
        start, inputs = time.time_ns(), self._inputs()
        renderings, checked = self.render(self.stale)
        outputs = {item.environment.name: _output(item) for item in renderings}
        outputs |= {name: _nothing(name) for name in self.gone}
        return Made(start, inputs, renderings, checked, outputs)

    def _inputs(self) -> dict[str, Digest]:
        root, package = self.request.root, current.package_digest()
        return {name: current.inputs_digest(root, name, package) for name in self.stale}

    def _compare(self, outputs: Sequence[Output]) -> list[Changes]:
        found = [compare(self.request.target, output) for output in outputs]
        blocked = [finding for changes in found for finding in changes.blocked]
        if blocked:
            raise InvalidInput(blocked)
        return found

    def _outcomes(self, made: Made, changes: Sequence[Changes]) -> list[Outcome]:
        done = dict(zip(made.outputs, changes, strict=True))
        objects = {item.environment.name: item.objects for item in made.renderings}
        nothing = Checked((), ())
        return [
            Outcome(
                name,
                done.get(name),
                len(objects[name]) if name in objects else None,
                made.checked.get(name, nothing).findings,
                made.checked.get(name, nothing).excused,
                name in self.gone,
                _data(name, done.get(name), objects.get(name)),
            )
            for name in sorted({*self.names, *self.gone})
        ]

    def _stamp(self, made: Made, changes: Sequence[Changes]) -> None:
        """Vouches for what was rendered of files that have not changed meanwhile."""
        root = self.request.root
        stamps, now = current.read_stamps(root), self._inputs()
        newest = 0
        for item, change in zip(made.renderings, changes, strict=False):
            name = item.environment.name
            stamps.pop(name, None)
            inputs = current.charts_digest(root, item.charts, now[name])
            steady = now[name] == made.inputs[name] and inputs.newest < made.start - current.TICK
            if steady and not change.foreign:
                whole = current.whole_digest(root, name, inputs)
                stamps[name] = Stamp(whole.text, item.charts)
                newest = max(newest, whole.newest)
        current.keep_stamps(root, stamps, newest)


def _data(
    name: str, changes: Changes | None, rendered: tuple[Rendered, ...] | None
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


def _nothing(name: str) -> Output:
    return Output({}, layout.owned(name), layout.inventory(name))
