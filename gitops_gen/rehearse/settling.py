"""Waits until every Application is at rest, or until nothing changes any more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.reading import is_application
from gitops_gen.rehearse import application_state
from gitops_gen.rehearse.application_state import ApplicationState
from gitops_gen.rehearse.quiet_period import QuietPeriod
from gitops_gen.rehearse.rehearsed_trees import ROOT
from gitops_gen.rehearse.result import Awaited
from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers import argocd

LIMIT = 600.0
"""Seconds after which a wait is given up, whatever still changes."""
ANSWER = 30.0
"""Seconds without an answer of Argo CD after which the health of each program is checked."""


def settle(
    sandbox: Sandbox, expected: frozenset[str], revision: str, pace: float
) -> tuple[Awaited, ...]:
    """What is still awaited when nothing changes any more; nothing when everything is at rest.

    `pace` is the least number of seconds between two comparisons.
    """
    began = time.monotonic()
    quiet = QuietPeriod(pace, began, began)
    while found := awaited(sandbox, expected, revision):
        deleted = being_deleted(sandbox.watcher.snapshot())
        quiet.observe(sandbox.applications(), bool(deleted), time.monotonic())
        if time.monotonic() - began > LIMIT or quiet.is_over:
            return (*found, *deleted)
        if quiet.comparison_is_due(time.monotonic()):
            _compare(sandbox, quiet)
        sandbox.check()
        time.sleep(0.05)
    return ()


def awaited(sandbox: Sandbox, expected: frozenset[str], revision: str) -> tuple[Awaited, ...]:
    """What is not at rest.

    Where everything seems to be, Argo CD compares everything once more: a child may not have
    noticed yet what root has just changed.
    """
    found = application_state.awaited(sandbox.applications(), expected, revision)
    if found:
        return found
    return application_state.awaited(_states(compare_again(sandbox)), expected, revision)


def compare_again(sandbox: Sandbox) -> dict[str, Values]:
    """The Applications after Argo CD has compared each of them once more.

    Root is last: it compares the children, the request for a refresh included. Raises ToolFailed
    when Argo CD does not answer.
    """
    children = _applications(sandbox).keys() - {ROOT}
    for names in (children, {ROOT}):
        for name in sorted(names):
            argocd.refresh(sandbox.server, name)
        _wait_for_comparisons(sandbox)
    return _applications(sandbox)


def being_deleted(live: Mapping[ObjectId, Values]) -> tuple[Awaited, ...]:
    """The objects other than Applications that are being deleted, and what keeps them."""
    return tuple(
        Awaited(str(identity), application_state.deletion(live[identity]))
        for identity in sorted(live)
        if live[identity]["metadata"].get("deletionTimestamp") and not is_application(identity)
    )


def _compare(sandbox: Sandbox, quiet: QuietPeriod) -> None:
    began = time.monotonic()
    states = _states(compare_again(sandbox))
    quiet.compared(began, time.monotonic())
    deleted = being_deleted(sandbox.watcher.snapshot())
    quiet.observe(states, bool(deleted), time.monotonic())


def _wait_for_comparisons(sandbox: Sandbox) -> None:
    began = checked = time.monotonic()
    while waiting := [
        name for name, value in _applications(sandbox).items() if argocd.is_asked(value)
    ]:
        sandbox.check()
        if time.monotonic() - checked > ANSWER:
            sandbox.processes.require_answers()
            checked = time.monotonic()
        if time.monotonic() - began > LIMIT:
            names = ", ".join(sorted(waiting))
            raise ToolFailed(f"Argo CD was asked to compare {names} and has not for {LIMIT:.0f} s")
        time.sleep(0.05)


def _applications(sandbox: Sandbox) -> dict[str, Values]:
    """As the server has them now: watch events may arrive late."""
    answer = sandbox.server.get(argocd.APPLICATIONS)
    if not answer.ok:
        raise ToolFailed(f"Applications cannot be listed: {answer.message}")
    items: Iterable[Values] = answer.body["items"]
    return {item["metadata"]["name"]: item for item in items}


def _states(values: Mapping[str, Values]) -> dict[str, ApplicationState]:
    return {name: application_state.state_of(value) for name, value in values.items()}
