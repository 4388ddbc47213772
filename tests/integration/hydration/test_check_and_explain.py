"""The rules of `check` see the objects of locked charts, and `explain` finds their values."""

from __future__ import annotations

import json

from tests.locked_charts import LockedCharts


def test_the_rules_of_the_api_server_see_the_objects(locked: LockedCharts) -> None:
    locked.add("many-parts", values={"replicas": -1})
    locked.repository.render()
    done = locked.repository.run("check", "--format", "json")
    findings = json.loads(done.stdout)["findings"]
    negative = [one for one in findings if "spec.replicas" in one["message"]]
    assert [one["object"] for one in negative] == ["Deployment parts/many-parts"]
    assert negative[0]["line"] == line_of(locked, "replicas: -1")


def line_of(locked: LockedCharts, text: str) -> int:
    lines = locked.repository.read("values/dev.yaml").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_chart_that_argo_cd_renders_is_not_seen(locked: LockedCharts) -> None:
    locked.add("many-parts", values={"replicas": -1}, delivery="chart")
    locked.repository.render()
    done = locked.repository.run("check", "--format", "json")
    rules = [one["rule"] for one in json.loads(done.stdout)["findings"]]
    assert "delivery-chart" in rules
    assert "spec.replicas" not in done.stdout


def test_explain_finds_the_value_behind_a_field(locked: LockedCharts) -> None:
    locked.add("many-parts", values={"replicas": 3})
    locked.repository.render()
    field = "Deployment/parts/many-parts:spec.replicas"
    done = locked.repository.run("explain", "dev", field)
    assert done.returncode == 0, done.stderr
    assert f"values/dev.yaml:{line_of(locked, 'replicas: 3')}" in done.stdout


def test_explain_finds_the_fields_behind_a_value(locked: LockedCharts) -> None:
    locked.add("many-parts", values={"replicas": 3})
    locked.repository.render()
    done = locked.repository.run("explain", "dev", "addons.many-parts.values.replicas")
    assert "Deployment parts/many-parts" in done.stdout
    assert "CustomResourceDefinition" not in done.stdout


def test_diff_compares_the_objects(locked: LockedCharts) -> None:
    repository = locked.repository
    locked.add("many-parts")
    repository.render()
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.commit("one")
    repository.git("checkout", "--quiet", "-b", "change")
    locked.addons["many-parts"]["values"] = {"replicas": 2}
    locked.write_values()
    done = repository.run("--offline", "diff", "--base", "main")
    assert "Deployment parts/many-parts" in done.stdout
    assert "spec.replicas" in done.stdout
