"""Plays in a live cluster: pushes, manual changes, broken Applications, autoscalers, sync waves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gitops_gen.rehearse.servers.argocd import HEALTH, Settings
from tests.e2e import acts
from tests.e2e.repositories import Tell, example
from tests.e2e.theatre import play

TOO_MUCH = {"requests": {"cpu": "900"}, "limits": {"cpu": "900"}}
# An added tier makes the root Application sync and wait for a backend that does not fit a node.
WORKER = {"image": {"repository": "ghcr.io/acme/worker", "tag": "1.0.0"}}
BROKEN = {"backend": {"resources": TOO_MUCH}, "worker": WORKER}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return example(tmp_path / "first")


def test_pushes(first: Path, tmp_path: Path, tell: Tell) -> None:
    changes = {"backend": {"image": {"tag": "2.2.0"}, "replicas": 2}}
    alone = {**changes, "frontend": {"enabled": False}}
    apart = {"backend": {**changes["backend"], "database": None}, "frontend": {"enabled": False}}
    trees = {
        "first": first,
        "changed": example(tmp_path / "changed", tiers=changes),
        "removed": example(tmp_path / "removed", tiers=alone),
        "without-database": example(tmp_path / "off", tiers=apart, postgres={"enabled": False}),
    }
    facts = play(acts.pushes, trees)
    tell(facts)
    assert facts["image"] == "ghcr.io/acme/backend:2.2.0"
    assert facts["replicas"] == 2
    assert facts["frontend"] is None
    assert facts["collected"], "else an Application that left Git stays for up to 30 s"
    assert None not in facts["volume"]
    assert facts["volume after"] == facts["volume"], "namespace, StatefulSet and claim survive"


def test_hands(first: Path, tell: Tell) -> None:
    facts = play(acts.hands, {"first": first})
    tell(facts)
    assert facts["kept without root"]


def test_a_broken_child_is_mended_by_push_alone(first: Path, tmp_path: Path, tell: Tell) -> None:
    """The root Application's sync also waits for the worker, but not after its removal from Git."""
    mended = {"frontend": {"enabled": False}, "backend": {"image": {"tag": "2.2.0"}}}
    trees = {
        "first": first,
        "broken": example(tmp_path / "broken", tiers=BROKEN),
        "mended": example(tmp_path / "mended", tiers=mended),
    }
    facts = play(acts.broken_child, trees)
    tell(facts)
    assert "Healthy" not in facts["broken"]
    assert "Running" in facts["root"]
    assert facts["left"] == []


def test_a_push_that_was_given_up_is_reverted_by_push_alone(
    first: Path, tmp_path: Path, tell: Tell
) -> None:
    trees = {"first": first, "broken": example(tmp_path / "broken", tiers=BROKEN)}
    facts = play(acts.given_up, trees, _short_sync_timeout)
    tell(facts)
    assert facts["left"] == []


def test_what_is_slow_is_not_stuck(first: Path, tmp_path: Path, tell: Tell) -> None:
    changed = {"backend": {"image": {"tag": "2.2.0"}}}
    removed = {**changed, "frontend": {"enabled": False}}
    trees = {
        "first": first,
        "changed": example(tmp_path / "changed", tiers=changed),
        "removed": example(tmp_path / "removed", tiers=removed),
    }
    facts = play(acts.slow, trees)
    tell(facts)
    assert facts == {"Argo CD stopped": [], "held": []}


def test_an_autoscaler_keeps_its_replicas(first: Path, tmp_path: Path, tell: Tell) -> None:
    scaling = {"minReplicas": 3, "maxReplicas": 6, "cpu": 70}
    scaled = {"backend": {"replicas": None, "autoscaling": scaling}}
    newer = {"backend": {**scaled["backend"], "image": {"tag": "2.2.0"}}}
    trees = {
        "first": first,
        "autoscaled": example(tmp_path / "autoscaled", tiers=scaled),
        "new-image": example(tmp_path / "new-image", tiers=newer),
    }
    facts = play(acts.autoscaled, trees)
    tell(facts)
    assert facts["image"].endswith(":2.2.0")
    assert facts["replicas"] == [3]


def test_waves_hold_only_with_the_health_check(first: Path) -> None:
    assert play(acts.order, {"first": first})["early"] == []
    assert play(acts.order, {"first": first}, _without_health)["early"] != []


def _short_sync_timeout(settings: Settings) -> Settings:
    """In production, a stuck sync ends after 15 minutes; the timeout is shorter in this test."""
    timeout = {"controller.sync.timeout.seconds": "40"}
    return replace(settings, parameters={**settings.parameters, **timeout})


def _without_health(settings: Settings) -> Settings:
    config = {name: text for name, text in settings.config.items() if name != HEALTH}
    return replace(settings, config=config)
