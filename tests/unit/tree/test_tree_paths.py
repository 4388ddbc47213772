"""Each file in paths/valid and paths/invalid is a case: paths, and the reason if refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.tree import Output, compare, lock, write
from tests.cases import each
from tests.unit.tree.tree_examples import INVENTORY, OWNED, output_of, snapshot

CASES = Path(__file__).parent / "paths"


def refusals(root: Path, paths: list[str]) -> list[str]:
    try:
        compare(root, output_of(dict.fromkeys(paths, b"content")))
    except InvalidInput as error:
        return [str(finding) for finding in error.findings]
    return []


@each(CASES, "invalid", "*.json")
def test_paths_that_some_file_systems_refuse_are_refused(case: Path, root: Path) -> None:
    example = json.loads(case.read_text())
    assert refusals(root, example["paths"]) == example["refused"] != []


@each(CASES, "valid", "*.json")
def test_these_paths_are_accepted(case: Path, root: Path) -> None:
    assert refusals(root, json.loads(case.read_text())["paths"]) == []


def test_a_part_may_have_255_bytes(root: Path) -> None:
    assert refusals(root, [f"rendered/dev/{'a' * 255}"]) == []
    assert "longer than 255 bytes" in refusals(root, [f"rendered/dev/{'é' * 128}"])[0]


def test_a_refused_tree_writes_nothing(root: Path) -> None:
    before = snapshot(root)
    with lock(root) as locked, pytest.raises(InvalidInput):
        write(locked, [output_of({"rendered/dev/a.yaml": b"", "rendered/dev/../b": b""})])
    assert snapshot(root) == before


@pytest.mark.parametrize("owned", [("rendered/../dev",), ("/rendered",), ("",), ("rendered/",)])
def test_an_owned_folder_is_a_plain_relative_path(owned: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not folders"):
        Output({}, owned, f"{owned[0]}/inventory")


def test_an_inventory_is_in_an_owned_folder() -> None:
    with pytest.raises(ValueError, match="an inventory inside"):
        Output({}, OWNED, "values/inventory")


def test_an_output_contains_its_inventory() -> None:
    with pytest.raises(ValueError, match="does not hold its inventory"):
        Output({"rendered/dev/a.yaml": b"a"}, OWNED, INVENTORY)
