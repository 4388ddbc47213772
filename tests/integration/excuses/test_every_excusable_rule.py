"""Every rule that may be excused has a values file with an excuse, in the folder of a command.

The file is values/dev.yaml of the repository in repository/. With its `ignore`, the finding is
excused. Without it, the finding is reported. In a values file with only `ignore`, the excuse has
no effect, which is an error.
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
from tests.locked_charts import LockedCharts
from tests.repository import ROOT, Repository

HERE = Path(__file__).parent
CASES = {path.stem: path for path in sorted(HERE.glob("*/*-*.yaml"))}
OUTPUT = ROOT / "tests/terraform/gitops.example.json"
Json = dict[str, Any]

each_rule = pytest.mark.parametrize("rule", CASES)


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Path:
    """The folder charts/upstream, with two locked charts."""
    folder = tmp_path_factory.mktemp("upstream")
    repository = Repository(folder / "repository", helm)
    locked = LockedCharts(repository, folder / "packages")
    for name in ("plain", "year"):
        locked.lock(name)
    return repository.path("charts/upstream")


@pytest.fixture
def shop(tmp_path: Path, helm: str, upstream: Path) -> Repository:
    shutil.copytree(HERE / "repository", tmp_path / "repository")
    shutil.copytree(upstream, tmp_path / "repository/charts/upstream")
    return Repository(tmp_path / "repository", helm)


def run(shop: Repository, case: Path, values: Any) -> tuple[int, Json]:
    """Returns the exit code of the command of the case, and its findings about these values."""
    shop.write("values/dev.yaml", yaml.dump(values) if isinstance(values, dict) else values)
    command, options = case.parent.name, ["dev", "--format", "json"]
    if case.stem.startswith("posture-"):
        # Short values of an environment in production break several of these rules.
        options += ["--select", case.stem]
    elif command == "check" and not case.stem.startswith("security-"):
        # The workloads of the other cases are as short as possible.
        options += ["--ignore", "security"]
    if command == "import-cluster":
        shop.path("values/clusters/dev.json").unlink()
        options = ["dev", str(OUTPUT), "--format", "json"]
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


def test_an_object_without_its_namespace_is_named_beside_the_finding(shop: Repository) -> None:
    case = CASES["repository-chart-secret"]
    _, told = run(shop, case, case.read_text().replace("shop/settings", "settings"))
    [message] = [one["message"] for one in told["findings"]]
    assert "(if it is not a secret, add 'ConfigMap shop/settings' to ignore)" in message
    assert message.endswith(
        "the entry of ignore at values/dev.yaml:7:12 names ConfigMap settings, not ConfigMap "
        "shop/settings"
    )


@each_rule
def test_an_excuse_without_a_finding_is_an_error(rule: str, shop: Repository) -> None:
    values = yaml.yaml_load(CASES[rule].read_bytes())
    ignored = [entry for entry in values["ignore"] if entry["rule"] == rule]
    code, told = run(shop, CASES[rule], {"ignore": ignored})
    assert (code, ids(told["findings"])) == (2, ["excuse-unused"])
    assert f"'{rule}' reports nothing" in told["findings"][0]["message"]
