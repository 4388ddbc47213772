"""Plays that a command cannot run: functions for the namespaces of a rehearsal.

A test passes a function to `isolated`; the function uses a live Argo CD and returns plain facts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse import settling
from gitops_gen.rehearse.application_state import awaited
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.rehearsal import bootstrap
from gitops_gen.rehearse.rehearsed_trees import RehearsedTrees, read_trees
from gitops_gen.rehearse.result import Mode
from gitops_gen.rehearse.revision import revision_facts
from gitops_gen.rehearse.sandbox import FOLLOWED, Sandbox
from gitops_gen.rehearse.servers.api import MERGE
from gitops_gen.rehearse.servers.argocd import APPLICATIONS, Settings, settings
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import tools
from gitops_gen.rehearse.watch import Watcher
from gitops_gen.revisions import WorkTree

STUCK = 300.0
"""The timeout of a wait in seconds. A successful wait needs less than a tenth of it."""


@dataclass
class Play:
    """A running sandbox, the rendered repositories by name, and actions in the cluster."""

    plan: RehearsalPlan
    trees: RehearsedTrees
    sandbox: Sandbox

    def begin(self, name: str) -> None:
        """Applies the bootstrap objects, and waits until the first push is Synced and Healthy."""
        self.sandbox.watcher = Watcher(self.sandbox.server)
        self.sandbox.watcher.follow({*FOLLOWED, *self.trees.kinds()})
        self._commit(name)
        for item in self.trees.by_push[name].bootstrap:
            self.sandbox.put(self.sandbox.repository.adapted_value(item.value))
        self._rest()

    def push(self, name: str) -> float:
        """Pushes a revision and returns the seconds until it is Synced and Healthy."""
        begin = time.monotonic()
        self.send(name)
        self._rest()
        return round(time.monotonic() - begin, 1)

    def send(self, name: str) -> None:
        """Commits the files and notifies Argo CD, as a webhook does."""
        self._commit(name)
        self.sandbox.refresh_all()

    def states(self) -> dict[str, str]:
        return {name: f"{s} {s.message}" for name, s in self.sandbox.applications().items()}

    def get(self, path: str) -> dict[str, Any] | None:
        answer = self.sandbox.server.get(path)
        return answer.body if answer.ok else None

    def delete(self, path: str) -> None:
        answer = self.sandbox.server.request("DELETE", path)
        assert answer.ok, answer.message

    def patch(self, path: str, **fields: Any) -> None:
        answer = self.sandbox.server.request("PATCH", path, body=fields, content_type=MERGE)
        assert answer.ok, answer.message

    def until(self, fact: Callable[[], object], seconds: float = STUCK) -> float:
        """Waits for a condition and returns the seconds. Raises ToolFailed after LIMIT."""
        begin = time.monotonic()
        while not fact():
            self.sandbox.check()
            if time.monotonic() - begin > seconds:
                raise ToolFailed(f"stuck for {seconds:.0f} s:\n  {self.told()}")
            time.sleep(0.05)
        return round(time.monotonic() - begin, 1)

    def told(self) -> str:
        """Returns what is not ready, and the messages of all Applications."""
        found = awaited(self.sandbox.applications(), self.expected, self.commit)
        lines = [
            str(item) for item in (*found, *settling.being_deleted(self.sandbox.watcher.snapshot()))
        ]
        return "\n  ".join([*lines, *(f"{name}: {text}" for name, text in self.states().items())])

    def application(self, name: str) -> str:
        return f"{APPLICATIONS}/{name}"

    def _commit(self, name: str) -> None:
        push = next(push for push in self.plan.pushes if push.name == name)
        self.expected = self.trees.expected(self.trees.by_push[name])
        self.commit = self.sandbox.repository.push(push.root, "dev", self.trees.left_out_names)

    def _rest(self) -> None:
        """Waits until exactly the expected Applications exist, Synced and Healthy at the commit."""
        self.until(lambda: not settling.awaited(self.sandbox, self.expected, self.commit))


def play(
    acts: Callable[[Play], dict[str, Any]],
    trees: dict[str, Path],
    chosen: Callable[[Settings], Settings] = lambda settings: settings,
) -> dict[str, Any]:
    """Runs `acts`, a function of a module, in a new sandbox. `trees` are rendered repositories."""
    with scratch(print) as folder:
        pushes = tuple(
            Push(name, name, root, revision_facts(WorkTree(str(root)), root, "dev", print))
            for name, root in trees.items()
        )
        found = chosen(settings(pushes[0].root, 0))
        plan = RehearsalPlan("dev", Mode.FULL, tools(), folder, pushes, found)
        return isolated(_inside, (acts, plan), folder, lambda _text: None)


def _inside(
    argument: tuple[Callable[[Play], dict[str, Any]], RehearsalPlan],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    acts, plan = argument
    trees = read_trees(plan)
    sandbox = Sandbox(plan.tools, plan.folder, plan.pushes[-1].facts.region, progress)
    sandbox.prepare(trees.address)
    sandbox.start_control_plane([trees.address.host])
    bootstrap(plan, trees, sandbox)
    return acts(Play(plan, trees, sandbox))
