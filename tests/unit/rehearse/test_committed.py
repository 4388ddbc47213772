"""A commit's files are its bytes, whatever Git's attributes and links say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.rehearse.committed import check_out, commit, shallow


def git(root: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    command = ["git", "-C", str(root), *who, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "env/values").mkdir(parents=True)
    (root / "env/values/dev.yaml").write_bytes(b"# $Format:%H$ $Id$\r\nrow\n")
    (root / "top.yaml").write_text("top\n")
    attributes = "*.yaml export-subst ident filter=shout eol=crlf\nvalues export-ignore\n"
    (root / "env/.gitattributes").write_text(attributes)
    git(root, "init", "--quiet")
    git(root, "config", "filter.shout.smudge", "tr a-z A-Z")
    return root


def committed(root: Path) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "a")
    return git(root, "rev-parse", "HEAD")


def checked_out(root: Path, name: str, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    check_out("git", root, name, folder)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_neither_attributes_nor_filters_come_between(repository: Path, tmp_path: Path) -> None:
    found = checked_out(repository, committed(repository), tmp_path / "files")
    stored = git(repository, "cat-file", "blob", "HEAD:env/values/dev.yaml")
    assert found["env/values/dev.yaml"].decode().strip() == stored
    assert b"$Format:%H$ $Id$" in found["env/values/dev.yaml"]


def test_a_folder_of_a_repository(repository: Path, tmp_path: Path) -> None:
    found = checked_out(repository / "env", committed(repository), tmp_path / "files")
    assert sorted(found) == [".gitattributes", "values/dev.yaml"]


def test_a_link_inside_stays_one(repository: Path, tmp_path: Path) -> None:
    (repository / "link.yaml").symlink_to("env/../top.yaml")
    found = checked_out(repository, committed(repository), tmp_path / "files")
    assert (tmp_path / "files/link.yaml").is_symlink()
    assert found["link.yaml"] == b"top\n"


@pytest.mark.parametrize(
    "links",
    [
        {"out": "../.."},
        {"out": "/etc/passwd"},
        {"env/values/up": "../..", "out": "env/values/up/../../x"},
    ],
)
def test_a_link_that_leads_out_is_refused(
    repository: Path, tmp_path: Path, links: dict[str, str]
) -> None:
    for link, target in links.items():
        (repository / link).symlink_to(target)
    name = committed(repository)
    with pytest.raises(InvalidInput, match="out:1:1: is a link out of the repository"):
        checked_out(repository, name, tmp_path / "files")


def test_what_is_no_commit(repository: Path) -> None:
    whole = committed(repository)
    assert commit("git", repository, "HEAD") == whole
    for name in ("^HEAD", "--all", "HEAD^{tree}", "nowhere", "HEAD..HEAD", "a\0b"):
        assert commit("git", repository, name) == ""


def test_a_folder_that_git_does_not_read_says_so_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not a git repository"):
        commit("git", tmp_path, "main")


def test_a_shallow_clone_is_known_as_one(repository: Path, tmp_path: Path) -> None:
    committed(repository)
    git(repository, "commit", "--quiet", "--allow-empty", "-m", "b")
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), "clone")
    assert shallow("git", tmp_path / "clone")
    assert not shallow("git", repository)
    assert commit("git", tmp_path / "clone", "HEAD~1") == ""
