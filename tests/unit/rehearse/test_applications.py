"""When an Application has something new to say."""

from __future__ import annotations

import pytest

from gitops_gen.rehearse.applications import state


def _application(phase: str, message: str, *conditions: str) -> dict[str, object]:
    operation = {"phase": phase, "message": message, "startedAt": "2026-01-01T00:00:00Z"}
    said = [{"type": "SyncError", "message": text} for text in conditions]
    sync = {"status": "OutOfSync", "revision": "a"}
    status = {"sync": sync, "operationState": operation, "conditions": said}
    return {"metadata": {"name": "backend"}, "status": status}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            'no match for "old" from "/dev/shm/1807328426": policy/v1beta1',
            'no match for "old" from "/dev/shm/2022604418": policy/v1beta1',
        ),
        (
            'error when patching "/dev/shm/3036261559": Deployment.apps "backend" is invalid',
            'error when patching "/dev/shm/84310072": Deployment.apps "backend" is invalid',
        ),
        ("refused. Retrying attempt #7 at 3:16AM.", "refused. Retrying attempt #8 at 3:17AM."),
        ("refused (retried 1 time)", "refused (retried 2 times)"),
        (
            'labels: {"controller-uid":"ce630b2d-9940-4d82-ae81-7a1e059098e3"}',
            'labels: {"controller-uid":"1522c39d-47e8-470a-ba66-f1778671513f"}',
        ),
    ],
)
def test_a_further_try_that_ends_as_the_one_before_is_nothing_new(one: str, two: str) -> None:
    assert (
        state(_application("Running", one)).salient == state(_application("Running", two)).salient
    )


def test_another_reason_is_something_new() -> None:
    one, two = (state(_application("Failed", f"{name} is refused")) for name in ("a", "b"))
    assert one.salient != two.salient


def test_what_it_says_is_why_it_does_not_go_on() -> None:
    assert state(_application("Failed", "refused", "cannot compare")).message == (
        "refused; cannot compare"
    )
    assert state(_application("Succeeded", "successfully synced")).message == ""
