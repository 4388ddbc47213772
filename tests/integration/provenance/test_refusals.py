"""The lines of the values behind what servers refuse in a rehearsal, without these servers."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gitops_gen.model import FieldPath, ObjectId, Position
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.result import (
    Drift,
    DriftField,
    Mode,
    ObjectReference,
    Phase,
    Rehearsal,
    Remark,
    RemarkVerdict,
)
from gitops_gen.rehearse.servers.argocd import Settings
from gitops_gen.rehearse.servers.tools import Tools
from gitops_gen.rehearse.values_lines import ValuesLines
from tests.repository import Repository

SECTION = Position("values/dev.yaml", 1, 1)
CLAIM = (
    'StatefulSet.apps "postgres" is invalid: spec: Forbidden: updates to statefulset spec for '
    "fields other than 'replicas', 'ordinals', 'template' are forbidden"
)


def remark(kind: str, namespace: str, name: str, message: str) -> Remark:
    identity = ObjectId("apps", kind, namespace, name)
    reference = ObjectReference(identity, "apps/v1")
    return Remark(RemarkVerdict.REFUSED, "kube-apiserver", reference, message, "a file", SECTION)


@pytest.fixture
def lines(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ValuesLines:
    """A push that makes the volume of the database larger."""
    monkeypatch.setenv("GITOPS_GEN_HELM", repository.helm)
    repository.render()
    base = tmp_path / "base"
    shutil.copytree(repository.root, base)
    text = repository.read("values/dev.yaml")
    repository.write("values/dev.yaml", f"{text}postgres:\n  storage:\n    size: 7Gi\n")
    repository.render()
    pushes = (Push("base", "HEAD", base), Push("push", "the work tree", repository.root))
    plan = RehearsalPlan("dev", Mode.FULL, Tools({}), tmp_path, pushes, Settings({}, {}))
    revisions = dict[str, str | None].fromkeys(("base", "push"))
    return ValuesLines(plan, repository.root, revisions, lambda _text: None)


def placed(lines: ValuesLines, phase: Phase) -> Phase:
    rehearsal = Rehearsal("dev", "the work tree", Mode.FULL, (phase,), 1)
    return lines.placed(rehearsal).phases[0]


def test_a_refused_claim_template_is_at_the_size_of_the_volume(lines: ValuesLines) -> None:
    refused = remark("StatefulSet", "database", "postgres", CLAIM)
    phase = placed(lines, Phase("push", "the work tree", 1.0, False, remarks=(refused,)))
    assert phase.remarks == (replace(refused, values=Position("values/dev.yaml", 15, 11)),)


def test_a_drift_is_at_the_value_of_its_field(lines: ValuesLines) -> None:
    reference = ObjectReference(ObjectId("apps", "Deployment", "app", "backend"), "apps/v1")
    field = DriftField(FieldPath(("spec", "replicas")), "1", "2")
    drift = Drift("backend", reference, "differs from Git", (field,), "a file", SECTION)
    phase = placed(lines, Phase("push", "the work tree", 1.0, False, drift=(drift,)))
    assert phase.drift == (replace(drift, values=Position("values/dev.yaml", 12, 15)),)


def test_a_problem_without_a_field_stays_at_the_section(lines: ValuesLines) -> None:
    """Nothing is rendered for it."""
    missing = remark("Deployment", "app", "backend", 'namespaces "nowhere" not found')
    phase = Phase("push", "the work tree", 1.0, False, remarks=(missing,))
    assert placed(lines, phase) == phase


def test_values_that_cannot_be_rendered_leave_the_section(
    lines: ValuesLines, repository: Repository
) -> None:
    repository.edit("values/dev.yaml", "replicas: 1", "replicas: many")
    refused = remark("StatefulSet", "database", "postgres", CLAIM)
    phase = Phase("push", "the work tree", 1.0, False, remarks=(refused,))
    assert placed(lines, phase) == phase
