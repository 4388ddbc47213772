"""When everything is at rest, and when nothing moves any more: told by what Argo CD says.

A busy machine is silent for longer than an idle one. Silence is therefore counted in comparisons
that Argo CD was asked for and has made, and the slower they are, the longer are the pauses between.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gitops_gen.errors import ToolFailed
from gitops_gen.model import Values
from gitops_gen.rehearse import applications
from gitops_gen.rehearse.applications import State, state
from gitops_gen.rehearse.result import Awaited
from gitops_gen.rehearse.scene import ROOT
from gitops_gen.rehearse.servers import argocd
from gitops_gen.rehearse.stage import APPLICATION, Stage

COMPARISONS = 4
"""How often Argo CD compares everything and finds nothing new before the wait is given up."""
PAUSE = 3.0
"""How many times as long as the comparison the pause after it is, at least."""
DELETION = 90.0
"""Seconds without news in which comparisons do not count, while an object is being deleted.

The garbage collector learns of a kind that is new in the cluster up to 30 s late.
"""
LIMIT = 600.0
"""Seconds after which a wait is given up, whatever still moves."""
ANSWER = 30.0
"""Seconds without an answer of Argo CD, after which each program is asked whether it is well."""


def settle(
    stage: Stage, expected: frozenset[str], revision: str, pace: float
) -> tuple[Awaited, ...]:
    """What is still awaited when nothing moves any more; nothing when all is at rest.

    `pace` is the least number of seconds between two comparisons.
    """
    silence, begun = _Silence(pace), time.monotonic()
    while found := awaited(stage, expected, revision):
        leaving = being_deleted(stage)
        silence.hear(stage.applications(), bool(leaving))
        if time.monotonic() - begun > LIMIT or silence.comparisons >= COMPARISONS:
            return (*found, *leaving)
        if silence.is_due():
            silence.compare(stage)
        stage.check()
        time.sleep(0.05)
    return ()


def awaited(stage: Stage, expected: frozenset[str], revision: str) -> tuple[Awaited, ...]:
    """What is not at rest.

    Where nothing seems to be awaited, Argo CD compares everything once more: a child may not have
    seen yet what root has just changed.
    """
    found = applications.awaited(stage.applications(), expected, revision)
    if found:
        return found
    return applications.awaited(_states(compare_again(stage)), expected, revision)


def compare_again(stage: Stage) -> dict[str, Values]:
    """The Applications after Argo CD has compared each of them once more.

    Root is last: it compares the children, the request for a refresh included. Raises ToolFailed
    when Argo CD does not answer.
    """
    children = _listed(stage).keys() - {ROOT}
    for names in (children, {ROOT}):
        for name in sorted(names):
            argocd.refresh(stage.server, name)
        _wait_for_answers(stage)
    return _listed(stage)


def being_deleted(stage: Stage) -> tuple[Awaited, ...]:
    """Objects other than Applications that are to go, and what keeps them."""
    found = sorted(stage.watcher.snapshot().items())
    return tuple(
        Awaited(str(identity), applications.kept_by(value))
        for identity, value in found
        if value["metadata"].get("deletionTimestamp")
        and (identity.api_version, identity.kind) != APPLICATION
    )


@dataclass
class _Silence:
    """Since when, and during how many comparisons, no Application has said anything new."""

    pause: float
    """Seconds until the next comparison is due."""
    heard: set[object] = field(default_factory=set)
    since: float = field(default_factory=time.monotonic)
    compared: float = field(default_factory=time.monotonic)
    comparisons: int = 0

    def hear(self, states: Mapping[str, State], deleting: bool) -> None:
        """`deleting`: whether an object other than an Application is being deleted.

        A deletion takes its time, and Argo CD acts only after it: until then nothing counts.
        """
        said: set[object] = {(name, item.salient) for name, item in states.items()}
        said.add(tuple(sorted(states)))
        if not said <= self.heard:
            self.heard |= said
            self.since, self.comparisons = time.monotonic(), 0
        deleting = deleting or any(item.deleted for item in states.values())
        if deleting and time.monotonic() - self.since < DELETION:
            self.comparisons = 0

    def is_due(self) -> bool:
        return time.monotonic() - max(self.since, self.compared) > self.pause

    def compare(self, stage: Stage) -> None:
        begun = time.monotonic()
        states = _states(compare_again(stage))
        self.compared = time.monotonic()
        self.pause = max(self.pause, PAUSE * (self.compared - begun))
        self.comparisons += 1
        self.hear(states, bool(being_deleted(stage)))


def _wait_for_answers(stage: Stage) -> None:
    begun = asked = time.monotonic()
    while waiting := [name for name, value in _listed(stage).items() if argocd.is_asked(value)]:
        stage.check()
        if time.monotonic() - asked > ANSWER:
            stage.processes.require_answers()
            asked = time.monotonic()
        if time.monotonic() - begun > LIMIT:
            names = ", ".join(sorted(waiting))
            raise ToolFailed(f"Argo CD was asked to compare {names} and has not for {LIMIT:.0f} s")
        time.sleep(0.05)


def _listed(stage: Stage) -> dict[str, Values]:
    """As the server has them now: what it tells of changes may come late."""
    answer = stage.server.get(argocd.APPLICATIONS)
    if not answer.ok:
        raise ToolFailed(f"Applications cannot be listed: {answer.message}")
    items: Iterable[Values] = answer.body["items"]
    return {item["metadata"]["name"]: item for item in items}


def _states(values: Mapping[str, Values]) -> dict[str, State]:
    return {name: state(value) for name, value in values.items()}
