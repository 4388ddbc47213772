"""What each class reports, from pairs of commits in real Git repositories.

A file in `classes/<class>/` is one case. Its key `expected` lists all consequences.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.changes.classes import change_classes
from tests.unit.changes.examples import Case, compared, consequences, repository

FOLDER = Path(__file__).with_name("classes")
CASES = sorted(FOLDER.glob("*/*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_change_has_these_consequences_and_no_others(case: Path, tmp_path: Path) -> None:
    expected = Case.read(case)
    [environment] = compared(repository(tmp_path, expected)).environments
    assert environment.not_compared == ()
    assert consequences(environment) == list(expected.expected)


@pytest.mark.parametrize("name", [one.id for one in change_classes()])
def test_each_class_has_three_cases(name: str) -> None:
    reported = [case for case in FOLDER.glob(f"{name}/*.yaml") if f": {name}: " in case.read_text()]
    assert len(reported) >= 3


def test_classes_have_their_own_ranks_and_ids() -> None:
    classes = change_classes()
    assert len({one.id for one in classes}) == len(classes)
    assert [one.rank for one in classes] == list(range(1, len(classes) + 1))
