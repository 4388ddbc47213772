"""A whole repository: render the environments that are stale, write or compare."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding
from gitops_gen.render import current, layout
from gitops_gen.render.current import Digest, Stamp
from gitops_gen.render.request import Listener, Outcome, Request
from gitops_gen.tree import Changes, Locked, Output, compare, inventory, lock, write

if TYPE_CHECKING:
    from gitops_gen.render.rendering import Rendering

Apply: TypeAlias = Callable[[Sequence[Output]], Sequence[Changes]]


@dataclass(frozen=True)
class Run:
    """One run; `stale` are the names to render, `gone` those to take away."""

    request: Request
    listener: Listener
    names: tuple[str, ...]
    stale: tuple[str, ...]
    gone: tuple[str, ...]

    def outcomes(self) -> list[Outcome]:
        if self.request.check:
            return self._outcomes(self._compare)
        with self._lock() as locked:
            return self._outcomes(lambda outputs: write(locked, outputs))

    def _compare(self, outputs: Sequence[Output]) -> list[Changes]:
        found = [compare(self.request.target, output) for output in outputs]
        blocked = [finding for changes in found for finding in changes.blocked]
        if blocked:
            raise InvalidInput(blocked)
        return found

    def _lock(self) -> AbstractContextManager[Locked]:
        os.makedirs(self.request.target, exist_ok=True)
        return lock(self.request.target, waiting=self.listener.note)

    def _outcomes(self, apply: Apply) -> list[Outcome]:
        stale = self._still_stale()
        package = current.package_digest()
        before = {name: current.inputs_digest(self.request.root, name, package) for name in stale}
        renderings, warnings = self._render(stale)
        outputs = {item.environment.name: _output(item) for item in renderings}
        outputs |= {name: _nothing(name) for name in self.gone}
        changes = dict(zip(outputs, apply(list(outputs.values())), strict=True))
        if not self.request.check and self.request.out is None:
            self._stamp(renderings, changes, before)
        objects = {item.environment.name: len(item.objects) for item in renderings}
        return [
            Outcome(
                name,
                changes.get(name),
                objects.get(name),
                warnings.get(name, ()),
                name in self.gone,
            )
            for name in sorted({*self.names, *self.gone})
        ]

    def _still_stale(self) -> Sequence[str]:
        """The render that held the lock before us may have done it all."""
        if self.request.out is not None:
            return self.stale
        return current.stale(self.request.root, self.stale)

    def _render(
        self, names: Sequence[str]
    ) -> tuple[list[Rendering], dict[str, tuple[Finding, ...]]]:
        if not names:
            return [], {}
        from gitops_gen.components import catalogue
        from gitops_gen.helm import executable
        from gitops_gen.inputs import Loader, load_all
        from gitops_gen.render.run import render_all

        folders = catalogue()
        loaded = load_all(Loader(self.request.root, folders), names)
        helm = executable(self.listener.note)
        if helm.note:
            self.listener.note(helm.note)
        environments = [item.environment for item in loaded]
        root, jobs = self.request.root, self.request.jobs
        done = self.listener.progress
        found = render_all(environments, folders, helm, root=root, jobs=jobs, done=done)
        return found, {item.environment.name: item.warnings for item in loaded}

    def _stamp(
        self,
        renderings: Sequence[Rendering],
        changes: dict[str, Changes],
        before: dict[str, Digest],
    ) -> None:
        """Vouches for what was rendered of inputs that have not changed meanwhile."""
        root, package = self.request.root, current.package_digest()
        stamps = current.read_stamps(root)
        newest = 0
        for item in renderings:
            name = item.environment.name
            inputs = current.inputs_digest(root, name, package)
            stamps.pop(name, None)
            if inputs == before[name] and not changes[name].foreign:
                inputs = current.charts_digest(root, item.charts, inputs)
                whole = current.whole_digest(root, name, inputs)
                stamps[name] = Stamp(whole.text, item.charts)
                newest = max(newest, whole.newest)
        current.keep_stamps(root, stamps, newest)


def _output(rendering: Rendering) -> Output:
    name = rendering.environment.name
    listing = layout.inventory(name)
    tree = {**rendering.tree, listing: inventory(rendering.tree, listing)}
    return Output(tree, layout.owned(name), listing)


def _nothing(name: str) -> Output:
    return Output({}, layout.owned(name), layout.inventory(name))
