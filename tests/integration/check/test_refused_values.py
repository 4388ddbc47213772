"""Values that the schema and the rules admit, and that render to what the API server refuses.

Each file of `refused/` is an environment. The file beside it has all messages about it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cases import beside
from tests.repository import Repository, example

CASES = sorted((Path(__file__).parent / "refused").glob("*.yaml"))


def without_environments(folder: Path, helm: str) -> Repository:
    """A repository in which base.yaml is complete, so that an environment needs no image tags."""
    repository = example(folder, helm)
    for tier in ("frontend", "backend"):
        image = f"repository: ghcr.io/acme/{tier}\n"
        repository.edit("values/base.yaml", image, f"{image}      tag: 1.0.0\n")
    for name in ("dev", "prod"):
        repository.path(f"values/{name}.yaml").unlink()
    return repository


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory, helm: str) -> list[str]:
    """The output of one check of all cases."""
    repository = without_environments(tmp_path_factory.mktemp("refused"), helm)
    for case in CASES:
        shutil.copy(case, repository.path(f"values/{case.name}"))
        repository.copy_cluster("prod", case.stem)
    done = repository.run("check")
    assert done.returncode == 1, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_the_message_of_the_api_server_is_a_finding(case: Path, lines: list[str]) -> None:
    expected = beside(case, ".txt").read_text().splitlines()
    assert [line for line in lines if line.startswith(f"values/{case.name}:")] == expected
    assert all(line.endswith("[api-refused]") for line in expected)


def test_annotations_may_have_256_kib(tmp_path: Path, helm: str) -> None:
    repository = without_environments(tmp_path, helm)
    repository.copy_cluster("prod", "large")
    annotation = f"{{notes: {'x' * 300_000}}}"
    repository.write(
        "values/large.yaml", f"tiers: {{frontend: {{podAnnotations: {annotation}}}}}\n"
    )
    done = repository.run("check", "large", "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)["findings"]
    [message] = [one["message"] for one in found if one["rule"] == "api-refused"]
    assert "spec.template.annotations: Too long: may not be more than 262144 bytes" in message
    assert len(message) < 1000


def test_environments_with_other_features_have_no_finding(variations: Repository) -> None:
    done = variations.run("check", "--format", "json")
    found = json.loads(done.stdout)
    about_objects = ("api-", "argocd-", "reference-", "security-", "traffic-")
    assert [one for one in found["findings"] if one["rule"].startswith(about_objects)] == []
    assert all(counts["holds"] > 5 and counts["found"] == 0 for counts in found["objects"])
