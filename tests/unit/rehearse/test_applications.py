"""When an Application has something new to say, and when it is at rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.rehearse.applications import awaited, settled, state

CASES = Path(__file__).with_name("awaited")


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


@pytest.mark.parametrize("file", sorted(CASES.glob("*.yaml")), ids=lambda file: file.stem)
def test_what_keeps_it_from_rest_is_said(file: Path) -> None:
    case = yaml.yaml_load(file.read_bytes(), file.name)
    states = {item["metadata"]["name"]: state(item) for item in case["applications"]}
    expected = frozenset(case["expected"])
    found = awaited(states, expected, case["revision"])
    assert [str(item) for item in found] == case["awaited"]
    assert settled(states, expected, case["revision"]) is not bool(case["awaited"])
