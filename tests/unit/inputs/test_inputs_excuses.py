"""Excuses: a repository a file, and what is reported of it and excused in it.

An example holds files; below `=== excused` stand the findings that do not count, each with its
reason, below `=== found` those that do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inputs.examples import HERE, files_of, repository, workspace

EXAMPLES = sorted((HERE / "excuses").glob("*.txt"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_excuses(example: Path, tmp_path: Path) -> None:
    files = files_of(example.read_text())
    repository(tmp_path, files)
    names = files.get("checked", "").split()
    checked = workspace(tmp_path).check(names)
    excused = [f"{one.finding}: {one.excuse.reason}" for one in checked.excused]
    assert excused == files["excused"].splitlines()
    assert [str(finding) for finding in checked.findings] == files["found"].splitlines()
