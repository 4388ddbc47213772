"""JUnit XML: what is a failed, a passed and a skipped test."""

from __future__ import annotations

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

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

SCHEMA = Rule("schema", "Values match", "Others are ignored.", "Correct them.")
IMAGE = Rule("image", "Images are new", "They run.", "Update.", Severity.WARNING, excusable=True)
ERROR = Finding(
    SCHEMA,
    "a: wrong\nreally",
    Position("values/dev.yaml", 3, 7),
    ObjectId("", "Service", "app", "web"),
    FieldPath(("tiers", "web", "port")),
    (Related(Position("rendered/dev/x.yaml", 2), "the rendered object"),),
)
WARNING = Finding(IMAGE, "b: old", Position("values/dev.yaml", 9))


def document(*found: Finding, **parts: tuple[object, ...]) -> Element:
    return fromstring(report("junit", Checked(("dev",), found, **parts)))  # type: ignore[arg-type]


def cases(root: Element) -> dict[tuple[str, str], list[str]]:
    """The tests by group and name, with the elements that state their outcome."""
    found = root.findall("testsuite/testcase")
    by_name = {
        (one.attrib["classname"], one.attrib["name"]): [two.tag for two in one] for one in found
    }
    assert len(by_name) == len(found)
    return by_name


def test_a_valid_environment_is_a_test_that_passes() -> None:
    root = document()
    assert cases(root) == {("dev", "values"): []}
    assert root.attrib == {
        "name": "gitops-gen",
        "tests": "1",
        "failures": "0",
        "errors": "0",
        "skipped": "0",
    }


def test_an_error_fails_and_a_warning_does_not() -> None:
    root = document(ERROR, WARNING)
    assert cases(root) == {
        ("dev", "values"): [],
        ("schema", "tiers.web.port, Service app/web"): ["failure"],
        ("image", "Images are new"): ["system-out"],
    }
    [suite] = root.findall("testsuite[@name='values/dev.yaml']")
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")
    [case] = suite.findall("testcase[failure]")
    assert (case.attrib["file"], case.attrib["line"]) == ("values/dev.yaml", "3")
    [failure] = case
    assert failure.attrib == {"type": "schema", "message": r"a: wrong\nreally"}
    assert failure.text == (
        "values/dev.yaml:3:7: a: wrong\\nreally [schema]\n"
        "rendered/dev/x.yaml:2:1: the rendered object\n"
        "\n"
        "Correct them."
    )


def test_names_do_not_depend_on_lines_and_messages_and_are_unique() -> None:
    moved = replace(ERROR, message="another", position=Position("values/dev.yaml", 30))
    assert cases(document(ERROR)) == cases(document(moved))
    names = [name for group, name in cases(document(ERROR, moved)) if group == "schema"]
    assert names == ["tiers.web.port, Service app/web", "tiers.web.port, Service app/web (2)"]


def test_excused_findings_and_unchecked_objects_are_skipped() -> None:
    excused = Excused(WARNING, Excuse("image", "It is <old>.", Position("values/dev.yaml", 9)))
    counts = ObjectCounts("dev", holds=3, not_checked=(NotChecked("Tab", 2, "no CRD"),))
    root = document(excused=(excused,), objects=(counts,))
    assert cases(root) == {
        ("dev", "rendered objects"): ["system-out"],
        ("dev", "not checked: Tab"): ["skipped"],
        ("image", "Images are new"): ["skipped"],
    }
    assert [one.attrib["message"] for one in root.iter("skipped")] == [
        "2 Tab: no CRD",
        "It is <old>.",
    ]
    assert root.attrib["skipped"] == "2"


def test_an_environment_that_is_not_rendered_is_skipped() -> None:
    root = document(objects=(ObjectCounts("dev", not_rendered="its values are not valid"),))
    assert cases(root) == {("dev", "rendered objects"): ["skipped"]}


@pytest.mark.parametrize("text", ["\x00\x1b[31m", "\ud800", "]]>&<\"'", "\ufffe", "\u202e\r\n\t"])
def test_every_text_is_well_formed(text: str) -> None:
    hostile = replace(ERROR, message=text, position=Position(f"values/{text}"))
    excuse = Excuse("schema", text, Position(text))
    counts = ObjectCounts(text, not_checked=(NotChecked(text, 1, text),))
    checked = Checked((text,), (hostile,), (Excused(hostile, excuse),), (counts,))
    root = fromstring(report("junit", checked))
    assert root.attrib["failures"] == "1"
    assert len(root.findall("testsuite")) == 2


def test_wrong_usage_is_a_failed_test() -> None:
    checked = Checked((), (Finding(SCHEMA, "No such option.", COMMAND_LINE),))
    assert fromstring(report("junit", checked)).attrib["failures"] == "1"
