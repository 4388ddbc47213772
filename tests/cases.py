"""Folders of cases: what is accepted, what is refused, and what is accepted with a warning.

A folder of cases holds `valid/`, `invalid/` and `warned/`, as far as it has such cases. A case
is a file in one of them, or a folder where it takes several files. What is expected of it
stands beside it under its name: in a `.txt` each line that the user is told, in a file of
another suffix what a valid case comes to. So a case is added with its files alone.
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
    """The inputs of `folder/verdict`; in `pattern`, `**/` stands for folders by topic."""
    found = sorted((folder / verdict).glob(pattern))
    assert found, f"{folder / verdict} holds no case"
    return found


def each(folder: Path, verdict: Verdict, pattern: str = "*.yaml") -> pytest.MarkDecorator:
    """Makes a test one of every case, which is its argument `case`."""
    paths = cases(folder, verdict, pattern)
    names = [str(path.relative_to(folder / verdict).with_suffix("")) for path in paths]
    return pytest.mark.parametrize("case", paths, ids=names)


def messages(case: Path) -> list[str]:
    """All that the user is told of a case, a line each."""
    return beside(case, MESSAGES).read_text().splitlines()


def beside(case: Path, suffix: str) -> Path:
    """A file that belongs to a case."""
    return case.with_suffix(suffix)


def assert_refused(case: Path, act: Callable[[], object]) -> None:
    """The act is refused with all the messages of the case, and no other."""
    with pytest.raises(InvalidInput) as refused:
        act()
    assert str(refused.value).splitlines() == messages(case)
