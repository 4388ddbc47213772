"""Add-ons from charts in the repository: one with CRDs and a custom resource, one with a hook."""

from __future__ import annotations

import shutil
from pathlib import Path

from gitops_gen.rehearse import RehearsalRequest, rehearse_environment
from gitops_gen.rehearse.result import SyncStep
from tests.e2e.repositories import example

CHARTS = Path(__file__).with_name("charts")


def test_add_ons_are_accepted_synced_and_ordered(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    shutil.copytree(CHARTS, root / "charts")
    widgets = {"path": "charts/widgets", "namespace": "widgets", "wave": 3}
    notifier = {"path": "charts/notifier", "namespace": "notifier", "wave": 15}
    example(root, addons={"widgets": widgets, "notifier": notifier})
    result = rehearse_environment(
        RehearsalRequest(root, "dev", wave_delay=0), print, lambda _text: None
    )
    assert not result.remarks
    assert result.good
    steps = {step.component: step for step in result.phases[0].steps}
    assert _healthy(steps["widgets"]) <= _began(steps["postgres"])
    assert _healthy(steps["postgres"]) <= _began(steps["notifier"])
    assert _healthy(steps["notifier"]) <= _began(steps["backend"])


def _began(step: SyncStep) -> float:
    assert step.began is not None
    return step.began


def _healthy(step: SyncStep) -> float:
    assert step.healthy is not None
    return step.healthy
