"""Completion in a shell, as the scripts of click ask for it."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.repository import Repository

VARIABLE = "_GITOPS_GEN_COMPLETE"


def completed(repository: Repository, line: str) -> list[str]:
    """The words that complete the last word of a command line."""
    words = line.split(" ")
    variables = {VARIABLE: "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = repository.run_interpreter(**variables)
    assert (done.returncode, done.stderr) == (0, "")
    return [text.removeprefix("plain,") for text in done.stdout.split()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gitops-gen prom", ["promote"]),
        ("gitops-gen render ", ["dev", "prod"]),
        ("gitops-gen render dev ", ["prod"]),
        ("gitops-gen promote --from dev --to p", ["prod"]),
        ("gitops-gen set ", ["dev", "prod", "base"]),
        ("gitops-gen set dev p", ["platform.limitRanges=", "platform.priorityClasses="]),
        ("gitops-gen set dev tiers.backend.image.t", ["tiers.backend.image.tag="]),
        ("gitops-gen set nonsense tiers.", []),
        ("gitops-gen explain dev tiers.frontend.rep", ["tiers.frontend.replicas"]),
        ("gitops-gen promote --from dev --only tiers.backend.pa", ["tiers.backend.path"]),
    ],
)
def test_completion(line: str, expected: list[str], repository: Repository) -> None:
    found = completed(repository, line)
    assert [one for one in expected if one in found] == expected
    if len(expected) < 2:
        assert found == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gitops-gen set g", ["group:eu", "group:production"]),
        ("gitops-gen set dev gro", ["group:eu", "group:production", "groups="]),
        # In bash, a colon separates words, and only the last word is replaced.
        ("gitops-gen set group :", ["eu", "production"]),
        ("gitops-gen set group : e", ["eu"]),
        ("gitops-gen set group : eu tiers.backend.image.t", ["tiers.backend.image.tag="]),
    ],
)
def test_completion_of_groups(line: str, expected: list[str], repository: Repository) -> None:
    repository.write("values/groups/eu.yaml", "tiers: {backend: {env: {REGION: eu}}}\n")
    repository.write("values/groups/production.yaml", "{}\n")
    assert completed(repository, line) == expected


def test_completion_in_another_folder(repository: Repository) -> None:
    assert completed(repository, "gitops-gen -C values/clusters render ") == ["dev", "prod"]


def test_a_file_that_cannot_be_parsed_prints_nothing(repository: Repository) -> None:
    repository.write("values/dev.yaml", "a: [")
    assert completed(repository, "gitops-gen set dev tiers.") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_accepts_the_script(repository: Repository) -> None:
    script = repository.run_interpreter(**{VARIABLE: "bash_source"}).stdout
    assert "compopt -o nospace" in script
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
