"""Each file in refused/ begins with what it must be told: comment lines, [line:column:] message."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput

FILES = sorted(Path(__file__).parent.glob("refused/*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_refused_with_place_and_remedy(file: Path, load: Callable[[Path], object]) -> None:
    expected = re.findall(r"^# (.+)$", file.read_text(), re.MULTILINE)
    with pytest.raises(InvalidInput) as refused:
        load(file)
    for text in expected:
        assert text in str(refused.value)
    assert expected
