"""The files of a work tree that may differ from a commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.revisions.changed_paths import changed_paths
from tests.unit.revisions.examples import commit, git, write

FOLDERS = ("rendered", "argocd")


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    files = {f"rendered/{name}.yaml": "a: 1\n" for name in ("kept", "edited", "removed", "moved")}
    root = write(tmp_path, {**files, "values/dev.yaml": "a: 1\n", ".gitignore": "*.log\n"})
    commit(root)
    return root


def test_edited_new_removed_staged_and_ignored_files_are_included(work_tree: Path) -> None:
    write(work_tree, {"rendered/edited.yaml": "a: 2\n", "argocd/new.yaml": "a: 1\n"})
    write(work_tree, {"rendered/ignored.log": "a\n", "values/dev.yaml": "a: 2\n"})
    (work_tree / "rendered/removed.yaml").unlink()
    git(work_tree, "mv", "rendered/moved.yaml", "rendered/ä b.yaml")
    assert changed_paths(str(work_tree), "HEAD", FOLDERS) == {
        "rendered/edited.yaml",
        "argocd/new.yaml",
        "rendered/ignored.log",
        "rendered/removed.yaml",
        "rendered/moved.yaml",
        "rendered/ä b.yaml",
    }


def test_an_edit_that_a_commit_contains_is_included(work_tree: Path) -> None:
    base = git(work_tree, "rev-parse", "HEAD").strip()
    write(work_tree, {"rendered/edited.yaml": "a: 2\n"})
    commit(work_tree)
    assert changed_paths(str(work_tree), "HEAD", FOLDERS) == frozenset()
    assert changed_paths(str(work_tree), base, FOLDERS) == {"rendered/edited.yaml"}


def test_paths_are_relative_to_a_folder_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"platform/rendered/a.yaml": "a: 1\n"})
    commit(tmp_path)
    write(tmp_path, {"platform/rendered/a.yaml": "a: 2\n", "platform/rendered/b.yaml": "a: 2\n"})
    found = changed_paths(str(tmp_path / "platform"), "HEAD", FOLDERS)
    assert found == {"rendered/a.yaml", "rendered/b.yaml"}


def test_the_monitor_of_the_repository_is_not_run(work_tree: Path) -> None:
    program = write(work_tree, {"monitor.sh": "#!/bin/sh\ntouch ran\n"}) / "monitor.sh"
    program.chmod(0o755)
    git(work_tree, "config", "core.fsmonitor", str(program))
    assert changed_paths(str(work_tree), "HEAD", FOLDERS) == frozenset()
    assert not (work_tree / "ran").exists()


def test_an_unknown_commit_is_no_answer(work_tree: Path) -> None:
    assert changed_paths(str(work_tree), "0" * 40, FOLDERS) is None
