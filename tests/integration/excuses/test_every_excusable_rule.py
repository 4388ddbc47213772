"""Every rule that may be excused: a file of values that does so, in the folder of its command.

The file is values/dev.yaml of the repository in repository/. With its `ignore` the finding is
excused, without it is reported, and where `ignore` stands alone it excuses nothing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from gitops_gen.rule_registry import rules
from tests.repository import ROOT, Repository

HERE = Path(__file__).parent
CASES = {path.stem: path for path in sorted(HERE.glob("*/*-*.yaml"))}
OUTPUT = ROOT / "tests/terraform/gitops.example.json"
Json = dict[str, Any]

each_rule = pytest.mark.parametrize("rule", CASES)


@pytest.fixture
def shop(tmp_path: Path, helm: str) -> Repository:
    shutil.copytree(HERE / "repository", tmp_path / "repository")
    return Repository(tmp_path / "repository", helm)


def run(shop: Repository, case: Path, values: Any) -> tuple[int, Json]:
    """The exit code of the case's command, and what it finds with these values."""
    shop.write("values/dev.yaml", yaml.dump(values) if isinstance(values, dict) else values)
    command, options = case.parent.name, ("dev", "--format", "json")
    if command == "import-cluster":
        shop.path("values/clusters/dev.json").unlink()
        options = ("dev", str(OUTPUT), "--format", "json")
    done: subprocess.CompletedProcess[str] = shop.run(command, *options)
    return done.returncode, json.loads(done.stdout)


def ids(found: list[Json]) -> list[str]:
    return [one["rule"] for one in found]


def test_every_rule_that_may_be_excused_has_an_example() -> None:
    assert set(CASES) == {rule.id for rule in rules().values() if rule.excusable}


@each_rule
def test_it_can_be_excused(rule: str, shop: Repository) -> None:
    code, told = run(shop, CASES[rule], CASES[rule].read_text())
    assert (code, told["findings"]) == (0, [])
    assert rule in ids(told["excused"])


@each_rule
def test_it_is_reported_where_it_is_not_excused(rule: str, shop: Repository) -> None:
    values = yaml.yaml_load(CASES[rule].read_bytes())
    ignored = [entry for entry in values["ignore"] if entry["rule"] != rule]
    _, told = run(shop, CASES[rule], {**values, "ignore": ignored})
    assert rule in ids(told["findings"])
    assert rule not in ids(told["excused"])


@each_rule
def test_an_excuse_of_nothing_is_an_error(rule: str, shop: Repository) -> None:
    values = yaml.yaml_load(CASES[rule].read_bytes())
    ignored = [entry for entry in values["ignore"] if entry["rule"] == rule]
    code, told = run(shop, CASES[rule], {"ignore": ignored})
    assert (code, ids(told["findings"])) == (2, ["excuse-unused"])
    assert f"'{rule}' reports nothing" in told["findings"][0]["message"]
