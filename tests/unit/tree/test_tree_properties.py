"""Any tree, then any other: the disk is the second, and what is not ours is as it was."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.errors import InvalidInput
from gitops_gen.tree import compare, lock, write
from tests.unit.tree.tree_examples import INVENTORY, output_of, snapshot

Files = dict[str, bytes]
NAMES = st.sampled_from("abc")
PATHS = st.builds(
    lambda folder, parts: "/".join([folder, *parts]),
    st.sampled_from(["rendered/dev", "argocd/dev"]),
    st.lists(NAMES, min_size=1, max_size=4),
)
FILES = st.dictionaries(PATHS, st.sampled_from([b"", b"one", b"two"]), max_size=8).map(
    lambda files: {
        path: content
        for path, content in files.items()
        if not any(longer.startswith(f"{path}/") for longer in files)
    }
)
OUTSIDE = {
    "values/dev.yaml": b"dev",
    "rendered/prod/a": b"prod",
    "rendered/note": b"",
    "argocd/b": b"",
}


def put(root: Path, files: Files) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def is_free(root: Path, path: str) -> bool:
    """Whether somebody could put a file of their own there."""
    above = [parent for parent in (root / path).parents if root in parent.parents]
    return not (root / path).exists() and all(p.is_dir() or not p.exists() for p in above)


def files_in(root: Path) -> dict[str, str | bytes]:
    return {path: found for path, found in snapshot(root).items() if found != "folder"}


def render(root: Path, files: Files) -> None:
    with lock(root) as locked:
        write(locked, [output_of(files)])


@given(first=FILES, second=FILES, foreign=FILES)
def test_the_disk_becomes_the_tree_and_keeps_what_is_foreign(
    first: Files, second: Files, foreign: Files
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, OUTSIDE)
        render(root, first)
        foreign: Files = {}
        for path, content in foreign.items():
            if is_free(root, path):
                put(root, {path: content})
                foreign[path] = content
        before = snapshot(root)
        try:
            render(root, second)
        except InvalidInput:
            assert compare(root, output_of(second)).blocked
            assert snapshot(root) == before
            return
        expected = OUTSIDE | foreign | dict(output_of(second).tree)
        assert files_in(root) == expected
        assert_nothing_left(root, second, foreign)


def assert_nothing_left(root: Path, tree: Files, foreign: Files) -> None:
    changes = compare(root, output_of(tree))
    assert not changes.pending
    assert changes.foreign == tuple(sorted(foreign.keys() - tree.keys()))
    owned = [root / "rendered/dev", root / "argocd/dev"]
    folders = [path for top in owned for path in [top, *top.rglob("*")] if path.is_dir()]
    assert [folder for folder in folders if not any(folder.iterdir())] == []
    assert INVENTORY not in changes.foreign


@given(trees=st.lists(FILES, max_size=5))
def test_where_a_tree_came_from_does_not_show(trees: list[Files]) -> None:
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        for files in trees:
            render(Path(first), files)
        for files in trees[-1:]:
            render(Path(second), files)
        assert files_in(Path(first)) == files_in(Path(second))
