"""A rehearsal without controllers: Applications that Argo CD compares and does not sync."""

from __future__ import annotations

from typing import Any

from gitops_gen.model import Values
from gitops_gen.objects.reading import is_application
from gitops_gen.rehearse.application_state import state_of
from gitops_gen.rehearse.comparison import (
    all_compared,
    comparison_steps,
    in_order_of_creation,
    without_automated_sync,
)
from gitops_gen.rehearse.rehearsed_trees import read_trees
from gitops_gen.rehearse.result import Mode
from tests.unit.rehearse.plans import plan
from tests.unit.rehearse.recorded import by_name, recording

TREES = read_trees(plan(Mode.REDUCED))
TREE = TREES.by_push["push"]
APPLICATIONS = by_name(recording("never-healthy")["applications"])


def test_projects_come_before_the_applications_in_them() -> None:
    items = list(in_order_of_creation(TREE, TREES.left_out_names))
    kinds = [item.id.kind for item in items]
    assert [str(item) for item in items[:2]] == [
        "AppProject argocd/bootstrap",
        "Application argocd/root",
    ]
    assert kinds.index("AppProject", 1) == 2, "the environment's project is the first of the apps"
    names = [item.id.name for item in items if is_application(item.id)]
    assert names == ["root", "platform", "postgres", "backend", "frontend", "ingress"]


def test_an_application_of_the_example_is_not_synced_by_itself() -> None:
    [backend] = [item for item in TREE.applications if item.id.name == "backend"]
    before = backend.value["spec"]
    assert "automated" in before["syncPolicy"]
    after = without_automated_sync(backend.value)["spec"]
    assert "automated" not in after["syncPolicy"]
    assert after["syncPolicy"]["syncOptions"] == before["syncPolicy"]["syncOptions"]
    assert {**after, "syncPolicy": before["syncPolicy"]} == before


def test_a_project_stays_as_it_is() -> None:
    project: Values = {"kind": "AppProject", "spec": {"syncPolicy": {"automated": {}}}}
    assert without_automated_sync(project) is project


def test_the_wait_ends_when_every_application_was_compared() -> None:
    assert all_compared(APPLICATIONS, ["root", "backend"])
    assert not all_compared(APPLICATIONS, ["root", "backend", "frontend"])
    new: dict[str, Any] = {"frontend": {"metadata": {"name": "frontend"}}}
    assert not all_compared({**APPLICATIONS, **new}, ["root", "backend", "frontend"])


def test_the_timeline_has_states_and_no_times() -> None:
    states = {name: state_of(value) for name, value in APPLICATIONS.items()}
    [step] = comparison_steps(TREE, states)
    assert (step.component, step.wave, step.state) == ("backend", 20, "Synced (compared)")
    assert (step.began, step.synced, step.healthy) == (None, None, None)
