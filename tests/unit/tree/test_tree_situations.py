"""Each file in situations/valid and situations/invalid: a disk, a render, and what comes of it.

`file` is anybody's, `ours` stands in the inventory too, `lost` only there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.tree import Changes, compare, lock, write
from tests.cases import cases
from tests.unit.tree.tree_examples import INVENTORY, Situation, output_of, snapshot

FOLDER = Path(__file__).parent / "situations"
CASES = cases(FOLDER, "valid", "*.txt") + cases(FOLDER, "invalid", "*.txt")


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def situation(request: pytest.FixtureRequest, root: Path) -> Situation:
    found = Situation.read(request.param)
    found.build(root)
    return found


def test_a_situation_is_invalid_where_something_blocks_the_render() -> None:
    for case in CASES:
        is_blocked = any(line.startswith("blocked") for line in Situation.read(case).expected)
        assert is_blocked == (case.parent.name == "invalid"), case.name


def described(changes: Changes) -> list[str]:
    """The changes as a situation writes them; its inventory goes without saying."""
    kinds = ("created", "changed", "removed", "foreign", "blocked")
    pairs = [(kind, str(entry)) for kind in kinds for entry in getattr(changes, kind)]
    return [f"{kind} {entry}" for kind, entry in pairs if entry != INVENTORY]


def test_compare_gives_what_a_render_would_change(situation: Situation, root: Path) -> None:
    before = snapshot(root.parent)
    changes = compare(root, output_of(situation.tree))
    assert described(changes) == [
        line for line in situation.expected if not line.startswith("gone")
    ]
    assert snapshot(root.parent) == before
    assert not (root / ".gitops-gen").exists()


def test_write_changes_what_compare_gave(situation: Situation, root: Path) -> None:
    before = snapshot(root)
    output = output_of(situation.tree)
    expected = compare(root, output)
    with lock(root) as locked:
        if expected.blocked:
            with pytest.raises(InvalidInput) as refused:
                write(locked, [output])
            assert refused.value.findings == expected.blocked
            assert snapshot(root) == before
        else:
            assert write(locked, [output]) == (expected,)
            assert_written(situation, root, before)
    assert snapshot(root.parent / "outside") == {"secret": b"untouched"}
    assert snapshot(root)["values/dev.yaml"] == b"untouched"


def assert_written(situation: Situation, root: Path, before: dict[str, str | bytes]) -> None:
    ours = situation.listed | situation.tree.keys() | {INVENTORY}
    output = output_of(situation.tree)
    foreign = {p: v for p, v in before.items() if p not in ours or str(v).startswith("link")}
    files = {path: found for path, found in snapshot(root).items() if found != "folder"}
    assert files == {p: v for p, v in foreign.items() if v != "folder"} | dict(output.tree)
    assert not compare(root, output).pending
    gone = [line.removeprefix("gone ") for line in situation.expected if line.startswith("gone")]
    assert [path for path in gone if (root / path).exists()] == []
