"""The report of a rehearsal, except its phases."""

from __future__ import annotations

import pytest

from gitops_gen.rehearse.plan import Push
from gitops_gen.rehearse.rehearsal import SandboxOutcome, result
from gitops_gen.rehearse.rehearsed_trees import read_trees
from gitops_gen.rehearse.result import Figures, Mode, Phase, Rehearsal
from tests.unit.rehearse.plans import BASE, PUSH, plan

FIGURES = Figures(total=12.5, memory=1 << 30)
OUTCOME = SandboxOutcome((Phase("push", "the work tree", 4.0, True),), FIGURES)


def rehearsed(mode: Mode, *pushes: Push, outcome: SandboxOutcome = OUTCOME) -> Rehearsal:
    planned = plan(mode, *pushes)
    return result(planned, read_trees(planned), outcome)


def test_it_is_named_after_what_is_pushed_onto_the_base() -> None:
    revert = Push("revert", BASE.revision, BASE.root, BASE.facts)
    found = rehearsed(Mode.FULL, BASE, PUSH, revert)
    assert (found.environment, found.revision, found.mode) == ("dev", "the work tree", Mode.FULL)
    assert (found.phases, found.figures) == (OUTCOME.phases, FIGURES)
    assert found.versions == (("kube-apiserver", "1.36.1"),)


def test_objects_of_charts_that_are_left_out_do_not_count() -> None:
    trees = read_trees(plan(Mode.DRY_RUN))
    tree = trees.by_push["push"]
    assert 0 < rehearsed(Mode.DRY_RUN).sent_objects < len([*tree.applications, *tree.objects])


@pytest.mark.parametrize(
    ("mode", "stand_in", "left_out"), [(Mode.FULL, True, True), (Mode.REDUCED, False, False)]
)
def test_only_a_full_rehearsal_has_pods_to_stand_in_for(
    mode: Mode, stand_in: bool, left_out: bool
) -> None:
    found = rehearsed(mode)
    assert any("kwok" in text for text in found.standins) is stand_in
    assert ("images" in {item.name for item in found.left_out}) is left_out
    assert "CRDs of monitoring.coreos.com: the objects are accepted without validation" in (
        found.standins
    )


def test_notes_come_once_and_those_on_argocd_only_where_it_runs() -> None:
    found = rehearsed(Mode.FULL, BASE, PUSH)
    assert found.notes[:2] == (
        "kube-apiserver has the version 1.36.1, but the environment has 1.35",
        "a stale render",
    )
    assert len(set(found.notes)) == len(found.notes)
    assert "Argo CD is set up as by default" in found.notes
    assert not [note for note in rehearsed(Mode.DRY_RUN).notes if "Argo CD" in note]


def test_what_a_revert_did_not_restore_is_not_good() -> None:
    assert rehearsed(Mode.FULL).good
    assert rehearsed(Mode.FULL, outcome=SandboxOutcome(OUTCOME.phases, FIGURES, ())).good
    gone = SandboxOutcome(OUTCOME.phases, FIGURES, ("Deployment app/backend no longer exists",))
    assert not rehearsed(Mode.FULL, outcome=gone).good
