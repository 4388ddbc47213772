"""Each file in invalid/ is a repository with all expected messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from tests.cases import each
from tests.unit.inputs.examples import HERE, files_of, repository, workspace


@each(HERE, "invalid", "*.txt")
def test_refused_with_all_errors(case: Path, tmp_path: Path) -> None:
    files = files_of(case.read_text())
    with pytest.raises(InvalidInput) as refused:
        workspace(repository(tmp_path, files)).load_all_to_render(["dev"])
    assert str(refused.value).split("\n") == files["messages"].splitlines()
