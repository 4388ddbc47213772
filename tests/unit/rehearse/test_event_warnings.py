"""The reasons why an object does not become Healthy, from recorded Events of a cluster."""

from __future__ import annotations

import copy

from gitops_gen.model import ObjectId
from gitops_gen.rehearse.event_warnings import event_warnings
from tests.unit.rehearse.recorded import by_id, recording

LIVE = by_id(recording("never-healthy")["live"])
BACKEND = ObjectId("apps", "Deployment", "app", "backend")
NO_ROOM = (
    "FailedScheduling: 0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, "
    "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
)


def test_the_warnings_about_what_an_object_owns_are_its_own() -> None:
    assert event_warnings(LIVE, BACKEND) == (NO_ROOM,)


def test_an_object_without_events_has_no_warnings() -> None:
    assert event_warnings(LIVE, ObjectId("", "Service", "app", "frontend")) == ()
    assert event_warnings({}, BACKEND) == ()


def test_a_wording_comes_once_and_only_the_last_three_are_kept() -> None:
    live = dict(LIVE)
    [warning] = [v for v in LIVE.values() if v.get("reason") == "FailedScheduling"]
    for minute, message in enumerate(["first", "second", "third", "third", "fourth"]):
        event = copy.deepcopy(warning)
        event |= {"message": message, "lastTimestamp": f"2026-11-30T06:5{minute}:00Z"}
        live[ObjectId("", "Event", "app", f"backend.{minute}")] = event
    texts = [text.removeprefix("FailedScheduling: ") for text in event_warnings(live, BACKEND)]
    assert texts == ["second", "third", "fourth"]
