"""Runs each `run:` step of the workflow that `init` writes, with bash and the built wheel."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.scaffold.clone import Clone
from gitops_gen.scaffold.scaffold import files
from tests.integration.wheel.conftest import SCAFFOLD, WORKFLOW, Installed, steps
from tests.repository import ROOT, Repository

STEPS = steps(SCAFFOLD / WORKFLOW)


@pytest.fixture
def clone(rendered: Repository, tmp_path: Path) -> Repository:
    """The repository that the workflow checks out: the rendered example."""
    shutil.copytree(rendered.root, tmp_path / "clone", ignore=shutil.ignore_patterns(".gitops-gen"))
    return Repository(tmp_path / "clone", rendered.helm)


def run(installed: Installed, clone: Repository) -> dict[str, tuple[int, str]]:
    """Runs the steps until one fails. Returns the exit code and output of each."""
    outcomes: dict[str, tuple[int, str]] = {}
    for name, script in STEPS.items():
        done = installed.run(script, clone.root)
        outcomes[name] = (done.returncode, done.stdout + done.stderr)
        if done.returncode:
            break
    return outcomes


def test_the_workflow_has_these_steps() -> None:
    assert list(STEPS) == [
        "install gitops-gen",
        "install apicheck",
        "values and rendered objects are valid",
        "rendered/ and argocd/ are up to date",
    ]


def test_apicheck_is_cached_for_each_version_of_gitops_gen() -> None:
    [job] = yaml.yaml_load((SCAFFOLD / WORKFLOW).read_bytes())["jobs"].values()
    [cache] = [step for step in job["steps"] if step.get("uses", "").startswith("actions/cache@")]
    assert cache["with"]["path"] == "~/.cache/gitops-gen/apicheck"
    assert "${{ env.GITOPS_GEN }}" in cache["with"]["key"]
    names = [step.get("name") for step in job["steps"]]
    assert names.index(cache["name"]) < names.index("install apicheck")


def test_no_step_allows_unchecked_objects() -> None:
    for folder in (ROOT, SCAFFOLD):
        assert "--allow-unchecked" not in (folder / WORKFLOW).read_text()


def test_a_value_that_the_api_server_refuses_is_annotated(
    installed: Installed, clone: Repository
) -> None:
    clone.edit("values/prod.yaml", "replicas: 3", "replicas: 3\n    tolerations: [{}]")
    code, output = run(installed, clone)["values and rendered objects are valid"]
    assert code == 1
    annotation = r"^::error file=values/prod\.yaml,line=\d+,col=3,title=api-refused::.*$"
    [line] = re.findall(annotation, output, re.MULTILINE)
    assert "operator must be Exists when `key` is empty" in line


def test_this_repository_has_the_same_workflow_except_the_installation() -> None:
    written = files("shop", Clone("."))[WORKFLOW].decode()
    lines = [
        re.sub(r"GITOPS_GEN: .*", "GITOPS_GEN: …", text)
        for text in ((ROOT / WORKFLOW).read_text(), written)
    ]
    assert lines[0] == lines[1]
    assert "GITOPS_GEN: …" in lines[0]


def test_the_hooks_of_pre_commit_run_for_a_chart_in_any_folder() -> None:
    hooks = yaml.yaml_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    always = [hook["id"] for hook in hooks if hook.get("always_run")]
    assert always == ["gitops-gen-check", "gitops-gen-render"]
    scaffold = yaml.yaml_load(files("shop", Clone("."))[".pre-commit-config.yaml"])
    assert [hook["id"] for hook in scaffold["repos"][0]["hooks"]] == always


def test_the_example_passes(installed: Installed, clone: Repository) -> None:
    outcomes = run(installed, clone)
    assert outcomes.keys() == STEPS.keys()
    assert [code for code, _ in outcomes.values()] == [0, 0, 0, 0], outcomes
    assert not clone.path(".gitops-gen").exists()


def test_an_invalid_value_is_annotated_at_its_line(installed: Installed, clone: Repository) -> None:
    clone.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    number = clone.read("values/prod.yaml").split("replicas: three")[0].count("\n") + 1
    code, output = run(installed, clone)["values and rendered objects are valid"]
    assert code == 2
    annotation = rf"^::error file=values/prod\.yaml,line={number},col=15(,title=[a-z-]+)?::(.*)$"
    [(_, message)] = re.findall(annotation, output, re.MULTILINE)
    assert message == "tiers.frontend.replicas: 'three' is not an integer"


def test_a_hand_edited_file_fails(installed: Installed, clone: Repository) -> None:
    path = "rendered/prod/manifests/backend/app/service-backend.yaml"
    clone.edit(path, "8080", "8081")
    outcomes = run(installed, clone)
    assert outcomes["values and rendered objects are valid"][0] == 0
    code, output = outcomes["rendered/ and argocd/ are up to date"]
    assert code == 1
    assert f"::error file={path},line=1,col=1,title=stale-file::is stale; run gitops-gen" in output


def test_a_foreign_file_that_argo_cd_would_sync_fails(
    installed: Installed, clone: Repository
) -> None:
    clone.write("argocd/prod/apps/mine.yaml", "kind: Application\n")
    code, output = run(installed, clone)["rendered/ and argocd/ are up to date"]
    assert code == 1
    assert "argocd/prod/apps/mine.yaml: is not a generated file" in output
