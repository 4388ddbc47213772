"""Folders of test cases: accepted input, refused input, and input that is accepted with a warning.

A folder of cases can contain `valid/`, `invalid/` and `warned/`. A case is a file in one of them,
or a folder if it consists of several files. The expectation is a file next to it with the same
name: a `.txt` with the expected messages, one per line, or a file with another suffix with the
expected result of a valid case. So a case is added only with files.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from gitops_gen.errors import InvalidInput

Verdict = Literal["valid", "invalid", "warned"]
MESSAGES = ".txt"


def cases(folder: Path, verdict: Verdict, pattern: str = "*.yaml") -> list[Path]:
    """The inputs in `folder/verdict`. In `pattern`, `**/` matches folders by topic."""
    found = sorted((folder / verdict).glob(pattern))
    assert found, f"{folder / verdict} contains no case"
    return found


def each(folder: Path, verdict: Verdict, pattern: str = "*.yaml") -> pytest.MarkDecorator:
    """Parametrizes a test with all cases. The path of the case is its argument `case`."""
    paths = cases(folder, verdict, pattern)
    names = [str(path.relative_to(folder / verdict).with_suffix("")) for path in paths]
    return pytest.mark.parametrize("case", paths, ids=names)


def messages(case: Path) -> list[str]:
    """The expected messages of a case, one per line."""
    return beside(case, MESSAGES).read_text().splitlines()


def beside(case: Path, suffix: str) -> Path:
    """The file with this suffix that belongs to a case."""
    return case.with_suffix(suffix)


def assert_refused(case: Path, act: Callable[[], object]) -> None:
    """Asserts that `act` is refused with exactly the messages of the case."""
    with pytest.raises(InvalidInput) as refused:
        act()
    assert str(refused.value).splitlines() == messages(case)
