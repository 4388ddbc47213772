"""Every file in valid/, invalid/ and warned/ is a test."""

from __future__ import annotations

from pathlib import Path

from tests.cases import assert_refused, each, messages
from tests.unit.components.first_party.expectations import (
    assert_restricted,
    assert_umbrella_accepts,
    assert_well_formed,
)
from tests.unit.components.first_party.rendering import Render, loaded

HERE = Path(__file__).parent


@each(HERE, "valid")
def test_rendered(case: Path, rendered: Render, tmp_path: Path) -> None:
    example = rendered(case)
    assert_well_formed(example.objects)
    assert_restricted(example.objects)
    if "postgres" in example.components:
        assert_umbrella_accepts(example.components["postgres"], tmp_path)


@each(HERE, "invalid")
def test_refused_with_position_and_remedy(case: Path, rendered: Render) -> None:
    assert_refused(case, lambda: rendered(case))


@each(HERE, "warned")
def test_allowed_with_a_warning(case: Path, tmp_path: Path) -> None:
    assert [str(warning) for warning in loaded(case, tmp_path).warnings] == messages(case)
