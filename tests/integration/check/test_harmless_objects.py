"""Objects of real charts that look like a fault, and are none.

Each folder of `harmless/` has the templates of a chart. No rule finds anything about them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.check.test_refused_values import without_environments
from tests.repository import Repository

CASES = sorted(path.name for path in (Path(__file__).parent / "harmless").iterdir())
VALUES = """\
addons:
  cert-manager: {{enabled: true}}
  shop: {{path: charts/{case}, namespace: shop}}
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, helm: str) -> dict[str, Any]:
    """The output of one check of all cases."""
    repository = without_environments(tmp_path_factory.mktemp("harmless"), helm)
    for case in CASES:
        add(repository, case)
    done = repository.run("check", *CASES, "--format", "json")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def add(repository: Repository, case: str) -> None:
    folder = Path(__file__).parent / "harmless" / case
    shutil.copytree(folder, repository.path(f"charts/{case}"))
    repository.write(f"charts/{case}/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    repository.write(f"values/{case}.yaml", VALUES.format(case=case))
    repository.copy_cluster("prod", case)


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_found(case: str, found: dict[str, Any]) -> None:
    about = [one for one in found["findings"] if one["file"] == f"values/{case}.yaml"]
    assert [one["message"] for one in about] == []
    [counts] = [one for one in found["objects"] if one["environment"] == case]
    assert counts["holds"] > 40


def test_a_secret_that_a_job_may_create_is_not_determined(found: dict[str, Any]) -> None:
    [counts] = [one for one in found["objects"] if one["environment"] == "webhook-certificate"]
    assert {
        "kind": "references to Secret",
        "count": 1,
        "reason": "a Job names the Secret in its arguments, and may create it",
    } in counts["notDetermined"]
