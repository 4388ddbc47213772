"""Replacing a variables file.

Each file in previous/ would be replaced by variables/plain.json, whose values have no section
`argocd`. The .txt next to it, if any, has the expected messages.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.terraform.previous_variables import losses

HERE = Path(__file__).parent
CASES = sorted((HERE / "previous").glob("*.json"))
NEW = json.loads((HERE / "variables/plain.json").read_text())


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_findings_about_losses(file: Path) -> None:
    expected = file.with_suffix(".txt")
    lines = expected.read_text().splitlines() if expected.exists() else []
    assert told(file) == lines


def told(file: Path, *, argocd_in_values: bool = False) -> list[str]:
    known = argocd_in_values
    try:
        found = losses(file.read_bytes(), file.name, NEW, argocd_in_values=known)
        return [str(finding) for finding in found]
    except InvalidInput as error:
        return [str(finding) for finding in error.findings]


def test_values_with_argocd_replace_a_file_of_version_0_1_0() -> None:
    file = HERE / "previous/of-an-earlier-version.json"
    (warning,) = told(file, argocd_in_values=True)
    assert "warning: secrets.no-longer-used" in warning


def test_an_increased_revision_is_no_loss() -> None:
    new = json.loads((HERE / "variables/argocd.json").read_text())
    previous = json.dumps(new)
    new["secrets"]["postgres-credentials"]["revision"] += 1
    new["repository"]["secret_id"] = "acme/another"
    assert not list(losses(previous.encode(), "dev.tfvars.json", new, argocd_in_values=True))


def test_by_default_a_password_was_in_kubernetes() -> None:
    new = json.loads((HERE / "variables/external-secrets.json").read_text())
    old = {**new, "secrets": {**new["secrets"], "postgres": {"namespaces": ["app"]}}}
    previous = json.dumps(old).encode()
    (warning,) = losses(previous, "dev.tfvars.json", new, argocd_in_values=True)
    assert "moves to another store (secrets-manager)" in str(warning)
