"""Every file in environments/, refused/ and warned/ is a test: dropping one in adds one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from tests.unit.components.first_party.expectations import (
    assert_restricted,
    assert_umbrella_accepts,
    assert_well_formed,
    examples,
    expected,
)
from tests.unit.components.first_party.rendering import Render, loaded

HERE = Path(__file__).parent


@pytest.mark.parametrize("file", examples(HERE, "environments"), ids=lambda file: file.stem)
def test_rendered(file: Path, rendered: Render, tmp_path: Path) -> None:
    example = rendered(file)
    assert_well_formed(example.objects)
    assert_restricted(example.objects)
    if "platform" in example.components:
        assert_umbrella_accepts(example.components["platform"], tmp_path)
        assert rendered(file).objects == example.objects


@pytest.mark.parametrize("file", examples(HERE, "refused"), ids=lambda file: file.stem)
def test_refused_with_place_and_remedy(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        loaded(file, tmp_path)
    for text in expected(file):
        assert text in str(refused.value)


@pytest.mark.parametrize("file", examples(HERE, "unplanned"), ids=lambda file: file.stem)
def test_refused_once_all_are_planned(file: Path, rendered: Render) -> None:
    with pytest.raises(InvalidInput) as refused:
        rendered(file)
    for text in expected(file):
        assert text in str(refused.value)
