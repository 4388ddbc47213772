"""Removing one key without other changes. Each file in remove/ is a case.

The first line of remove/valid/<case>.yaml or remove/invalid/<case>.yaml contains the path as JSON.
The file next to it contains the expected result (.after) or the message (.txt).
"""

from __future__ import annotations

import json
import pathlib

from gitops_gen.model import Path
from gitops_gen.yaml import remove
from tests.cases import assert_refused, each

CASES = pathlib.Path(__file__).parent / "remove"


def request(case: pathlib.Path) -> Path:
    return tuple(json.loads(case.read_text().splitlines()[0].removeprefix("# remove ")))


@each(CASES, "valid")
def test_valid(case: pathlib.Path) -> None:
    after = case.with_suffix(".after").read_bytes()
    assert remove(case.read_bytes(), "f", request(case)) == after


@each(CASES, "valid")
def test_line_ends_are_kept(case: pathlib.Path) -> None:
    before, after = (
        b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n")
        for file in (case, case.with_suffix(".after"))
    )
    assert remove(before, "f", request(case)) == after
    assert remove(before.rstrip(), "f", request(case)).rstrip() == after.rstrip()


@each(CASES, "invalid")
def test_refused(case: pathlib.Path) -> None:
    assert_refused(case, lambda: remove(case.read_bytes(), "f", request(case)))
