"""Writing one file that is not part of an output: an existing one, or a new one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.tree import lock, put
from tests.unit.tree.tree_examples import snapshot

PATH = "values/clusters/dev.json"


def test_a_file_and_its_folders_are_created(root: Path) -> None:
    with lock(root) as locked:
        put(locked, PATH, b"{}\n")
    assert (root / PATH).read_bytes() == b"{}\n"
    assert stat.S_IMODE((root / PATH).stat().st_mode) == 0o644
    assert (root / "values/dev.yaml").read_bytes() == b"untouched"


def test_an_existing_file_is_replaced(root: Path) -> None:
    for content in (b"old", b"new"):
        with lock(root) as locked:
            put(locked, PATH, content)
    assert (root / PATH).read_bytes() == b"new"


def test_an_existing_file_keeps_its_mode(root: Path) -> None:
    file = root / "values/dev.yaml"
    file.chmod(0o640)
    with lock(root) as locked:
        put(locked, "values/dev.yaml", b"new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_failure_leaves_no_files(root: Path) -> None:
    before = snapshot(root)
    with lock(root) as locked, pytest.raises(ToolFailed, match="nothing was changed"):
        put(locked, f"values/clusters/{'a' * 300}.json", b"{}\n")
    assert snapshot(root) == before


@pytest.mark.parametrize("link", ["values", "values/clusters", PATH])
def test_links_are_never_followed(link: str, root: Path) -> None:
    outside = root.parent / "outside"
    place = root / link
    if link == "values":
        place.rename(root / "elsewhere")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside / "secret" if link == PATH else outside)
    with lock(root) as locked, pytest.raises(InvalidInput):
        put(locked, PATH, b"{}\n")
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert (outside / "secret").read_bytes() == b"untouched"


def test_a_file_instead_of_a_folder(root: Path) -> None:
    (root / "values/clusters").write_text("a file")
    with lock(root) as locked, pytest.raises(InvalidInput, match="must be a folder and not a link"):
        put(locked, PATH, b"{}\n")
