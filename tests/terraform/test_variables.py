"""The values contain all settings of terraform/bootstrap.

Printing the same variables again changes nothing, and a missing variable is an error.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workspace import REPOSITORY, Workspace

DEV = """
postgres:
  credentials: {passwordRevision: 2}
argocd:
  ha: true
  repository: {secretId: acme/git, revision: 3}
  webhook: {host: gitlab, secretId: acme/webhook}
"""
FILE = "dev.tfvars.json"
PLAN = ("plan", "-no-color", "-input=false")


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory, workspace: Workspace) -> Workspace:
    """An environment with a changed password and a private repository of Argo CD.

    Its tests do not change the variables and the state.
    """
    own = Workspace.create(tmp_path_factory.mktemp("vars"), workspace.terraform, workspace.config)
    shutil.copytree(REPOSITORY / "values", own.root / "values")
    with (own.root / "values/dev.yaml").open("a") as values:
        values.write(DEV)
    gitops_gen(own, "terraform-vars", "dev", "--out", f"terraform/bootstrap/{FILE}")
    own.apply("bootstrap", f"-var-file={FILE}")
    return own


@pytest.fixture
def variables(applied: Workspace) -> Iterator[Path]:
    """The variables file, which one test may change."""
    file = applied.root / "terraform/bootstrap" / FILE
    text = file.read_text()
    yield file
    file.write_text(text)


def gitops_gen(workspace: Workspace, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "gitops_gen", *arguments],
        cwd=workspace.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def changes(plan: dict[str, Any]) -> dict[str, list[str]]:
    """Returns the actions of a plan by the address of each resource that changes."""
    return {
        one["address"]: one["change"]["actions"]
        for one in plan["resource_changes"]
        if one["mode"] == "managed" and one["change"]["actions"] != ["no-op"]
    }


def test_printing_the_variables_again_changes_nothing(applied: Workspace, variables: Path) -> None:
    before = variables.read_bytes()
    gitops_gen(applied, "terraform-vars", "dev", "--out", str(variables))
    assert variables.read_bytes() == before
    variables.unlink()
    gitops_gen(applied, "terraform-vars", "dev", "--out", str(variables))
    assert variables.read_bytes() == before
    assert "No changes." in applied.run("bootstrap", *PLAN, f"-var-file={FILE}")


def test_the_values_reach_the_resources(applied: Workspace) -> None:
    shown = str(applied.show("bootstrap"))
    assert "'data_wo_revision': 2" in shown
    assert "'data_wo_revision': 3" in shown
    assert "gitlabSecret" in shown
    assert "redis-ha" in shown


def test_an_increased_revision_changes_the_copies_of_one_password(
    applied: Workspace, variables: Path
) -> None:
    values = applied.root / "values/dev.yaml"
    text = values.read_text()
    gitops_gen(applied, "set", "dev", "postgres.credentials.passwordRevision=3")
    gitops_gen(applied, "terraform-vars", "dev", "--out", str(variables))
    values.write_text(text)
    assert changes(applied.plan("bootstrap", f"-var-file={FILE}")) == {
        'kubernetes_secret_v1.password["app/postgres-credentials"]': ["update"],
        'kubernetes_secret_v1.password["database/postgres-credentials"]': ["update"],
        'terraform_data.copies["postgres-credentials"]': ["delete", "create"],
    }


def test_a_forgotten_file_is_an_error(applied: Workspace) -> None:
    said = applied.run("bootstrap", *PLAN, fails=True)
    missing = set(re.findall(r'The root module input variable "(\w+)" is not\s+set', plain(said)))
    declared = (REPOSITORY / "terraform/bootstrap/variables.tf").read_text()
    assert missing == set(re.findall(r'^variable "(\w+)"', declared, re.M))
    assert "destroy" not in said


def test_the_file_that_an_earlier_version_printed_is_an_error(
    applied: Workspace, variables: Path
) -> None:
    """The settings that were in a second file and the revision are now required."""
    given = json.loads(variables.read_text())
    given["repository"] = {"url": given["repository"]["url"]}
    del given["secrets"]["postgres-credentials"]["revision"]
    variables.write_text(json.dumps(given))
    said = plain(applied.run("bootstrap", *PLAN, f"-var-file={FILE}", fails=True))
    for key in ("repository.secret_id", "repository.revision"):
        assert f"{key}: this key is required" in said
    assert "secrets.postgres-credentials.revision: this key is required" in said
    assert "destroy" not in said


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ('{"ha": true}', "argocd.webhook: this key is required"),
        ('{"webhook": null}', "argocd.ha: this key is required"),
        ('{"ha": true, "webhook": {}}', "argocd.webhook.secret_id: this key is required"),
    ],
)
def test_an_incomplete_argocd_is_an_error(applied: Workspace, given: str, asked: str) -> None:
    arguments = (f"-var-file={FILE}", f"-var=argocd={given}")
    assert asked in plain(applied.run("bootstrap", *PLAN, *arguments, fails=True))


def plain(said: str) -> str:
    """Returns the output of Terraform without the frame and the line breaks of its messages."""
    return " ".join(said.replace("│", " ").split())
