"""One render at a time."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.tree import Locked, lock, write
from tests.unit.tree.tree_examples import output_of, snapshot


def lock_briefly(root: Path, messages: list[str]) -> AbstractContextManager[Locked]:
    return lock(root, waiting=messages.append, patience=0.2)


def test_a_second_render_waits_and_says_so_once(root: Path) -> None:
    messages: list[str] = []
    with lock(root), pytest.raises(ToolFailed) as refused, lock_briefly(root, messages):
        pytest.fail("two renders at once")
    assert str(refused.value).startswith(
        f"another render (process {os.getpid()}) still holds .gitops-gen/lock after 0.2 s"
    )
    assert messages == [f"waiting for another render (process {os.getpid()}) to finish"]


def test_it_goes_on_when_the_first_is_done(root: Path) -> None:
    done = threading.Event()
    with lock(root):
        waiter = threading.Thread(target=lambda: _render_then(root, done))
        waiter.start()
        assert not done.wait(0.2)
    waiter.join(60)
    assert done.is_set()
    assert (root / "rendered/dev/a").read_bytes() == b"a"


def _render_then(root: Path, done: threading.Event) -> None:
    """Not in the main thread: signals are left alone there."""
    with lock(root) as locked:
        write(locked, [output_of({"rendered/dev/a": b"a"})])
    done.set()


@pytest.mark.parametrize("place", [".gitops-gen", ".gitops-gen/staging"])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_our_own_folder_must_be_a_folder(root: Path, place: str, kind: str) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    if kind == "link":
        (root / place).symlink_to(root.parent / "outside")
    else:
        (root / place).write_text("")
    expected = f"^{place}:1:1: must be a folder, and no link"
    with pytest.raises(InvalidInput, match=expected), lock(root):
        pytest.fail("worked in a folder that is not ours")
    assert snapshot(root.parent / "outside") == {"secret": b"untouched"}


@pytest.mark.parametrize("name", ["lock", ".gitignore"])
def test_no_file_of_ours_is_reached_through_a_link(root: Path, name: str) -> None:
    (root / ".gitops-gen").mkdir()
    (root / ".gitops-gen" / name).symlink_to(root.parent / "outside/secret")
    expected = f"cannot open .gitops-gen/{name}: "
    with pytest.raises(ToolFailed, match=expected), lock(root):
        pytest.fail("followed a link")
    assert snapshot(root.parent / "outside") == {"secret": b"untouched"}


def test_a_lock_that_was_given_back_writes_nothing(root: Path) -> None:
    before = snapshot(root)
    with lock(root) as locked:
        pass
    with pytest.raises(ToolFailed):
        write(locked, [output_of({"rendered/dev/a": b"a"})])
    assert snapshot(root) == before
