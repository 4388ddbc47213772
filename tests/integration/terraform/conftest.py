from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.repository import ROOT, Repository
from tests.waiting import LIMIT

FACTS: dict[str, Any] = json.loads((ROOT / "tests/terraform/gitops.example.json").read_text())
Import = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def facts() -> dict[str, Any]:
    """What Terraform says of dev's cluster: the example that its own tests hold it to."""
    return deepcopy(FACTS)


@pytest.fixture
def fresh(repository: Repository) -> Repository:
    """The example without any cluster yet: dev alone, and not valid."""
    return without_clusters(repository)


def without_clusters(repository: Repository) -> Repository:
    repository.path("values/prod.yaml").unlink()
    for file in repository.path("values/clusters").iterdir():
        file.unlink()
    repository.path("values/clusters").rmdir()
    # Its own, so that a warning about another version's schema is none of these tests'.
    repository.path("values/schema.json").unlink()
    return repository


@pytest.fixture
def imported(fresh: Repository, facts: dict[str, Any]) -> Repository:
    """The example, with Terraform's facts."""
    done = give(fresh, facts)
    assert done.returncode == 0, done.stderr
    return fresh


def give(repository: Repository, facts: Any) -> subprocess.CompletedProcess[str]:
    """`terraform output -json gitops | gitops-gen import-cluster dev`."""
    return subprocess.run(
        repository.command("import-cluster", "dev"),
        cwd=repository.root,
        env=repository.environment(),
        input=facts if isinstance(facts, str) else json.dumps(facts, indent=2),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
