"""A link that is created during a render does not redirect writes to another folder."""

from __future__ import annotations

import pytest

from tests.integration.writing.renders import AFTER, BEFORE, MUTATIONS, Repository


@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_folder_is_swapped_for_a_link(repository: Repository, kind: str) -> None:
    last = repository.events("after", kind)
    for moment in range(1, last + 1):
        repository.render("after", "--before", kind, "--at", moment, "--do", "swap")
        assert (repository.top / "outside/secret").read_text() == "untouched"
        assert [path.name for path in (repository.top / "outside").iterdir()] == ["secret"]
        swap_back(repository)
        repository.settle(BEFORE)


def swap_back(repository: Repository) -> None:
    folder = repository.root / "rendered/dev/manifests"
    away = repository.root / "moved-away"
    if away.exists():
        assert folder.is_symlink()
        folder.unlink()
        away.rename(folder)


@pytest.mark.parametrize("place", ["rendered", "rendered/dev", "argocd/dev/apps"])
def test_an_existing_link_is_reported(repository: Repository, place: str) -> None:
    folder = repository.root / place
    folder.rename(repository.root / "moved-away")
    folder.symlink_to(repository.top / "outside")
    before = repository.look()
    done = repository.render("after")
    assert done.returncode == 2
    assert f"{place}:1:1: is a symbolic link, but gitops-gen must write here" in done.stderr
    assert "Traceback" not in done.stderr
    assert repository.look() == before
    assert AFTER.keys().isdisjoint(before.keys() - BEFORE.keys())
