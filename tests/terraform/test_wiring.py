"""Compares the applied examples with the tables: every resource, every argument, and no more."""

from __future__ import annotations

import json
import re

import aws_names
import checks
import pytest
from wiring import found
from wiring.wanted import EXAMPLES
from workspace import REPOSITORY, Workspace


def test_infra_matches_the_tables(made: found.Found, variant: str) -> None:
    for report in checks.of_infra(made, variant):
        assert not report.findings, report.check


@pytest.mark.parametrize("example", checks.BOOTSTRAP_EXAMPLES)
def test_bootstrap_matches_the_tables(workspace: Workspace, example: str) -> None:
    variables, state = f"examples/{example}.tfvars.json", f"{example}.tfstate"
    made = found.apply(workspace, "bootstrap", variables, state)
    for report in checks.of_bootstrap(made, workspace.root, example):
        assert not report.findings, report.check


def test_the_source_matches_the_tables(workspace: Workspace) -> None:
    assert checks.text(workspace) == []


@pytest.mark.parametrize(
    ("root", "known"), [("infra", EXAMPLES), ("bootstrap", checks.BOOTSTRAP_EXAMPLES)]
)
def test_each_example_has_a_table(root: str, known: object) -> None:
    """A new example must be compared too."""
    examples = (REPOSITORY / "terraform" / root / "examples").iterdir()
    assert {path.name.partition(".")[0] for path in examples} == set(known)  # type: ignore[call-overload]


def test_the_regions_are_those_that_have_eks() -> None:
    regions = json.loads((REPOSITORY / "terraform/infra/regions.json").read_text())
    assert regions == sorted(aws_names.regions())


def test_the_version_of_each_add_on_can_be_pinned(made: found.Found) -> None:
    text = (REPOSITORY / "terraform/infra/variables.tf").read_text()
    (listed,) = re.findall(r"addon_names += (\[.*\])", text)
    assert json.loads(listed) == sorted(
        str(one.get("addon_name")) for one in made.of("aws_eks_addon")
    )


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 day)",
        "rate(12 hours)",
        "cron(0 3 * * ? *)",
        "cron(0 3 ? * MON-FRI *)",
        "cron(0/15 8-18 ? * 2#1 2027)",
        "cron(30 4 L * ? *)",
    ],
)
def test_schedules_that_aws_accepts(expression: str) -> None:
    assert list(aws_names.schedule_errors(expression)) == []


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 days)",
        "rate(2 day)",
        "rate(0 minutes)",
        "0 3 * * ? *",
        "cron(0 3 * * ?)",
        "cron(0 3 * * * *)",
        "cron(0 3 ? * ? *)",
        "cron(60 3 * * ? *)",
        "cron(0 3 * 13 ? *)",
        "cron(0 3 ? * MON-FRY *)",
        "cron(0/0 3 * * ? *)",
        "cron(? 3 * * ? *)",
    ],
)
def test_schedules_that_aws_refuses(expression: str) -> None:
    assert list(aws_names.schedule_errors(expression))
