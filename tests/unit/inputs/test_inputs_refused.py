"""Each file in invalid/ is a repository and every line that its user is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from tests.cases import each
from tests.unit.inputs.examples import HERE, files_of, repository, workspace


@each(HERE, "invalid", "*.txt")
def test_refused_with_all_that_is_wrong(case: Path, tmp_path: Path) -> None:
    files = files_of(case.read_text())
    with pytest.raises(InvalidInput) as refused:
        workspace(repository(tmp_path, files)).load_all_to_render(["dev"])
    assert str(refused.value).split("\n") == files["messages"].splitlines()
