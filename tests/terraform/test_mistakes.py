"""Errors that are inserted into a copy of the code. The intended check detects each of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import api_rules
import iam
import pytest
import security_groups
from test_beyond_the_schema import MAY_ENTER
from workspace import Workspace, resources

MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.toml"))


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_error_is_detected(fresh: Workspace, path: Path) -> None:
    mistake = tomllib.loads(path.read_text())
    plant(fresh, mistake)
    message = " ".join(caught(fresh, mistake).split())
    assert re.search(mistake["message"], message), message


def plant(workspace: Workspace, mistake: dict[str, Any]) -> None:
    file = workspace.root / "terraform" / mistake["file"]
    text = file.read_text()
    assert text.count(mistake["find"]) == 1, f"{mistake['find']!r} is not once in {file}"
    file.write_text(text.replace(mistake["find"], mistake["replace"]))


def caught(workspace: Workspace, mistake: dict[str, Any]) -> str:
    """Returns the message of the check. Fails if the check does not detect the error."""
    root = "bootstrap" if mistake["file"].startswith("bootstrap/") else "infra"
    workspace.init(root)
    if mistake["caught_by"] == "validate":
        return workspace.run(root, "validate", "-no-color", fails=True)
    example = "full.tfvars.json" if root == "bootstrap" else "ha.tfvars"
    variables = f"-var-file=examples/{example}"
    if mistake["caught_by"] == "plan":
        return workspace.run(root, "plan", "-no-color", "-input=false", variables, fails=True)
    if mistake["caught_by"] == "api":
        findings = api_rules.broken(resources(workspace.plan(root, variables)))
    elif mistake["caught_by"] == "iam":
        findings = iam.wrong(resources(workspace.apply(root, variables)))
    else:
        edges = security_groups.admitted(resources(workspace.apply(root, variables)))
        findings = security_groups.forbidden(edges, MAY_ENTER)
    assert findings, "nothing noticed it"
    return "\n".join(findings)
