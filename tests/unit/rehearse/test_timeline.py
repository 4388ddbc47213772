"""The times at which Applications became Synced and Healthy, from a recorded first sync."""

from __future__ import annotations

from gitops_gen.model import Position
from gitops_gen.objects.reading import read_environment
from gitops_gen.rehearse.application_state import state_of
from gitops_gen.rehearse.result import SyncStep
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.timeline import SyncTimes, sync_steps, sync_times
from gitops_gen.revisions import WorkTree
from tests.repository import ROOT
from tests.unit.rehearse.recorded import events, recording

SYNC = recording("first-sync")
EVENTS = list(events(SYNC))
LINE = Position("values/dev.yaml", 6, 3)


def test_the_first_time_of_each_state_counts() -> None:
    assert sync_times(EVENTS, 0, SYNC["commit"]) == {
        "postgres": SyncTimes(3.43, 5.62, 6.14),
        "backend": SyncTimes(6.23, 7.25, 7.25),
        "frontend": SyncTimes(7.38, 8.46, 8.46),
    }


def test_times_count_from_the_begin_of_the_phase() -> None:
    assert sync_times(EVENTS, 1, SYNC["commit"])["postgres"] == SyncTimes(2.43, 4.62, 5.14)


def test_a_sync_to_another_commit_does_not_count() -> None:
    assert sync_times(EVENTS, 0, "f" * 40)["backend"] == SyncTimes(6.23, None, None)


def test_an_application_that_stops_on_the_way_has_no_further_times() -> None:
    stopped = [event for event in EVENTS if event.at < 6]
    assert sync_times(stopped, 0, SYNC["commit"]) == {"postgres": SyncTimes(3.43, 5.62, None)}


def test_the_timeline_holds_every_application_in_the_order_of_the_waves() -> None:
    tree = read_environment(WorkTree(str(ROOT)), "dev")
    seen = [event for event in EVENTS if event.at < 7]
    states = {event.object.id.name: state_of(event.after) for event in seen}
    facts = RevisionFacts((ComponentFacts("backend", 20, "app", LINE),))
    left_out = frozenset(states.keys() ^ {item.id.name for item in tree.applications})
    times = sync_times(seen, 0, SYNC["commit"])
    steps = sync_steps(states, times, tree, facts, left_out - {"frontend"})
    assert [(step.wave, step.component, step.state) for step in steps] == [
        (10, "postgres", "Synced, Healthy"),
        (20, "backend", "OutOfSync, Healthy, Running"),
        (30, "frontend", "absent"),
    ]
    assert steps[1].values == LINE
    assert steps[2] == SyncStep("frontend", 30, None, None, None, "absent")
