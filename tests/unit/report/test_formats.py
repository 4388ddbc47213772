"""What each format makes of the same findings."""

from __future__ import annotations

import json

import pytest

from gitops_gen.model import Checked, Finding, Position, Severity
from gitops_gen.report import formats, report

ERROR = Finding("schema", "a: 50% is, well: wrong\nreally", Position("values/dev.yaml", 3, 7))
WARNING = Finding("image", "b: unwise", Position("values/dev.yaml", 9), Severity.WARNING)


def test_formats_are_found() -> None:
    assert {"github", "json", "text"} <= set(formats())


def test_text() -> None:
    assert report("text", Checked(("dev",), (WARNING,))) == (
        "values/dev.yaml:9:1: warning: b: unwise\ndev: 0 errors, 1 warning\n"
    )
    assert report("text", Checked(("dev", "prod"), ())) == "dev, prod: valid\n"


def test_github_escapes_what_would_end_a_command() -> None:
    [line, rest] = report("github", Checked(("dev",), (ERROR,))).split("\n")
    assert rest == ""
    assert line == (
        "::error file=values/dev.yaml,line=3,col=7,title=schema::a: 50%25 is, well: wrong%0Areally"
    )


def test_json_is_stable() -> None:
    whole = json.loads(report("json", Checked(("dev",), (ERROR, WARNING))))
    assert whole["environments"] == ["dev"]
    assert [finding["severity"] for finding in whole["findings"]] == ["error", "warning"]
    assert list(whole["findings"][0]) == [
        *("rule", "severity", "message", "file", "line", "column", "object")
    ]


@pytest.mark.parametrize("form", formats())
def test_every_format_ends_its_last_line(form: str) -> None:
    assert report(form, Checked(("dev",), (ERROR,))).endswith("\n")
