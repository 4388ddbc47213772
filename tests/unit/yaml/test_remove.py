"""One key taken out, everything else as it was: remove/ holds one file a case.

The first line of remove/<case>.yaml says which (its path as JSON); what must come out is
remove/<case>.after, or remove/<case>.message (`line:column: message`) where it is refused.
"""

from __future__ import annotations

import json
import pathlib

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Path
from gitops_gen.yaml import remove

CASES = sorted((pathlib.Path(__file__).parent / "remove").glob("*.yaml"))
DONE = [case for case in CASES if case.with_suffix(".after").exists()]
REFUSED = [case for case in CASES if case.with_suffix(".message").exists()]


def request(case: pathlib.Path) -> Path:
    return tuple(json.loads(case.read_text().splitlines()[0].removeprefix("# remove ")))


def stem(path: pathlib.Path) -> str:
    return path.stem


def test_each_case_has_one_outcome() -> None:
    assert sorted(DONE + REFUSED) == CASES


@pytest.mark.parametrize("case", DONE, ids=stem)
def test_done(case: pathlib.Path) -> None:
    after = case.with_suffix(".after").read_bytes()
    assert remove(case.read_bytes(), "f", request(case)) == after


@pytest.mark.parametrize("case", DONE, ids=stem)
def test_line_ends_are_kept(case: pathlib.Path) -> None:
    before, after = (
        b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n")
        for file in (case, case.with_suffix(".after"))
    )
    assert remove(before, "f", request(case)) == after
    assert remove(before.rstrip(), "f", request(case)).rstrip() == after.rstrip()


@pytest.mark.parametrize("case", REFUSED, ids=stem)
def test_refused(case: pathlib.Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        remove(case.read_bytes(), "f", request(case))
    assert str(refused.value) == f"f:{case.with_suffix('.message').read_text().strip()}"
