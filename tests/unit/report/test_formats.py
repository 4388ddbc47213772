"""The output of each format for the same findings."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from gitops_gen.errors import InvalidInput
from gitops_gen.model import (
    COMMAND_LINE,
    Checked,
    Excuse,
    Excused,
    Finding,
    NotChecked,
    ObjectCounts,
    ObjectId,
    Position,
    Related,
    Rule,
    Severity,
)
from gitops_gen.report import formats, report
from gitops_gen.report.json_format import SCHEMA as JSON_SCHEMA

SCHEMA = Rule("schema", "Values match", "Others are ignored.", "Correct them.")
IMAGE = Rule("image", "Images are new", "They run.", "Update.", Severity.WARNING, excusable=True)
ERROR = Finding(SCHEMA, "a: 50% is, well: wrong\nreally", Position("values/dev.yaml", 3, 7))
WARNING = Finding(IMAGE, "b: old", Position("values/dev.yaml", 9))


def test_formats_are_found() -> None:
    assert {"github", "html", "json", "junit", "sarif", "text"} <= set(formats())


def test_text() -> None:
    assert report("text", Checked(("dev",), (WARNING,))) == (
        "values/dev.yaml:9:1: warning: b: old [image]\ndev: 0 errors, 1 warning\n"
    )
    assert report("text", Checked((), (ERROR,))).splitlines()[0] == (
        r"values/dev.yaml:3:7: a: 50% is, well: wrong\nreally [schema]"
    )
    assert report("text", Checked(("dev", "prod"), ())) == "dev, prod: valid\n"


def test_text_is_grouped_by_file() -> None:
    base = replace(WARNING, position=Position("values/base.yaml", 4))
    other = replace(ERROR, message="c", position=Position("values/dev.yaml", 30))
    related = replace(other, related=(Related(Position("rendered/dev/x.yaml", 5), "the object"),))
    assert report("text", Checked(("dev",), (WARNING, base, related))) == (
        "values/dev.yaml:9:1: warning: b: old [image]\n"
        "values/dev.yaml:30:1: c [schema]\n"
        "  rendered/dev/x.yaml:5:1: the object\n"
        "\n"
        "values/base.yaml:4:1: warning: b: old [image]\n"
        "\n"
        "dev: 1 error, 2 warnings\n"
    )
    named = replace(related, message="c (rendered/dev/x.yaml)")
    assert "the object" not in report("text", Checked(("dev",), (named,)))


def test_colours_change_no_text() -> None:
    checked = Checked(("dev",), (WARNING, ERROR, HOSTILE), (EXCUSED,), COUNTS)
    coloured = report("text", checked, colour=True)
    assert "\x1b[1;31mvalues/dev.yaml:3:7\x1b[0m: a:" in coloured
    assert "\x1b[1;33mvalues/dev.yaml:9:1\x1b[0m: warning: b: old" in coloured
    assert re.sub(r"\x1b\[[0-9;]+m", "", coloured) == report("text", checked)
    assert report("text", Checked(("dev",), ()), colour=True) == "\x1b[32mdev: valid\x1b[0m\n"


@pytest.mark.parametrize("form", [form for form in formats() if form != "text"])
def test_other_formats_have_no_colours(form: str) -> None:
    checked = Checked(("dev",), (WARNING, ERROR))
    assert report(form, checked, colour=True) == report(form, checked)


def test_notes_are_counted_only_if_there_are_some() -> None:
    hint = Rule("hint", "Hints are rare", "They distract.", "Follow it.", Severity.NOTE)
    note = Finding(hint, "c: rare", Position("values/dev.yaml", 2))
    text = report("text", Checked(("dev",), (WARNING, note, note)))
    assert text.endswith("dev: 0 errors, 1 warning, 2 notes\n")
    assert "values/dev.yaml:2:1: note: c: rare [hint]\n" in text
    line = report("github", Checked(("dev",), (note,)))
    assert line == "::notice file=values/dev.yaml,line=2,col=1,title=hint::c: rare\n"


COUNTS = (
    ObjectCounts(
        "dev",
        holds=30,
        found=1,
        not_checked=(
            NotChecked("CronTab.example.com", 2, "no CRD"),
            NotChecked("Tab.example.com", 1, "no CRD"),
            NotChecked("Service", 1, "a\x1b\n::error::b"),
        ),
        notes=("Rules of 1.36 are applied.",),
    ),
    ObjectCounts("prod", not_rendered="its values are not valid", notes=("Not known.",)),
)
OUTCOMES = [
    "dev: 35 objects: 30 hold, 1 with findings, 4 not checked",
    "dev: not checked: 2 CronTab.example.com, 1 Tab.example.com: no CRD",
    r"dev: not checked: 1 Service: a\x1b\n::error::b",
    "prod: no object is checked, because its values are not valid",
    "note: Rules of 1.36 are applied.",
    "note: Not known.",
]


def test_the_outcomes_of_objects_are_in_each_format() -> None:
    checked = Checked(("dev", "prod"), (), objects=COUNTS)
    assert report("text", checked).splitlines() == ["dev, prod: valid", *OUTCOMES]
    assert report("github", checked).splitlines() == OUTCOMES
    page = report("html", checked)
    assert all(f"<li>{line}</li>" in page for line in OUTCOMES)
    dev, prod = json.loads(report("json", checked))["objects"]
    assert dev == {
        "environment": "dev",
        "holds": 30,
        "found": 1,
        "notChecked": [
            {"kind": "CronTab.example.com", "count": 2, "reason": "no CRD"},
            {"kind": "Tab.example.com", "count": 1, "reason": "no CRD"},
            {"kind": "Service", "count": 1, "reason": "a\x1b\n::error::b"},
        ],
        "notDetermined": [],
        "notRendered": None,
        "notes": ["Rules of 1.36 are applied."],
    }
    assert (prod["holds"], prod["notRendered"]) == (0, "its values are not valid")


def test_rules_that_were_not_applied_are_in_each_format() -> None:
    checked = Checked(("dev",), (), not_applied=("api", "image"))
    line = "not applied, as requested: api, image"
    assert report("text", checked) == f"dev: no finding of the applied rules\n{line}\n"
    assert report("github", checked) == f"{line}\n"
    assert f"<li>{line}</li>" in report("html", checked)
    assert json.loads(report("json", checked))["notApplied"] == ["api", "image"]
    assert line in report("sarif", checked)
    assert '<testcase classname="not applied" name="image">' in report("junit", checked)


def test_github_escapes_what_would_end_a_command() -> None:
    [line, rest] = report("github", Checked(("dev",), (ERROR,))).split("\n")
    assert rest == ""
    assert line == (
        "::error file=values/dev.yaml,line=3,col=7,title=schema::a: 50%25 is, well: wrong%0Areally"
    )


HOSTILE_EXCUSE = Excuse("schema", "\n::error::c\x1b", Position("::error::\nvalues", 1))
HOSTILE = Finding(SCHEMA, "a\x1b]0;title\a\r\n::error::b\u202e", Position("::error::\nvalues", 1))


def test_no_finding_gives_orders_to_a_terminal_or_a_ci() -> None:
    assert str(HOSTILE) == (r"\x3a:error::\nvalues:1:1: a\x1b]0;title\x07\r\n::error::b\u202e")
    for form in formats():
        text = report(form, Checked(("dev",), (HOSTILE,), (Excused(HOSTILE, HOSTILE_EXCUSE),)))
        assert text.replace("\n", "").isprintable()
        assert sum(line.startswith("::error") for line in text.splitlines()) == (form == "github")


def test_github_has_annotations_without_a_file_for_wrong_usage() -> None:
    usage = Finding(SCHEMA, "No such option.", COMMAND_LINE)
    assert report("github", Checked((), (usage,))) == "::error title=schema::No such option.\n"


def test_several_findings_stay_several_lines() -> None:
    assert str(InvalidInput([WARNING, HOSTILE])).count("\n") == 1


def test_json_is_stable() -> None:
    whole = json.loads(report("json", Checked(("dev",), (ERROR, WARNING))))
    assert whole["environments"] == ["dev"]
    assert [finding["severity"] for finding in whole["findings"]] == ["error", "warning"]
    assert list(whole["findings"][0]) == [
        *("rule", "severity", "message", "file", "line", "column", "object", "field", "related")
    ]


EXCUSED = Excused(
    Finding(
        IMAGE,
        "c: old",
        Position("values/dev.yaml", 4, 2),
        ObjectId("apps", "Deployment", "app", "backend"),
        "tiers.backend.image",
        (Related(Position("values/base.yaml", 2), "the default"),),
    ),
    Excuse("image", "It is old.", Position("values/dev.yaml", 4, 30)),
)


def test_json_follows_its_schema() -> None:
    schema = json.loads(JSON_SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    whole = json.loads(report("json", Checked(("dev",), (ERROR, WARNING), (EXCUSED,), COUNTS)))
    assert [error.message for error in validator.iter_errors(whole)] == []
    whole["excused"][0]["more"] = whole["findings"][0]["more"] = 1
    assert len(list(validator.iter_errors(whole))) == 2


def test_json_tells_what_is_excused_and_why() -> None:
    whole = json.loads(report("json", Checked(("dev",), (), (EXCUSED,))))
    assert whole["findings"] == []
    [excused] = whole["excused"]
    assert excused["object"] == "Deployment app/backend"
    assert excused["field"] == "tiers.backend.image"
    assert excused["related"] == [
        {"message": "the default", "file": "values/base.yaml", "line": 2, "column": 1}
    ]
    assert excused["reason"] == "It is old."
    assert excused["excuse"] == {"file": "values/dev.yaml", "line": 4, "column": 30}


def test_text_and_github_count_what_is_excused() -> None:
    checked = Checked(("dev",), (), (EXCUSED, EXCUSED))
    assert report("text", checked) == "dev: valid\n2 findings are excused: image (2)\n"
    assert report("github", checked) == "2 findings are excused: image (2)\n"


def test_html_shows_markup_as_text() -> None:
    markup = Finding(SCHEMA, "<script>alert(1)</script>", Position("<b>.yaml"))
    page = report("html", Checked(("dev",), (markup,), (EXCUSED,)))
    assert "<script>" not in page
    assert "<b>.yaml" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_html_has_all_that_is_known_of_a_finding() -> None:
    page = report("html", Checked(("dev",), (EXCUSED.finding, ERROR), (EXCUSED,)))
    assert "dev: 1 error, 1 warning" in page
    for text in ("values/dev.yaml:4:2", "c: old", "values/base.yaml:2:1</code>: the default"):
        assert text in page
    assert "It is old.<br><code>values/dev.yaml:4:30</code>" in page


@pytest.mark.parametrize("form", formats())
def test_every_format_ends_its_last_line(form: str) -> None:
    assert report(form, Checked(("dev",), (ERROR,))).endswith("\n")
