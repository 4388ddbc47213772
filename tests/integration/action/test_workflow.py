"""The workflow that `init` writes, which uses the action, and the hooks of pre-commit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gitops_gen import yaml
from gitops_gen.scaffold.clone import Clone
from gitops_gen.scaffold.scaffold import files
from tests.integration.action.steps import action
from tests.repository import ROOT

WORKFLOW = ".github/workflows/gitops.yaml"
PLACEHOLDER = "replace-me/gitops-gen@replace-me"
CHECKOUT = {"persist-credentials": False, "fetch-depth": 0}


def written(folder: str = "") -> str:
    """Returns the workflow for values in a folder of the repository."""
    tree = files("shop", Clone(".", folder))
    [workflow] = [text for path, text in tree.items() if ".github/" in path]
    return workflow.decode()


def test_this_repository_has_the_same_workflow_except_the_action() -> None:
    lines = written().splitlines()
    here = (ROOT / WORKFLOW).read_text().splitlines()
    assert len(lines) == len(here)
    different = [pair for pair in zip(here, lines, strict=True) if pair[0] != pair[1]]
    [(ours, theirs)] = different
    assert ours.split(" # ")[0] == "      - uses: ./"
    assert theirs == f"      - uses: {PLACEHOLDER}"


def test_the_workflow_runs_the_action_with_the_least_permissions() -> None:
    workflow = yaml.yaml_load(written("deploy").encode())
    # Go reads the key `on` as `true`, as YAML 1.1 requires; GitHub does not.
    assert set(workflow["true"]) == {"pull_request", "push"}
    assert workflow["permissions"] == {"contents": "read"}
    job = workflow["jobs"]["check"]
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    checkout, use = job["steps"]
    assert checkout["with"] == CHECKOUT
    assert use["with"] == {"folder": "deploy"}
    assert use["with"].keys() <= action()["inputs"].keys()


def test_workflows_of_two_folders_do_not_cancel_each_other() -> None:
    group = yaml.yaml_load(written("deploy").encode())["concurrency"]["group"]
    assert group == "gitops-deploy-${{ github.ref }}"


def test_the_workflow_is_valid_and_secure(tmp_path: Path) -> None:
    text = written().replace(PLACEHOLDER, f"acme/gitops-gen@{'0' * 40} # v1.0.0")
    file = tmp_path / WORKFLOW
    file.parent.mkdir(parents=True)
    file.write_text(text)
    programs = Path(sys.executable).parent
    schema = ("--builtin-schema", "vendor.github-workflows")
    run([str(programs / "check-jsonschema"), *schema, str(file)])
    run([str(programs / "zizmor"), "--quiet", "--offline", str(file)])


def run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_of_pre_commit_run_for_a_chart_in_any_folder() -> None:
    hooks = yaml.yaml_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
    always = [hook["id"] for hook in hooks if hook.get("always_run")]
    assert always == ["gitops-gen-check", "gitops-gen-render"]
    scaffold = yaml.yaml_load(files("shop", Clone("."))[".pre-commit-config.yaml"])
    assert [hook["id"] for hook in scaffold["repos"][0]["hooks"]] == always
