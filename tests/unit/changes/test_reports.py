"""The text and JSON of a comparison."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from gitops_gen.changes import Comparison
from gitops_gen.report.changes import report
from gitops_gen.report.changes.json_format import SCHEMA
from tests.unit.changes.examples import Case, compared, repository
from tests.unit.changes.test_classes import CASES

FOLDER = Path(__file__).with_name("reports")


@pytest.mark.parametrize("case", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_text_has_the_reason_beside_the_field(case: Path, tmp_path: Path) -> None:
    text = report("text", _comparison(case, tmp_path))
    sections = text.split("\n\n")
    assert "\n\n".join(sections[1:]) == case.with_suffix(".txt").read_text()


@pytest.mark.parametrize("case", CASES[::6], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_json_matches_the_published_schema(case: Path, tmp_path: Path) -> None:
    document = json.loads(report("json", _comparison(case, tmp_path)))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)


def test_colour_is_only_used_on_request(tmp_path: Path) -> None:
    comparison = _comparison(FOLDER / "refused.yaml", tmp_path)
    assert "\x1b[" not in report("text", comparison)
    assert "\x1b[31;1m# refused" in report("text", comparison, colour=True)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    edits = {"correct-horse-battery": "staple-9-lantern", "seven words": "eight words"}
    case = Case(("secret",), {**edits, "info]": "--password=Gx7-pq2-Zz9]"}, added=("deployment",))
    comparison = compared(repository(tmp_path, case))
    for form in ("text", "json"):
        text = report(form, comparison)
        hidden = ("correct", "staple", "words", "Gx7-pq2-Zz9")
        assert [word for word in hidden if word in text] == []
        assert "(not shown)" in text


def _comparison(case: Path, folder: Path) -> Comparison:
    return compared(repository(folder, Case.read(case)))
