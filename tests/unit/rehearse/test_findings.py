"""The findings of a rehearsal: each has a rule, a position and the name of its phase."""

from __future__ import annotations

import pytest

from gitops_gen.model import ObjectId, Position, Severity
from gitops_gen.objects.fields import FieldPath
from gitops_gen.rehearse.findings import rehearsal_findings
from gitops_gen.rehearse.result import (
    Awaited,
    Disagreement,
    Drift,
    DriftField,
    Mode,
    ObjectReference,
    OrderViolation,
    Phase,
    PredictionCheck,
    Rehearsal,
    Remark,
    RemarkVerdict,
    SyncStep,
)

BACKEND = ObjectReference(ObjectId("apps", "Deployment", "app", "backend"), "apps/v1")
LINE = Position("values/dev.yaml", 7, 3)
FILE = "rendered/dev/manifests/backend/app/deployment-backend.yaml"
STEP = SyncStep("backend", 20, 1.0, None, None, "OutOfSync, Missing", values=LINE)
FIELDS = (DriftField(FieldPath.parse("spec.replicas"), "2", "1"),)


def rehearsal(*phases: Phase, restored: tuple[str, ...] | None = None) -> Rehearsal:
    return Rehearsal("dev", "the work tree", Mode.FULL, phases, 1, restored=restored)


def remark(verdict: RemarkVerdict) -> Rehearsal:
    remarks = (Remark(verdict, "Argo CD", BACKEND, "a message", FILE, LINE),)
    return rehearsal(Phase("sync", "v1", 1.0, True, remarks=remarks))


DRIFT = Phase(
    "sync", "v1", 1.0, True, drift=(Drift("backend", BACKEND, "differs from Git", FIELDS),)
)
ORDER = OrderViolation("backend", "database:postgres", "postgres", "began too early", LINE)
CASES = [
    (remark(RemarkVerdict.REFUSED), "rehearsal-refused"),
    (remark(RemarkVerdict.UNHEALTHY), "rehearsal-unhealthy"),
    (remark(RemarkVerdict.WARNED), "rehearsal-warning"),
    (remark(RemarkVerdict.NOT_CHECKED), "rehearsal-not-checked"),
    (rehearsal(DRIFT), "rehearsal-drift"),
    (rehearsal(Phase("sync", "v1", 1.0, True, order_violations=(ORDER,))), "rehearsal-order"),
    (rehearsal(Phase("sync", "v1", 1.0, True, orphans=(BACKEND,))), "rehearsal-unowned-object"),
    (
        rehearsal(Phase("sync", "v1", 1.0, False, (STEP,), awaited=(Awaited("backend", "waits"),))),
        "rehearsal-not-at-rest",
    ),
    (
        rehearsal(
            Phase(
                "push",
                "v1",
                1.0,
                True,
                prediction=PredictionCheck((), disagreements=(Disagreement(BACKEND.id, "x"),)),
            )
        ),
        "rehearsal-prediction",
    ),
    (rehearsal(restored=("Deployment app/backend no longer exists",)), "rehearsal-not-restored"),
]


@pytest.mark.parametrize(("result", "rule"), CASES, ids=[rule for _, rule in CASES])
def test_a_rehearsal_has_an_error_exactly_where_it_is_not_good(
    result: Rehearsal, rule: str
) -> None:
    [finding] = rehearsal_findings(result)
    assert finding.rule.id == rule
    assert result.good == (finding.severity is Severity.WARNING)
    assert not list(rehearsal_findings(rehearsal(Phase("sync", "v1", 1.0, True), restored=())))


def test_a_finding_is_at_the_line_of_the_values_and_names_the_rendered_file() -> None:
    [finding] = rehearsal_findings(remark(RemarkVerdict.REFUSED))
    assert str(finding) == (
        "values/dev.yaml:7:3: sync: Deployment app/backend: refused by Argo CD: a message"
    )
    assert (finding.object, [one.position.file for one in finding.related]) == (BACKEND.id, [FILE])


def test_without_a_line_of_values_the_rendered_file_is_the_place() -> None:
    drift = Drift("backend", BACKEND, "differs from Git", FIELDS, FILE)
    [finding] = rehearsal_findings(rehearsal(Phase("push", "v1", 1.0, True, drift=(drift,))))
    text = "push: Deployment app/backend of backend differs from Git: spec.replicas"
    assert str(finding) == f"{FILE}:1:1: {text}"


def test_what_is_known_of_no_file_is_at_the_environment_s_file() -> None:
    [finding] = rehearsal_findings(rehearsal(DRIFT))
    assert finding.position == Position("values/dev.yaml")


def test_what_is_awaited_is_at_the_line_of_its_component() -> None:
    awaited = (Awaited("backend", "is Degraded"), Awaited("ConfigMap app/a", "is being deleted"))
    phase = Phase("sync", "v1", 1.0, False, (STEP,), awaited=awaited)
    assert [finding.position for finding in rehearsal_findings(rehearsal(phase))] == [
        LINE,
        Position("values/dev.yaml"),
    ]
