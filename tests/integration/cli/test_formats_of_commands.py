"""In a format for programs standard output holds the findings alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.repository import Repository, example


@pytest.fixture
def repository(tmp_path: Path, helm: str) -> Repository:
    """The example, with a warning: nobody runs the load balancer controller."""
    found = example(tmp_path, helm)
    text = found.read("values/dev.yaml")
    found.write(
        "values/dev.yaml", f"{text}addons: {{aws-load-balancer-controller: {{enabled: false}}}}\n"
    )
    return found


def json_output(repository: Repository, *arguments: str, code: int = 0) -> dict[str, Any]:
    done = repository.run(*arguments, "--format", "json")
    assert done.returncode == code, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


WARNS = [
    ("check", "dev"),
    ("render", "dev"),
    ("terraform-vars", "dev", "--out", "vars.json"),
    ("teardown", "dev"),
]


@pytest.mark.parametrize("arguments", WARNS, ids=lambda arguments: arguments[0])
def test_warnings(repository: Repository, arguments: tuple[str, ...]) -> None:
    assert [one["rule"] for one in json_output(repository, *arguments)["findings"]] == [
        "ingress-controller"
    ]


def test_what_is_done_goes_to_standard_error(repository: Repository) -> None:
    done = repository.run("set", "dev", "tiers.backend.replicas=3", "--format", "json")
    assert json.loads(done.stdout)["findings"] == []
    assert "tiers.backend.replicas: 1 -> 3" in done.stderr


def test_what_set_refuses_has_its_place(repository: Repository) -> None:
    refused = json_output(repository, "set", "dev", "tiers.backend.port=80", code=2)
    [error] = [one for one in refused["findings"] if one["severity"] == "error"]
    assert (error["rule"], error["file"]) == ("tier-port-privileged", "values/dev.yaml")
    refused = json_output(repository, "set", "dev", "tiers.backend", code=2)
    [finding] = refused["findings"]
    assert (finding["rule"], finding["file"]) == ("assignment", "values/dev.yaml")


def test_stale_files_are_findings(repository: Repository) -> None:
    repository.render("dev")
    repository.write("rendered/dev/umbrella/values.yaml", "")
    found = json_output(repository, "render", "--check", "dev", code=1)["findings"]
    assert ("stale-file", "rendered/dev/umbrella/values.yaml") in {
        (one["rule"], one["file"]) for one in found
    }


def test_variables_on_standard_output_leave_no_place_for_findings(repository: Repository) -> None:
    refused = repository.run("terraform-vars", "dev", "--format", "json")
    assert refused.returncode == 2
    assert "name a file (--out)" in refused.stderr


def test_a_rehearsal_that_is_refused(repository: Repository) -> None:
    refused = json_output(repository, "rehearse", "nowhere", code=2)
    assert [one["rule"] for one in refused["findings"]] == ["environment"]
