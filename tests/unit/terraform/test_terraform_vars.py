"""The input variables of terraform/bootstrap.

Each file in variables/ is a values file. The .json next to it has the expected variables, and the
.txt the expected lines about secrets and roles that must be created by hand.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.terraform.terraform_vars import TerraformVars, terraform_vars
from tests.planned import planned, repository
from tests.repository import ROOT

HERE = Path(__file__).parent
CASES = sorted((HERE / "variables").glob("*.yaml"))


def variables(folder: Path, text: str) -> TerraformVars:
    environment, items = planned(repository(folder, dev=text))
    return terraform_vars(environment, [item.component for item in items])


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_variables_and_manual_steps(file: Path, tmp_path: Path) -> None:
    found = variables(tmp_path, file.read_text())
    assert found.variables == json.loads(file.with_suffix(".json").read_text())
    assert list(found.by_hand) == file.with_suffix(".txt").read_text().splitlines()


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_bootstrap_declares_all_variables(file: Path, tmp_path: Path) -> None:
    """Compares the variables with the declarations in terraform/bootstrap/variables.tf."""
    declared = set(
        re.findall(
            r'^variable "(\w+)"', (ROOT / "terraform/bootstrap/variables.tf").read_text(), re.M
        )
    )
    given = variables(tmp_path, file.read_text()).variables
    assert given.keys() <= declared
    for secret in given["secrets"].values():
        assert (secret["store"] == "kubernetes") == bool(secret["namespaces"])
        assert set(secret["namespaces"]) <= set(given["namespaces"])
        assert secret["password_key"] not in secret["fields"]
    for name, role in given["pod_roles"].items():
        assert len(f"{given['cluster_name']}-{name}") <= 64
        assert role["policy_arns"]


def test_an_account_is_needed(tmp_path: Path) -> None:
    root = repository(tmp_path)
    file = tmp_path / "values/clusters/dev.json"
    file.write_text(file.read_text().replace('    "accountId": "111122223333",\n', ""))
    environment, items = planned(root)
    with pytest.raises(InvalidInput, match=r"values/clusters/dev\.json:2:3: cluster\.accountId"):
        terraform_vars(environment, [item.component for item in items])


def test_a_local_repository_is_refused(tmp_path: Path) -> None:
    text = (ROOT / "values/dev.yaml").read_text() + "repository:\n  url: file:///srv/git\n"
    with pytest.raises(InvalidInput, match=r"values/dev\.yaml:\d+:8: repository\.url: 'file:///"):
        variables(tmp_path, text)
