"""Commits that people do not write, but that somebody can push: refused with a clear message."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.revisions import commit as commits
from gitops_gen.revisions.opening import opened_commit
from tests.unit.revisions.examples import commit, git, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write(tmp_path / "repository", {"values/dev.yaml": "a: 1\n"})
    commit(root)
    return root


def entry(root: Path, mode: str, name: str | bytes, thing: str) -> bytes:
    name = name.encode() if isinstance(name, str) else name
    return mode.encode() + b" " + name + b"\0" + bytes.fromhex(thing)


def tree(root: Path, *entries: bytes) -> str:
    command = ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    return git(root, *command, data=b"".join(entries))


def blob(root: Path, content: bytes = b"x") -> str:
    return git(root, "hash-object", "-w", "--stdin", data=content)


def commit_of(root: Path, tree: str) -> str:
    return git(root, "commit-tree", "-m", "x", tree)


def read_all(root: Path, name: str, folder: Path) -> list[str]:
    """Everything that can be done with a commit; the paths of what was written."""
    with opened_commit(str(root), name) as found:
        for path in list(found.files_below("")):
            found.read(path)
        found.on_disk(found.list(""))
        folder.mkdir()
        found.write_to(str(folder))
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def refusal(root: Path, name: str, folder: Path) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_all(root, name, folder)
    return str(refused.value).replace(name, "COMMIT")


@pytest.mark.parametrize("files", [True, False], ids=["files", "folders-without-a-file"])
def test_few_trees_that_stand_for_very_many_files(root: Path, tmp_path: Path, files: bool) -> None:
    thing = blob(root)
    found = tree(root, *(entry(root, "100644", f"{i}", thing) for i in range(10) if files))
    for _ in range(12):
        found = tree(root, *(entry(root, "40000", f"{i}", found) for i in range(10)))
    message = refusal(root, commit_of(root, found), tmp_path / "out")
    assert "COMMIT:1:1: holds more than 200,000 files and folders" in message


def test_folders_in_folders_without_end(root: Path, tmp_path: Path) -> None:
    path = "a/" * 1500 + "f"
    who = "committer a <a@example.com> 0 +0000"
    commands = f"commit refs/heads/far\n{who}\ndata 1\nxM 100644 inline {path}\ndata 1\nx\n"
    git(root, "fast-import", "--quiet", data=commands.encode())
    message = refusal(root, "far", tmp_path / "out")
    assert message.startswith("COMMIT:a/a/a/")
    assert "is nested deeper than 100 folders" in message


def test_a_folder_of_very_many_names(root: Path) -> None:
    """It is read in a time that is in proportion to its length."""
    thing = blob(root)
    found = tree(root, *(entry(root, "100644", f"{i:020}", thing) for i in range(100_000)))
    with opened_commit(str(root), commit_of(root, found)) as opened:
        assert len(opened.list("")) == 100_000


def test_a_folder_whose_list_of_names_is_huge(root: Path, tmp_path: Path) -> None:
    thing = blob(root)
    found = tree(root, *(entry(root, "100644", f"{i:01000}", thing) for i in range(34_000)))
    message = refusal(root, commit_of(root, found), tmp_path / "out")
    assert "holds a folder whose list of names is larger than 32 MiB" in message


def test_a_huge_file_is_not_read_into_memory(root: Path, tmp_path: Path) -> None:
    thing = blob(root, bytes(101 << 20))
    made = commit_of(root, tree(root, entry(root, "100644", "zeros", thing)))
    with opened_commit(str(root), made) as found:
        with pytest.raises(InvalidInput, match="zeros:1:1: is larger than 100 MiB"):
            found.write_to(str(tmp_path))
        with pytest.raises(InvalidInput, match="zeros:1:1: is larger than 100 MiB"):
            found.on_disk(["zeros"])


def test_many_files_that_are_the_same_object(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "MOST_WRITTEN", 8 << 20)
    thing = blob(root, bytes(1 << 20))
    found = tree(root, *(entry(root, "100644", f"{i}", thing) for i in range(9)))
    message = refusal(root, commit_of(root, found), tmp_path / "out")
    assert "COMMIT:1:1: holds more than 8 MiB; so large a commit is not read" in message


@pytest.mark.parametrize("name", [".git", ".GIT", "..", ".", "", "a/b", "values"])
def test_names_that_no_repository_may_hold(root: Path, tmp_path: Path, name: str) -> None:
    thing = blob(root)
    entries = [entry(root, "100644", one, thing) for one in (name, "values")]
    message = refusal(root, commit_of(root, tree(root, *entries)), tmp_path / "out")
    assert message == f"COMMIT:{name or '.'}:1:1: no repository may hold such a path"


@pytest.mark.parametrize("mode", ["40000", "100644"])
def test_a_folder_that_holds_a_repository(root: Path, tmp_path: Path, mode: str) -> None:
    inner = tree(root, entry(root, mode, ".git", blob(root)))
    made = commit_of(root, tree(root, entry(root, "40000", "charts", inner)))
    assert "no repository may hold such a path" in refusal(root, made, tmp_path / "out")


def test_a_name_that_is_too_long_for_the_disk(root: Path, tmp_path: Path) -> None:
    made = commit_of(root, tree(root, entry(root, "100644", "n" * 300, blob(root))))
    message = refusal(root, made, tmp_path / "out")
    assert message.endswith("cannot be written: File name too long; give it another name")


def test_a_message_about_a_name_with_a_line_break_is_one_line(root: Path, tmp_path: Path) -> None:
    name = "line\nbreak" + "n" * 300
    made = commit_of(root, tree(root, entry(root, "100644", name, blob(root))))
    assert "\n" not in refusal(root, made, tmp_path / "out")


def test_names_that_differ_in_letter_case_only(root: Path, tmp_path: Path) -> None:
    """Each is a file where the file system has both names, or the second one is refused."""
    (root / "case").write_text("")
    ignores_case = (root / "CASE").exists()
    (root / "case").unlink()
    thing = blob(root)
    entries = [entry(root, "100644", name, thing) for name in ("DEV.yaml", "dev.yaml")]
    made = commit_of(root, tree(root, *entries))
    if ignores_case:
        assert "differ in letter case" in refusal(root, made, tmp_path / "out")
    else:
        assert read_all(root, made, tmp_path / "out") == ["DEV.yaml", "dev.yaml"]


@pytest.mark.parametrize("target", [b"", b"a\0b", b"x" * 5000], ids=["empty", "nul", "long"])
def test_a_link_to_what_is_no_path(root: Path, tmp_path: Path, target: bytes) -> None:
    made = commit_of(root, tree(root, entry(root, "120000", "link", blob(root, target))))
    message = refusal(root, made, tmp_path / "out")
    assert message.startswith("COMMIT:link:1:1: is a link whose target is no path; put the file")
    with opened_commit(str(root), made) as found:
        with pytest.raises(InvalidInput, match="is a link whose target is no path"):
            found.read("link")
        with pytest.raises(InvalidInput, match="is a link whose target is no path"):
            found.list("link")


def test_a_mode_with_a_leading_zero_is_that_of_a_folder(root: Path, tmp_path: Path) -> None:
    """Some programs wrote folders so, and Git reads them."""
    inner = tree(root, entry(root, "100644", "f", blob(root)))
    made = commit_of(root, tree(root, entry(root, "040000", "folder", inner)))
    assert read_all(root, made, tmp_path / "out") == ["folder", "folder/f"]


@pytest.mark.parametrize(
    "content",
    [b"x", b"100644 a", b"100644 a\0short", b"999999 a\0" + b"x" * 20, b"60000 a\0" + b"x" * 20],
    ids=["no-entry", "no-end-of-name", "no-object", "no-mode", "mode-of-a-device"],
)
def test_a_damaged_folder(root: Path, tmp_path: Path, content: bytes) -> None:
    made = commit_of(root, tree(root, content))
    with pytest.raises(ToolFailed, match="a folder of the commit is damaged"):
        read_all(root, made, tmp_path / "out")


def test_a_file_in_the_place_of_a_folder(root: Path, tmp_path: Path) -> None:
    made = commit_of(root, tree(root, entry(root, "40000", "folder", blob(root))))
    with pytest.raises(ToolFailed, match="git does not give the tree"):
        read_all(root, made, tmp_path / "out")


def test_a_clone_without_folders(root: Path, tmp_path: Path) -> None:
    git(root, "config", "uploadpack.allowFilter", "true")
    options = ["--quiet", "--no-checkout", "--filter=tree:0"]
    subprocess.run(
        ["git", "clone", *options, root.as_uri(), str(tmp_path / "clone")],
        check=True,
        capture_output=True,
    )
    with pytest.raises((ToolFailed, InvalidInput), match="partial clone"):
        read_all(tmp_path / "clone", "HEAD", tmp_path / "out")


@pytest.mark.parametrize("kind", ["commit", "tree"])
def test_an_object_that_a_commit_needs_is_missing(root: Path, tmp_path: Path, kind: str) -> None:
    thing = git(root, "rev-parse", f"HEAD^{{{kind}}}")
    (root / ".git/objects" / thing[:2] / thing[2:]).unlink()
    with pytest.raises(ToolFailed, match="git fsck"):
        read_all(root, "HEAD", tmp_path / "out")
