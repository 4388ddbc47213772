"""Changes of an Application's state, and the reasons why it is not Synced and Healthy."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.rehearse.application_state import awaited, settled, state_of

CASES = Path(__file__).with_name("awaited")


def _application(phase: str, message: str, *conditions: str) -> dict[str, object]:
    operation = {"phase": phase, "message": message, "startedAt": "2026-01-01T00:00:00Z"}
    reported = [{"type": "SyncError", "message": text} for text in conditions]
    sync = {"status": "OutOfSync", "revision": "a"}
    status = {"sync": sync, "operationState": operation, "conditions": reported}
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
def test_a_retry_that_ends_as_the_one_before_has_the_same_fingerprint(one: str, two: str) -> None:
    assert (
        state_of(_application("Running", one)).fingerprint
        == state_of(_application("Running", two)).fingerprint
    )


def test_another_reason_has_another_fingerprint() -> None:
    one, two = (state_of(_application("Failed", f"{name} is refused")) for name in ("a", "b"))
    assert one.fingerprint != two.fingerprint


def test_the_message_says_why_a_sync_does_not_go_on() -> None:
    assert state_of(_application("Failed", "refused", "cannot compare")).message == (
        "refused; cannot compare"
    )
    assert state_of(_application("Succeeded", "successfully synced")).message == ""


@pytest.mark.parametrize("file", sorted(CASES.glob("*.yaml")), ids=lambda file: file.stem)
def test_what_keeps_the_applications_from_being_at_rest(file: Path) -> None:
    case = yaml.yaml_load(file.read_bytes(), file.name)
    states = {item["metadata"]["name"]: state_of(item) for item in case["applications"]}
    expected = frozenset(case["expected"])
    found = awaited(states, expected, case["revision"])
    assert [str(item) for item in found] == case["awaited"]
    assert settled(states, expected, case["revision"]) is not bool(case["awaited"])
