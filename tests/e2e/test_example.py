"""The example's environments: accepted, Synced and Healthy, in order, without drift."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.rehearse import RehearsalRequest, rehearse_environment
from gitops_gen.rehearse.result import Mode, RemarkVerdict
from gitops_gen.report import formats
from gitops_gen.report.rehearsal import report
from tests.e2e.repositories import Tell, committed, example


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_comes_to_rest(environment: str, tmp_path: Path, tell: Tell) -> None:
    root = example(tmp_path / "repository", environment=environment)
    result = rehearse_environment(RehearsalRequest(root, environment), print, lambda _text: None)
    assert result.mode is Mode.FULL
    assert result.good, report("text", result)
    assert not [r for r in result.remarks if r.verdict is not RemarkVerdict.WARNED]
    tell([(step.component, step.began, step.healthy) for step in result.phases[0].steps])
    tell(result.figures)


def test_the_dry_run_of_prod(tmp_path: Path, tell: Tell) -> None:
    root = example(tmp_path / "repository", environment="prod")
    result = rehearse_environment(
        RehearsalRequest(root, "prod", dry_run=True), print, lambda _text: None
    )
    assert result.good
    tell(result.figures)


def test_a_push_and_its_revert(tmp_path: Path, tell: Tell) -> None:
    root = committed(example(tmp_path / "repository"), "base")
    worker = {"image": {"repository": "ghcr.io/acme/worker", "tag": "1.0.0"}}
    example(root, tiers={"backend": {"image": {"tag": "2.2.0"}}, "worker": worker})
    request = RehearsalRequest(root, "dev", base="HEAD", revert=True, wave_delay=0)
    result = rehearse_environment(request, print, lambda _text: None)
    assert result.good, report("text", result)
    assert result.restored == ()
    _, push, revert = result.phases
    assert ("created", "Deployment app/worker") in _changes(push.changes)
    assert ("changed", "Deployment app/backend") in _changes(push.changes)
    assert ("restarted", "Deployment app/backend") in _changes(push.changes)
    assert ("pruned", "Deployment app/worker") in _changes(revert.changes)
    for form in formats("rehearsal"):
        assert "Deployment" in report(form, result)
    tell(result.figures)


def test_a_base_whose_values_are_refused_today(tmp_path: Path) -> None:
    """The committed files are rehearsed; each finding about the base is a note."""
    root = committed(example(tmp_path / "repository"), "rendered")
    values = root / "values/dev.yaml"
    mended = values.read_text()
    values.write_text(mended.replace("tag: 2.1.0", "tag: latest"))
    committed(root, "a tag that no rule allows")
    values.write_text(mended)
    example(root, tiers={"backend": {"image": {"tag": "2.2.0"}}})
    committed(root, "mended")
    request = RehearsalRequest(root, "dev", base="HEAD~1", wave_delay=0)
    result = rehearse_environment(request, print, lambda _text: None)
    assert result.good, report("text", result)
    assert [phase.name for phase in result.phases] == ["base", "push"]
    assert ("changed", "Deployment app/backend") in _changes(result.phases[1].changes)
    [refused] = [note for note in result.notes if "'latest'" in note]
    assert refused.startswith("HEAD~1:values/dev.yaml:11:12: tiers.backend.image.tag")


def _changes(changes: tuple) -> set[tuple[str, str]]:  # type: ignore[type-arg]
    return {(str(change.kind), str(change.object)) for change in changes}
