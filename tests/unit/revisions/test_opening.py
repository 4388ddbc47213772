"""The name of a revision may be anything; what runs around us may point to another repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.revisions import WorkTree, opened
from gitops_gen.revisions.opening import opened_commit
from tests.unit.revisions.examples import commit, git, write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write(tmp_path / "repository", {"values/dev.yaml": "first\n"})
    commit(root)
    write(root, {"values/dev.yaml": "second\n"})
    commit(root)
    return root


def read(root: Path, name: str | None) -> bytes:
    with opened(str(root), name) as revision:
        return revision.read("values/dev.yaml")


def test_the_work_tree_and_commits(repository: Path) -> None:
    write(repository, {"values/dev.yaml": "third\n"})
    git(repository, "tag", "-a", "v1", "-m", "a tag", "HEAD~1")
    assert read(repository, None) == b"third\n"
    assert read(repository, "HEAD") == b"second\n"
    assert read(repository, "v1") == read(repository, "main^") == b"first\n"


def test_what_messages_call_it(repository: Path) -> None:
    whole = git(repository, "rev-parse", "HEAD~1")
    with opened(str(repository), "HEAD~1") as revision:
        assert revision.label == f"HEAD~1 ({whole[:7]})"
        assert revision.name_of("values/dev.yaml") == "HEAD~1:values/dev.yaml"
    with opened(str(repository), whole) as revision:
        assert revision.label == whole[:7]
    with opened(str(repository), None) as revision:
        assert revision == WorkTree(str(repository))
        assert revision.label == "the work tree"
        assert revision.name_of("values/dev.yaml") == "values/dev.yaml"


@pytest.mark.parametrize(
    "name",
    [
        *("", "-x", "--all", "--upload-pack=touch ran", "--end-of-options", "nowhere", "^HEAD"),
        *("HEAD^{tree}", "HEAD:values", "HEAD:../..", "HEAD..HEAD", "HEAD HEAD", "a\0b"),
        *("HEAD\nHEAD", "HEAD\n", "\udcff", "HEAD~100", "main@{1000}", "0" * 40, "refs/heads/"),
    ],
)
def test_what_is_no_revision(repository: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="is no revision of this repository") as refused:
        read(repository, name)
    assert str(refused.value).isprintable()
    assert not (repository / "ran").exists()


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not a git repository"):
        read(tmp_path, "main")


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(InvalidInput, match="'HEAD' is no revision of this repository"):
        read(tmp_path, "HEAD")


def test_a_shallow_clone_is_known_as_one(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "clone")
    assert read(tmp_path / "clone", "HEAD") == b"second\n"
    with pytest.raises(InvalidInput, match="shallow clone: fetch what is missing"):
        read(tmp_path / "clone", "HEAD~1")


def test_parents_that_only_this_machine_knows_are_not_followed(repository: Path) -> None:
    head, parent = (git(repository, "rev-parse", name) for name in ("HEAD", "HEAD~1"))
    (repository / ".git/info/grafts").write_text(f"{head}\n")
    assert read(repository, parent) == read(repository, "HEAD~1") == b"first\n"


def test_a_hook_of_another_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = write(tmp_path / "hook", {"values/dev.yaml": "of the hook\n"})
    commit(hook)
    monkeypatch.setenv("GIT_DIR", str(hook / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(hook))
    monkeypatch.setenv("GIT_INDEX_FILE", str(hook / ".git/index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(hook / ".git/objects"))
    assert read(repository, "HEAD") == b"second\n"


def test_a_hook_of_the_repository_itself(repository: Path) -> None:
    """Git runs it with GIT_DIR=.git and GIT_INDEX_FILE, which mean nothing in a folder below."""
    program = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from gitops_gen.revisions import opened\n"
        "with opened('values', 'HEAD') as revision: print(revision.read('dev.yaml'))\n"
    )
    path = ":".join(entry or os.getcwd() for entry in sys.path)
    write(repository, {"program.py": program})
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" program.py "{path}" >seen\n')
    hook.chmod(0o755)
    commit(repository)
    assert (repository / "seen").read_text() == "b'second\\n'\n"


def test_a_repository_of_somebody_else_is_refused_in_words_of_git(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(InvalidInput, match=r"dubious ownership.*safe\.directory"):
        read(repository, "HEAD")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    assert read(repository, "HEAD") == b"second\n"


def test_a_machine_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert read(repository, None) == b"second\n"
    with pytest.raises(ToolFailed, match="git is not on PATH"):
        read(repository, "HEAD")


def test_nothing_is_left_running_or_lying_about(repository: Path) -> None:
    with opened_commit(str(repository), "HEAD") as revision:
        revision.read("values/dev.yaml")
        process = revision.tree.objects._process
        scratch = revision.on_disk(["values"])
        assert process is not None
        assert process.poll() is None
        assert os.listdir(scratch) == ["values"]
    assert process.poll() is not None
    assert not os.path.exists(scratch)


def test_a_work_tree_imports_nothing_that_runs_git() -> None:
    program = (
        "import sys, gitops_gen.revisions as r; r.WorkTree('.').list('.'); "
        "print('subprocess' in sys.modules, 'gitops_gen.revisions.git' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "False False\n"
