"""The workflow that `init` writes, each `run:` step run by bash with the built wheel."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.integration.wheel.conftest import SCAFFOLD, WORKFLOW, Installed, steps
from tests.repository import ROOT, Repository

STEPS = steps(SCAFFOLD / WORKFLOW)


@pytest.fixture
def clone(rendered: Repository, tmp_path: Path) -> Repository:
    """What the workflow checks out: the example, rendered."""
    shutil.copytree(rendered.root, tmp_path / "clone", ignore=shutil.ignore_patterns(".gitops-gen"))
    return Repository(tmp_path / "clone", rendered.helm)


def run(installed: Installed, clone: Repository) -> dict[str, tuple[int, str]]:
    """Exit code and output of each step, as far as the workflow comes."""
    outcomes: dict[str, tuple[int, str]] = {}
    for name, script in STEPS.items():
        done = installed.run(script, clone.root)
        outcomes[name] = (done.returncode, done.stdout + done.stderr)
        if done.returncode:
            break
    return outcomes


def test_its_steps() -> None:
    assert list(STEPS) == [
        "install gitops-gen",
        "values are valid",
        "rendered/ and argocd/ are up to date",
    ]


def test_this_repository_has_the_same_but_for_where_gitops_gen_comes_from() -> None:
    lines = [
        re.sub(r"GITOPS_GEN: .*", "GITOPS_GEN: …", (folder / WORKFLOW).read_text())
        for folder in (ROOT, SCAFFOLD)
    ]
    assert lines[0] == lines[1]
    assert "GITOPS_GEN: …" in lines[0]


def test_the_example_passes(installed: Installed, clone: Repository) -> None:
    outcomes = run(installed, clone)
    assert outcomes.keys() == STEPS.keys()
    assert [code for code, _ in outcomes.values()] == [0, 0, 0], outcomes
    assert not clone.path(".gitops-gen").exists()


def test_a_wrong_value_is_annotated_at_its_line(installed: Installed, clone: Repository) -> None:
    clone.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    number = clone.read("values/prod.yaml").split("replicas: three")[0].count("\n") + 1
    code, output = run(installed, clone)["values are valid"]
    assert code == 2
    annotation = rf"^::error file=values/prod\.yaml,line={number},col=15(,title=[a-z-]+)?::(.*)$"
    [(_, message)] = re.findall(annotation, output, re.MULTILINE)
    assert message == "tiers.frontend.replicas: 'three' is not an integer"


def test_a_hand_edited_file_fails(installed: Installed, clone: Repository) -> None:
    path = "rendered/prod/manifests/backend/app/service-backend.yaml"
    clone.edit(path, "8080", "8081")
    outcomes = run(installed, clone)
    assert outcomes["values are valid"][0] == 0
    code, output = outcomes["rendered/ and argocd/ are up to date"]
    assert code == 1
    assert f"stale: {path}\n" in output


def test_a_foreign_file_that_argo_cd_would_sync_fails(
    installed: Installed, clone: Repository
) -> None:
    clone.write("argocd/prod/apps/mine.yaml", "kind: Application\n")
    code, output = run(installed, clone)["rendered/ and argocd/ are up to date"]
    assert code == 1
    assert "argocd/prod/apps/mine.yaml: no render wrote this file" in output
