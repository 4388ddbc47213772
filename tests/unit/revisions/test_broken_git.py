"""What stands on PATH as git may be another program, broken or hang: no user is blamed for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.revisions import opened
from tests.unit.revisions.examples import commit, git, write

NEVER = "gave an answer that Git never gives; see whether .*/bin/git is Git"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write(tmp_path / "repository", {"values/dev.yaml": "a: 1\n"})
    commit(root)
    return root


def put_on_path(root: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """The program in the place of git; `GIT` in it stands for the real one."""
    real = git(root, "--exec-path") + "/git"
    write(root.parent / "bin", {"git": program.replace("GIT", real)})
    (root.parent / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{root.parent}/bin", prepend=":")
    if "sleep" in program:
        monkeypatch.setattr("gitops_gen.revisions.git.SECONDS", 1.0)


def failure(root: Path) -> str:
    with pytest.raises(ToolFailed) as failed, opened(str(root), "HEAD") as revision:
        revision.read("values/dev.yaml")
    return str(failed.value)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("#!/bin/sh\necho hello\n", "git rev-parse " + NEVER),
        ("#!/bin/sh\nexec yes\n", "git rev-parse " + NEVER),
        ("#!/bin/sh\nexec yes >&2\n", "git rev-parse " + NEVER),
        ("#!/bin/sh\nexit 0\n", "git rev-parse " + NEVER),
        ("#!/bin/sh\nexit 3\n", "git rev-parse failed with exit code 3: it does not say why"),
        ("#!/bin/sh\nexit 128\n", "git rev-parse failed with exit code 128: it does not say why"),
        ("#!/bin/sh\nkill -9 $$\n", "git rev-parse failed with exit code -9"),
        ("#!/bin/sh\necho no licence >&2; exit 1\n", "failed with exit code 1: no licence"),
        ("no program", "bin/git cannot be run: Exec format error"),
        ("#!/nowhere/sh\n", "bin/git cannot be run: No such file or directory"),
        ("#!/bin/sh\nsleep 20\n", "git rev-parse gave no answer for 1 s"),
    ],
)
def test_a_program_that_is_not_git(
    root: Path, monkeypatch: pytest.MonkeyPatch, program: str, message: str
) -> None:
    put_on_path(root, monkeypatch, program)
    assert re.search(message, failure(root))


@pytest.mark.parametrize(
    ("name", "value"),
    [("GIT_TRACE", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null/none"), ("LANG", "de_DE.UTF-8")],
)
def test_what_git_prints_beside_its_answer_is_no_failure(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with opened(str(root), "HEAD") as revision:
        assert revision.read("values/dev.yaml") == b"a: 1\n"
    refused = pytest.raises(InvalidInput, match="'nowhere' is no revision of this repository")
    with refused, opened(str(root), "nowhere"):
        pass


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("read name; echo hello", NEVER),
        ("read name; echo $name blob many", NEVER),
        ("read name; echo 0000 blob 1", NEVER),
        ("read name; echo $name commit 2; echo xxxxxx", NEVER),
        ("yes | tr -d '\\n'", NEVER),
        ("read name; echo $name commit 4; echo tree", "is damaged: it names no folder"),
        ("read name; echo $name missing", "git does not give the commit"),
        ("read name; echo $name blob 1", "git does not give the commit"),
        ("exit 0", "git cat-file ended before it gave an object"),
        ("read name; echo $name commit 100", "git cat-file ended before it gave an object"),
        ("exec sleep 20", "gave no answer for 1 s"),
    ],
)
def test_a_git_that_gives_no_objects(
    root: Path, monkeypatch: pytest.MonkeyPatch, answer: str, message: str
) -> None:
    program = f'#!/bin/sh\ncase "$*" in *batch*) {answer}; exit;; esac\nexec "GIT" "$@"\n'
    put_on_path(root, monkeypatch, program)
    assert re.search(message, failure(root))
