"""After SIGKILL, all files are complete, `--check` reports it, and the next render finishes."""

from __future__ import annotations

import signal

from tests.integration.writing.renders import (
    AFTER,
    BEFORE,
    FOREIGN,
    MUTATIONS,
    Repository,
    complete,
)

INVENTORY = "rendered/dev/inventory"


def test_at_every_rename(repository: Repository) -> None:
    moments = repository.events("after", "os.rename")
    assert moments > len(BEFORE)
    for moment in range(1, moments + 1):
        repository.settle(BEFORE)
        kill(repository, "os.rename", moment)
        assert_whole_and_owned(repository)
        assert repository.compare(AFTER).pending
        repository.settle(AFTER)


def test_at_every_other_event_with_reverted_values(repository: Repository) -> None:
    """These events occur while files are staged, folders are created or removed, and at the end."""
    for kind in MUTATIONS[1:]:
        for moment in range(1, repository.events("after", kind) + 1):
            repository.settle(BEFORE)  # also cleans up after the previous kill
            kill(repository, kind, moment)
            assert_whole_and_owned(repository)
        repository.settle(BEFORE)


def test_while_files_are_staged(repository: Repository) -> None:
    """Before the first rename, no file has changed."""
    before = repository.look()
    for moment in range(1, 40, 3):
        kill(repository, "open", moment)
        if repository.look() != before:
            break
    else:
        moment = 40
    assert moment > 10
    assert_whole_and_owned(repository)
    repository.settle(AFTER)


def kill(repository: Repository, kind: str, moment: int) -> None:
    done = repository.render("after", "--before", kind, "--at", moment, "--do", "SIGKILL")
    assert done.returncode == -signal.SIGKILL


def assert_whole_and_owned(repository: Repository) -> None:
    files = repository.files()
    allowed = complete(BEFORE).items() | complete(AFTER).items()
    assert {entry for entry in files.items() if entry[0] != INVENTORY} <= allowed
    for rendered in (BEFORE, AFTER):
        changes = repository.compare(rendered)
        assert changes.foreign == tuple(sorted(FOREIGN))
        assert changes.blocked == ()
