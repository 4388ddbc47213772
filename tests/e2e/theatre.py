"""Scenes that a command cannot play: functions for the inside of a rehearsal's namespaces.

A test hands one of them to `isolated`; it drives a live Argo CD and gives back plain facts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse import rest
from gitops_gen.rehearse.applications import awaited
from gitops_gen.rehearse.rehearsal import bootstrap
from gitops_gen.rehearse.result import Mode
from gitops_gen.rehearse.revision import Revision, known
from gitops_gen.rehearse.scene import Plan, Push, Scene, scene
from gitops_gen.rehearse.servers.api import MERGE
from gitops_gen.rehearse.servers.argocd import APPLICATIONS, Settings, settings
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import tools
from gitops_gen.rehearse.stage import FOLLOWED, Stage
from gitops_gen.rehearse.watch import Watcher

STUCK = 300.0
"""Seconds after which what is awaited will not come. Nothing that works needs a tenth of them."""


@dataclass
class Play:
    """A live stage, the trees by name, and what may be done."""

    plan: Plan
    scene: Scene
    stage: Stage

    def begin(self, name: str) -> None:
        """The bootstrap, and the first tree until it is at rest."""
        self.stage.watcher = Watcher(self.stage.server)
        self.stage.watcher.follow({*FOLLOWED, *self.scene.kinds()})
        self._commit(name)
        for item in self.scene.trees[name].bootstrap:
            self.stage.put(self.stage.repository.manifest(item))
        self._rest()

    def push(self, name: str) -> float:
        """Seconds until the tree is live and at rest."""
        begin = time.monotonic()
        self.send(name)
        self._rest()
        return round(time.monotonic() - begin, 1)

    def send(self, name: str) -> None:
        """Commits the tree and tells Argo CD, as a webhook does."""
        self._commit(name)
        self.stage.refresh_all()

    def states(self) -> dict[str, str]:
        return {name: f"{s} {s.message}" for name, s in self.stage.applications().items()}

    def get(self, path: str) -> dict[str, Any] | None:
        answer = self.stage.server.get(path)
        return answer.body if answer.ok else None

    def delete(self, path: str) -> None:
        answer = self.stage.server.request("DELETE", path)
        assert answer.ok, answer.message

    def patch(self, path: str, **fields: Any) -> None:
        answer = self.stage.server.request("PATCH", path, body=fields, content_type=MERGE)
        assert answer.ok, answer.message

    def until(self, fact: Callable[[], object], seconds: float = STUCK) -> float:
        """Seconds until it holds. Raises ToolFailed, with what is awaited, where it never does."""
        begin = time.monotonic()
        while not fact():
            self.stage.check()
            if time.monotonic() - begin > seconds:
                raise ToolFailed(f"stuck for {seconds:.0f} s:\n  {self.told()}")
            time.sleep(0.05)
        return round(time.monotonic() - begin, 1)

    def told(self) -> str:
        """What is awaited, and what every Application says."""
        found = awaited(self.stage.applications(), self.expected, self.commit)
        lines = [str(item) for item in (*found, *rest.being_deleted(self.stage))]
        return "\n  ".join([*lines, *(f"{name}: {text}" for name, text in self.states().items())])

    def application(self, name: str) -> str:
        return f"{APPLICATIONS}/{name}"

    def _commit(self, name: str) -> None:
        push = next(push for push in self.plan.pushes if push.name == name)
        self.expected = self.scene.expected(self.scene.trees[name])
        self.commit = self.stage.repository.push(push.root, "dev", self.scene.skipped)

    def _rest(self) -> None:
        """Until every Application has compared the commit and is at rest, and no other is left."""
        self.until(lambda: not rest.awaited(self.stage, self.expected, self.commit))


def play(
    acts: Callable[[Play], dict[str, Any]],
    trees: dict[str, Path],
    chosen: Callable[[Settings], Settings] = lambda settings: settings,
) -> dict[str, Any]:
    """Runs `acts`, a function of a module, on a fresh stage; `trees` are rendered repositories."""
    with scratch(print) as folder:
        pushes = tuple(
            Push(name, name, root, known(Revision(name, root), "dev", print))
            for name, root in trees.items()
        )
        found = chosen(settings(pushes[0].root, 0))
        plan = Plan("dev", Mode.FULL, tools(), folder, pushes, found)
        return isolated(_inside, (acts, plan), folder, lambda _text: None)


def _inside(
    argument: tuple[Callable[[Play], dict[str, Any]], Plan], progress: Callable[[str], None]
) -> dict[str, Any]:
    acts, plan = argument
    shown = scene(plan)
    stage = Stage(plan.tools, plan.folder, plan.pushes[-1].known.region, progress)
    stage.prepare(shown.address)
    stage.start_control_plane([shown.address.host])
    bootstrap(plan, shown, stage)
    return acts(Play(plan, shown, stage))
