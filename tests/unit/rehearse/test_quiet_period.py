"""The end of a wait for Argo CD: it depends on refreshes without a change, not on seconds."""

from __future__ import annotations

from gitops_gen.rehearse.application_state import ApplicationState
from gitops_gen.rehearse.quiet_period import (
    DELETION_GRACE_SECONDS,
    REFRESHES_WITHOUT_CHANGE,
    QuietPeriod,
)

STUCK = {"backend": ApplicationState("Synced", "Progressing", "Succeeded", "c0ffee", "", "")}
HEALTHY = {"backend": ApplicationState("Synced", "Healthy", "Succeeded", "c0ffee", "", "")}


def started(interval: float = 5.0) -> QuietPeriod:
    quiet = QuietPeriod(interval, last_change=0.0, refreshed_at=0.0)
    quiet.observe(STUCK, deleting=False, now=0.0)
    return quiet


def refresh_at(quiet: QuietPeriod, *times: float, took: float = 0.1) -> None:
    """Records refreshes without a change."""
    for time in times:
        quiet.record_refresh(time - took, time)
        quiet.observe(STUCK, deleting=False, now=time)


def test_refreshes_without_a_change_end_the_period() -> None:
    quiet = started()
    refresh_at(quiet, *range(1, REFRESHES_WITHOUT_CHANGE))
    assert not quiet.is_over
    refresh_at(quiet, REFRESHES_WITHOUT_CHANGE)
    assert quiet.is_over


def test_a_new_state_restarts_the_period_and_a_known_state_does_not() -> None:
    quiet = started()
    refresh_at(quiet, *range(1, REFRESHES_WITHOUT_CHANGE))
    quiet.observe(HEALTHY, deleting=False, now=10.0)
    assert quiet.refreshes == 0
    refresh_at(quiet, *range(11, 11 + REFRESHES_WITHOUT_CHANGE))
    assert quiet.is_over, "an Application that alternates between two states never settles"


def test_a_created_or_deleted_application_is_a_change() -> None:
    quiet = started()
    refresh_at(quiet, *range(REFRESHES_WITHOUT_CHANGE))
    quiet.observe({**STUCK, "frontend": STUCK["backend"]}, deleting=False, now=9.0)
    assert not quiet.is_over
    refresh_at(quiet, *range(10, 10 + REFRESHES_WITHOUT_CHANGE))
    quiet.observe({}, deleting=False, now=20.0)
    assert not quiet.is_over


def test_a_refresh_is_due_after_the_interval() -> None:
    quiet = started(interval=5.0)
    assert not quiet.refresh_is_due(5.0)
    assert quiet.refresh_is_due(5.1)
    refresh_at(quiet, 6.0)
    assert not quiet.refresh_is_due(11.0)
    assert quiet.refresh_is_due(11.1)


def test_the_interval_grows_with_the_duration_of_a_refresh() -> None:
    quiet = started(interval=5.0)
    refresh_at(quiet, 20.0, took=10.0)
    assert not quiet.refresh_is_due(49.0)
    assert quiet.refresh_is_due(51.0)


def test_refreshes_do_not_count_while_an_object_is_being_deleted() -> None:
    quiet = started()
    for time in range(1, 20):
        quiet.record_refresh(time, time)
        quiet.observe(STUCK, deleting=True, now=time)
    assert not quiet.is_over


def test_a_deletion_that_never_ends_does_not_extend_the_period_forever() -> None:
    quiet = started()
    for time in range(
        int(DELETION_GRACE_SECONDS), int(DELETION_GRACE_SECONDS) + REFRESHES_WITHOUT_CHANGE
    ):
        quiet.record_refresh(time, time)
        quiet.observe(STUCK, deleting=True, now=time)
    assert quiet.is_over


def test_an_application_that_is_being_deleted_counts_as_a_deletion() -> None:
    leaving = {
        "backend": ApplicationState("Synced", "Healthy", "", "c0ffee", "", "", deletion="is going")
    }
    quiet = started()
    quiet.observe(leaving, deleting=False, now=1.0)
    quiet.record_refresh(2.0, 2.0)
    quiet.observe(leaving, deleting=False, now=2.0)
    assert quiet.refreshes == 0
