"""Each file here is a values file and, below `---`, all that it must be told.

refused/: by the tiers' rules; misfits/: by their schema (whose words are not ours); warned/:
allowed, but unwise.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.components import catalogue
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import Loaded
from gitops_gen.render.plan.plan import plan

Load = Callable[[str], Loaded]
HERE = Path(__file__).parent


def files(folder: str) -> pytest.MarkDecorator:
    paths = sorted((HERE / folder).glob("*.yaml"))
    return pytest.mark.parametrize("file", paths, ids=lambda path: path.stem)


def expected(text: str) -> list[str]:
    return text.partition("\n---\n")[2].splitlines()


@files("refused")
def test_refused_at_the_line_with_a_remedy(file: Path, load: Load) -> None:
    text = file.read_text()
    with pytest.raises(InvalidInput) as refused:
        plan(load(text).environment, catalogue())
    found = [str(finding) for finding in refused.value.findings]
    assert_told(expected(text), found)


@files("misfits")
def test_the_schema_refuses_each_value_at_its_place(file: Path, load: Load) -> None:
    text = file.read_text()
    with pytest.raises(InvalidInput) as refused:
        load(text)
    places = [
        str(finding).removeprefix("values/example.yaml:") for finding in refused.value.findings
    ]
    found = [place.split(": ")[:2] for place in places]
    assert [f"{place} {path}" for place, path in found] == expected(text)


@files("warned")
def test_allowed_with_a_warning(file: Path, load: Load) -> None:
    text = file.read_text()
    found = [str(finding) for finding in load(text).warnings]
    assert_told(expected(text), found)


def assert_told(expected: list[str], found: list[str]) -> None:
    assert [finding.removeprefix("values/example.yaml:") for finding in found] == expected
