"""Mistakes that are inserted into a copy of the code. A check must detect each of them.

`make terraform-mutations` runs these tests; with THIRD=0, 1 or 2 it runs one third of them.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import checks
import pytest
from workspace import Workspace

MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.toml"))
THIRD = os.environ.get("THIRD", "")
CHOSEN = MISTAKES[int(THIRD) % 3 :: 3] if THIRD else MISTAKES


@pytest.mark.mutation
@pytest.mark.parametrize("path", CHOSEN, ids=lambda path: path.stem)
def test_mistake_is_detected(fresh: Workspace, path: Path) -> None:
    mistake = tomllib.loads(path.read_text())
    plant(fresh, mistake)
    report = checks.first_report(fresh, mistake["file"])
    assert report is not None, f"nothing noticed it: {mistake['why']}"
    said = " ".join(" ".join(report.findings).split())
    assert report.check == mistake.get("caught_by", report.check), said
    assert re.search(mistake.get("message", ""), said), said


def plant(workspace: Workspace, mistake: dict[str, Any]) -> None:
    file = workspace.root / "terraform" / mistake["file"]
    text = file.read_text()
    assert text.count(mistake["find"]) == 1, f"{mistake['find']!r} is not once in {file}"
    file.write_text(text.replace(mistake["find"], mistake["replace"]))
    if file.suffix == ".tf":  # otherwise the format check would detect the mistake
        workspace.run(str(Path(mistake["file"]).parent), "fmt", "-list=false")


def test_there_are_enough_mistakes() -> None:
    assert len(MISTAKES) >= 60


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_each_mistake_states_what_it_is_and_why_it_matters(path: Path) -> None:
    mistake = tomllib.loads(path.read_text())
    assert {"what", "why", "file", "find", "replace"} <= mistake.keys()
    assert mistake.keys() <= {"what", "why", "file", "find", "replace", "caught_by", "message"}
