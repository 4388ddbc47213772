"""`check` compares the values of an add-on with the locked archive of its chart.

Each case is a values file of a chart in tests/charts, whose name is that of the folder, and the
findings: the path below the values, the rule, and words of the message.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gitops_gen import yaml
from gitops_gen.charts.archive import read_archive
from gitops_gen.charts.value_keys import ChartKeys
from gitops_gen.charts.value_schema import schema_errors
from tests.chart_archives import packaged
from tests.locked_charts import LockedCharts

CASES = sorted((Path(__file__).parent / "values_of_charts").glob("*/*.yaml"))
RULES = {"addon-value-unknown", "addon-value-schema", "addon-values-unchecked", "chart-schema"}


class Told(NamedTuple):
    rule: str
    severity: str
    line: int
    message: str


def told(locked: LockedCharts) -> list[Told]:
    """The findings of `check` about the values of charts."""
    done = locked.repository.run("check", "--select", "values", "--format", "json")
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return [
        Told(one["rule"], one["severity"], one["line"], one["message"])
        for one in found
        if one["rule"] in RULES
    ]


def line_of(locked: LockedCharts, text: str) -> int:
    lines = locked.repository.read("values/dev.yaml").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize("case", CASES, ids=[f"{one.parent.name}-{one.stem}" for one in CASES])
def test_exactly_the_wrong_values_of_a_chart_are_found(
    case: Path, tmp_path: Path, helm: str
) -> None:
    stated = yaml.yaml_load(case.read_bytes())
    archive = packaged(case.parent.name, tmp_path, helm)
    chart = read_archive(archive.read_bytes(), archive.name)
    unknown = {".".join(one.path) for one in ChartKeys(chart).unknown(stated["values"])}
    refused = {
        f"{'.'.join(map(str, one.path))}: {one.keyword}"
        for one in schema_errors(chart, stated["values"])
    }
    assert unknown == set(stated.get("unknown", ()))
    assert refused == set(stated.get("refused", ()))


def test_the_finding_is_at_the_line_and_names_a_similar_key(locked: LockedCharts) -> None:
    locked.add("documented", values={"replicas": 2, "imgae": {"name": "x"}})
    [found] = told(locked)
    line = line_of(locked, "imgae")
    text = "addons.documented.values.imgae: documented 1.0.0 does not have this key; did you mean"
    assert found == Told("addon-value-unknown", "warning", line, f"{text} 'image'?")


def test_a_null_for_a_key_that_the_chart_does_not_have(locked: LockedCharts) -> None:
    locked.add("documented", values={"strategie": None, "image": None})
    [found] = told(locked)
    assert (found.rule, found.line) == ("addon-value-unknown", line_of(locked, "strategie"))


def test_a_value_that_the_schema_refuses_is_an_error(locked: LockedCharts) -> None:
    locked.add("strict-schema", values={"replica": 2, "replicas": "many"})
    assert told(locked) == [
        Told(
            "addon-value-schema",
            "error",
            line_of(locked, "replica:"),
            "addons.strict-schema.values.replica: the schema of strict-schema 1.0.0 does not admit "
            "this key; did you mean 'replicas'?",
        ),
        Told(
            "addon-value-schema",
            "error",
            line_of(locked, "replicas: many"),
            "addons.strict-schema.values.replicas: 'many' is not an integer (schema of "
            "strict-schema 1.0.0)",
        ),
    ]


def test_a_schema_that_cannot_be_used_is_a_fault_of_the_chart(locked: LockedCharts) -> None:
    locked.add("broken-schema", values={"replica": 2})
    rules = [(one.rule, one.severity) for one in told(locked)]
    assert rules == [("chart-schema", "warning"), ("addon-value-unknown", "warning")]


def test_a_secret_in_values_is_not_shown(locked: LockedCharts) -> None:
    values = {"replicas": "many", "password:hunter2": 1}
    locked.add("strict-schema", values=values)
    output = locked.repository.run("check", "--select", "values")
    assert "addon-value-schema" in output.stdout
    assert "hunter2" not in output.stdout + output.stderr


def test_without_the_archive_nothing_is_claimed(locked: LockedCharts) -> None:
    locked.add("documented", values={"imgae": 1})
    locked.repository.path("charts/upstream/vendor/documented-1.0.0.tgz").unlink()
    [found] = told(locked)
    assert (found.rule, found.severity) == ("addon-values-unchecked", "note")
    assert "the archive of documented 1.0.0 is not on this machine" in found.message


def test_a_new_version_without_a_key(locked: LockedCharts) -> None:
    locked.add("documented", values={"health": {"path": "/ready"}, "replicas": 2})
    assert told(locked) == []
    locked.lock_changed("documented", "2.0.0", without="health")
    locked.add("documented", values={"health": {"path": "/ready"}, "replicas": 2})
    [found] = told(locked)
    assert found.line == line_of(locked, "health:")
    assert "documented 2.0.0 does not have this key" in found.message


def test_values_of_a_chart_that_argo_cd_renders(locked: LockedCharts) -> None:
    locked.add("documented", values={"imgae": 1}, delivery="chart")
    assert [one.rule for one in told(locked)] == ["addon-value-unknown"]
