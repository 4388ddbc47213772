"""Waits until every Application is Synced and Healthy, or until no Application changes any more."""

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

WAIT_TIMEOUT_SECONDS = 600.0
"""The maximum duration of a wait, even if something still changes."""
HEALTH_CHECK_SECONDS = 30.0
"""If Argo CD does not respond for this time, the health of every program is checked."""


def wait_until_settled(
    sandbox: Sandbox, expected: frozenset[str], revision: str, refresh_interval: float
) -> tuple[Awaited, ...]:
    """Waits, and returns an empty tuple if every Application is Synced and Healthy.

    Otherwise the result contains the Applications and objects that were not ready when nothing
    changed any more. `refresh_interval` is the minimum number of seconds between two refreshes.
    """
    began = time.monotonic()
    quiet = QuietPeriod(refresh_interval, began, began)
    while found := awaited(sandbox, expected, revision):
        deleted = being_deleted(sandbox.watcher.snapshot())
        quiet.observe(sandbox.applications(), bool(deleted), time.monotonic())
        if time.monotonic() - began > WAIT_TIMEOUT_SECONDS or quiet.is_over:
            return (*found, *deleted)
        if quiet.refresh_is_due(time.monotonic()):
            _refresh(sandbox, quiet)
        sandbox.check()
        time.sleep(0.05)
    return ()


def awaited(sandbox: Sandbox, expected: frozenset[str], revision: str) -> tuple[Awaited, ...]:
    """Returns the Applications that are not Synced and Healthy.

    If all Applications seem to be Synced and Healthy, Argo CD refreshes them once more, because a
    child Application may not have compared the latest change of the root Application yet.
    """
    found = application_state.awaited(sandbox.applications(), expected, revision)
    if found:
        return found
    return application_state.awaited(_states(refresh_all(sandbox)), expected, revision)


def refresh_all(sandbox: Sandbox) -> dict[str, Values]:
    """Refreshes all Applications, waits for the refreshes and returns the Applications.

    The root Application is refreshed last, because it also compares the child Applications,
    including
    the annotation that requests their refresh. Raises ToolFailed if Argo CD does not refresh an
    Application within WAIT_TIMEOUT_SECONDS.
    """
    children = _applications(sandbox).keys() - {ROOT}
    for names in (children, {ROOT}):
        for name in sorted(names):
            argocd.refresh(sandbox.server, name)
        _wait_for_refreshes(sandbox)
    return _applications(sandbox)


def being_deleted(live: Mapping[ObjectId, Values]) -> tuple[Awaited, ...]:
    """Returns the objects, except Applications, that are being deleted, with their finalizers."""
    return tuple(
        Awaited(str(identity), application_state.deletion(live[identity]))
        for identity in sorted(live)
        if live[identity]["metadata"].get("deletionTimestamp") and not is_application(identity)
    )


def _refresh(sandbox: Sandbox, quiet: QuietPeriod) -> None:
    began = time.monotonic()
    states = _states(refresh_all(sandbox))
    quiet.record_refresh(began, time.monotonic())
    deleted = being_deleted(sandbox.watcher.snapshot())
    quiet.observe(states, bool(deleted), time.monotonic())


def _wait_for_refreshes(sandbox: Sandbox) -> None:
    began = checked = time.monotonic()
    while waiting := [
        name for name, value in _applications(sandbox).items() if argocd.is_refresh_pending(value)
    ]:
        sandbox.check()
        if time.monotonic() - checked > HEALTH_CHECK_SECONDS:
            sandbox.processes.require_answers()
            checked = time.monotonic()
        if time.monotonic() - began > WAIT_TIMEOUT_SECONDS:
            names = ", ".join(sorted(waiting))
            limit = f"within {WAIT_TIMEOUT_SECONDS:.0f} s"
            raise ToolFailed(f"Argo CD did not refresh the Applications {names} {limit}")
        time.sleep(0.05)


def _applications(sandbox: Sandbox) -> dict[str, Values]:
    """Lists the Applications from the API server, because watch events can arrive late."""
    answer = sandbox.server.get(argocd.APPLICATIONS)
    if not answer.ok:
        raise ToolFailed(f"Applications cannot be listed: {answer.message}")
    items: Iterable[Values] = answer.body["items"]
    return {item["metadata"]["name"]: item for item in items}


def _states(values: Mapping[str, Values]) -> dict[str, ApplicationState]:
    return {name: application_state.state_of(value) for name, value in values.items()}
