"""Every file in invalid/ is refused with the messages in the .txt next to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cases import assert_refused, each


@each(Path(__file__).parent, "invalid")
def test_refused_with_position_and_remedy(case: Path, load: Callable[[Path], object]) -> None:
    assert_refused(case, lambda: load(case))
