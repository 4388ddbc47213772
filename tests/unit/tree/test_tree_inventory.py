"""Each pair of files in `inventories/` is a case: an inventory, and the paths in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gitops_gen.tree import compare, inventory, lock, read_inventory, write
from tests.unit.tree.tree_examples import INVENTORY, OWNED, output_of

CASES = sorted((Path(__file__).parent / "inventories").glob("*.inventory"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_only_paths_in_owned_folders_are_listed(case: Path, root: Path) -> None:
    (root / INVENTORY).parent.mkdir(parents=True)
    shutil.copy(case, root / INVENTORY)
    expected = case.with_suffix(".listed").read_text().splitlines()
    assert sorted(read_inventory(root, INVENTORY, OWNED)) == expected


def test_an_inventory_lists_every_path_and_itself_in_order() -> None:
    text = inventory({"rendered/dev/b": b"", "argocd/dev/a": b""}, INVENTORY).decode()
    assert text.splitlines()[1:] == ["argocd/dev/a", "rendered/dev/b", INVENTORY]
    assert sorted(text.splitlines()) == text.splitlines()


def test_its_own_path_is_optional() -> None:
    files = {"rendered/dev/b": b""}
    assert inventory(files, INVENTORY) == inventory({**files, INVENTORY: b"?"}, INVENTORY)


@pytest.mark.parametrize("stand_in", ["nothing", "folder", "link", "link above"])
def test_an_inventory_that_is_not_a_file_is_empty(stand_in: str, root: Path) -> None:
    place = root / INVENTORY
    (root.parent / "outside/inventory").write_text("rendered/dev/a.yaml\n")
    place.parent.parent.mkdir()
    if stand_in == "link above":
        place.parent.symlink_to(root.parent / "outside")
    elif stand_in == "link":
        place.parent.mkdir()
        place.symlink_to(root.parent / "outside/inventory")
    elif stand_in == "folder":
        place.mkdir(parents=True)
    assert read_inventory(root, INVENTORY, OWNED) == frozenset()


def test_a_merged_inventory_still_lists_the_generated_files(root: Path) -> None:
    """One branch adds b and removes a, the other adds c; `merge=union` keeps all lines."""
    ours, theirs = {"rendered/dev/b": b"b"}, {"rendered/dev/a": b"a", "rendered/dev/c": b"c"}
    merged = inventory(ours, INVENTORY) + inventory(theirs, INVENTORY)
    for path, content in (ours | theirs).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (root / INVENTORY).write_bytes(merged)
    output = output_of({"rendered/dev/b": b"b", "rendered/dev/c": b"c"})
    changes = compare(root, output)
    assert (changes.removed, changes.foreign) == (("rendered/dev/a",), ())
    with lock(root) as locked:
        write(locked, [output])
    assert (root / INVENTORY).read_bytes() == output.tree[INVENTORY]
