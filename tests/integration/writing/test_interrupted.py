"""After Ctrl-C and SIGTERM, all files are unchanged, including timestamps and inodes."""

from __future__ import annotations

import signal

import pytest

from tests.integration.writing.renders import AFTER, BEFORE, MUTATIONS, Repository, complete

STAGES = "open"
"""The audit event of os.open, which occurs before each staged file is written."""


def moments(repository: Repository, *kinds: str) -> int:
    count = repository.events("after", *kinds)
    repository.settle(BEFORE)
    return count


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", -signal.SIGTERM)])
def test_at_every_rename(repository: Repository, name: str, code: int) -> None:
    last = moments(repository, "os.rename")
    before, folders = repository.look(), repository.folders()
    for moment in range(1, last + 1):
        done = repository.render("after", "--at", moment, "--do", name)
        assert done.returncode == code
        assert repository.look() == before
        assert repository.folders() == folders
        assert repository.staging() == []


def test_repeated_interrupts_while_changes_are_undone(repository: Repository) -> None:
    """Users often press Ctrl-C twice."""
    kinds = MUTATIONS
    last = moments(repository, *kinds)
    before, folders = repository.look(), repository.folders()
    for first in range(2, last, 5):
        at = range(first, 4 * last)
        done = repository.render("after", "--before", *kinds, "--at", *at, "--do", "SIGINT")
        assert done.returncode == 130
        assert repository.staging() == []
        if repository.look() != before:
            assert repository.files() == complete(AFTER)
            assert first > last - len(AFTER) - len(BEFORE)  # only the cleanup was missing
            repository.settle(BEFORE)
            before = repository.look()
        assert repository.folders() == folders


def test_while_files_are_staged(repository: Repository) -> None:
    before = repository.look()
    for moment in range(1, moments(repository, STAGES), 10):
        before = repository.look()
        done = repository.render("after", "--before", STAGES, "--at", moment, "--do", "SIGINT")
        assert done.returncode == 130
        assert repository.look() == before


def test_an_ignored_signal_stays_ignored(repository: Repository) -> None:
    """With nohup, the render continues after the terminal is closed."""
    previous = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        done = repository.render("after", "--at", 3, "--do", "SIGHUP")
    finally:
        signal.signal(signal.SIGHUP, previous)
    assert done.returncode == 0
    assert repository.files() == complete(AFTER)
