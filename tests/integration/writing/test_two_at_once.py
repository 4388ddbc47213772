"""Real processes that want to write at the same time."""

from __future__ import annotations

from tests.integration.writing.renders import AFTER, BEFORE, FOREIGN, Repository, complete
from tests.waiting import LIMIT


def test_one_of_them_comes_last_and_its_render_is_complete(repository: Repository) -> None:
    running = [(n, repository.start(n)) for n in ("after", "before") * 3]
    for _, process in running:
        _, errors = process.communicate(timeout=6 * LIMIT)
        assert process.returncode == 0, errors
    assert repository.files() in (complete(AFTER), complete(BEFORE))
    assert repository.compare(AFTER).foreign == tuple(sorted(FOREIGN))
    assert repository.staging() == []


def test_the_lock_ends_with_the_process_that_held_it(repository: Repository) -> None:
    holder = repository.start("before", "--hold")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "locked\n"
    waiter = repository.start("after")
    assert waiter.stderr is not None
    message = f"waiting for another render (process {holder.pid}) to finish\n"
    assert waiter.stderr.readline() == message
    holder.kill()
    holder.communicate()
    waiter.communicate(timeout=LIMIT)
    assert waiter.returncode == 0
    assert repository.files() == complete(AFTER)


def test_a_file_that_somebody_puts_there_meanwhile_is_kept(repository: Repository) -> None:
    done = repository.render("after", "--at", 2, "--do", "intrude")
    assert done.returncode == 2
    assert done.stderr == (
        "argocd/dev/apps/web.yaml:1:1: something that gitops-gen did not write stands where "
        "gitops-gen is to write; move it away, then render again\n"
    )
    assert repository.files() == complete(BEFORE) | {"argocd/dev/apps/web.yaml": "mine"}
