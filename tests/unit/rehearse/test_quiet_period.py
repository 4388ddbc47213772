"""When a wait for Argo CD is given up: by comparisons without news, not by seconds."""

from __future__ import annotations

from gitops_gen.rehearse.application_state import ApplicationState
from gitops_gen.rehearse.quiet_period import COMPARISONS, DELETION, QuietPeriod

STUCK = {"backend": ApplicationState("Synced", "Progressing", "Succeeded", "c0ffee", "", "")}
HEALTHY = {"backend": ApplicationState("Synced", "Healthy", "Succeeded", "c0ffee", "", "")}


def started(pause: float = 5.0) -> QuietPeriod:
    quiet = QuietPeriod(pause, since=0.0, compared_at=0.0)
    quiet.observe(STUCK, deleting=False, now=0.0)
    return quiet


def compared_at(quiet: QuietPeriod, *times: float, took: float = 0.1) -> None:
    """Comparisons that bring nothing new."""
    for time in times:
        quiet.compared(time - took, time)
        quiet.observe(STUCK, deleting=False, now=time)


def test_comparisons_without_news_end_it() -> None:
    quiet = started()
    compared_at(quiet, *range(1, COMPARISONS))
    assert not quiet.is_over
    compared_at(quiet, COMPARISONS)
    assert quiet.is_over


def test_a_new_state_begins_it_anew_and_a_known_one_does_not() -> None:
    quiet = started()
    compared_at(quiet, *range(1, COMPARISONS))
    quiet.observe(HEALTHY, deleting=False, now=10.0)
    assert quiet.comparisons == 0
    compared_at(quiet, *range(11, 11 + COMPARISONS))
    assert quiet.is_over, "an Application that goes to and fro between two states never settles"


def test_an_application_that_comes_or_goes_is_news() -> None:
    quiet = started()
    compared_at(quiet, *range(COMPARISONS))
    quiet.observe({**STUCK, "frontend": STUCK["backend"]}, deleting=False, now=9.0)
    assert not quiet.is_over
    compared_at(quiet, *range(10, 10 + COMPARISONS))
    quiet.observe({}, deleting=False, now=20.0)
    assert not quiet.is_over


def test_a_comparison_is_due_after_a_pause_without_news() -> None:
    quiet = started(pause=5.0)
    assert not quiet.comparison_is_due(5.0)
    assert quiet.comparison_is_due(5.1)
    compared_at(quiet, 6.0)
    assert not quiet.comparison_is_due(11.0)
    assert quiet.comparison_is_due(11.1)


def test_the_slower_the_comparisons_the_longer_the_pauses() -> None:
    quiet = started(pause=5.0)
    compared_at(quiet, 20.0, took=10.0)
    assert not quiet.comparison_is_due(49.0)
    assert quiet.comparison_is_due(51.0)


def test_comparisons_do_not_count_while_an_object_is_being_deleted() -> None:
    quiet = started()
    for time in range(1, 20):
        quiet.compared(time, time)
        quiet.observe(STUCK, deleting=True, now=time)
    assert not quiet.is_over


def test_a_deletion_that_never_ends_is_given_up_in_the_end() -> None:
    quiet = started()
    for time in range(int(DELETION), int(DELETION) + COMPARISONS):
        quiet.compared(time, time)
        quiet.observe(STUCK, deleting=True, now=time)
    assert quiet.is_over


def test_an_application_that_is_being_deleted_counts_as_a_deletion() -> None:
    leaving = {
        "backend": ApplicationState("Synced", "Healthy", "", "c0ffee", "", "", deletion="is going")
    }
    quiet = started()
    quiet.observe(leaving, deleting=False, now=1.0)
    quiet.compared(2.0, 2.0)
    quiet.observe(leaving, deleting=False, now=2.0)
    assert quiet.comparisons == 0
