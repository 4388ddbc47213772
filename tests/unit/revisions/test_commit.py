"""The files of a commit are read unchanged, regardless of Git's attributes, filters and links."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.revisions.opening import opened_commit
from tests.unit.revisions.examples import WHO, commit, git, write

VALUES = "# $Format:%H$ $Id$\r\nrow\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    attributes = "*.yaml export-subst ident filter=shout eol=crlf\nvalues export-ignore\n"
    root = write(
        tmp_path / "repository",
        {"env/values/dev.yaml": VALUES, "top.yaml": "top\n", "env/.gitattributes": attributes},
    )
    git(root.parent, "init", "--quiet", str(root))
    git(root, "config", "filter.shout.smudge", f"touch {tmp_path}/ran; tr a-z A-Z")
    git(root, "config", "filter.shout.required", "true")
    git(root, "config", "filter.shout.clean", "cat")
    return root


def written(root: Path, name: str, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    with opened_commit(str(root), name) as found:
        found.write_to(str(folder))
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def read(root: Path, path: str, name: str = "HEAD") -> bytes:
    with opened_commit(str(root), name) as found:
        return found.read(path)


def test_files_are_read_as_they_are_stored(repository: Path, tmp_path: Path) -> None:
    commit(repository)
    stored = git(repository, "cat-file", "blob", "HEAD:env/values/dev.yaml").encode()
    assert read(repository, "env/values/dev.yaml").strip() == stored.strip()
    assert b"$Format:%H$ $Id$" in stored
    assert written(repository, "HEAD", tmp_path / "files")["env/values/dev.yaml"].strip() == stored
    assert not (tmp_path / "ran").exists()


def test_an_earlier_commit_than_the_work_tree(repository: Path) -> None:
    first = commit(repository)
    write(repository, {"top.yaml": "changed\n"})
    (repository / "env/values/dev.yaml").unlink()
    before = git(repository, "status", "--porcelain")
    with opened_commit(str(repository), first) as found:
        assert found.read("top.yaml") == b"top\n"
        assert found.exists("env/values/dev.yaml")
        assert not found.exists("env/values/prod.yaml")
        assert found.list("env") == (".gitattributes", "values")
        assert found.list("nowhere") == ()
        assert list(found.files_below("env")) == ["env/.gitattributes", "env/values/dev.yaml"]
        assert list(found.files_below("nowhere")) == []
    assert git(repository, "status", "--porcelain") == before


def test_a_folder_of_a_repository(repository: Path, tmp_path: Path) -> None:
    commit(repository)
    assert sorted(written(repository / "env", "HEAD", tmp_path / "files")) == [
        ".gitattributes",
        "values/dev.yaml",
    ]
    assert read(repository / "env", "values/dev.yaml") == read(repository, "env/values/dev.yaml")
    with opened_commit(str(repository / "env"), "HEAD") as found:
        assert found.list("") == (".gitattributes", "values")


def test_a_folder_that_is_not_in_the_commit(repository: Path) -> None:
    commit(repository)
    (repository / "later").mkdir()
    with pytest.raises(InvalidInput, match="contains no file of this folder"):
        read(repository / "later", "values/dev.yaml")


def test_a_bare_repository(repository: Path, tmp_path: Path) -> None:
    commit(repository)
    git(tmp_path, "clone", "--quiet", "--bare", str(repository), "bare.git")
    assert read(tmp_path / "bare.git", "top.yaml") == b"top\n"


def test_a_repository_with_sha256_names(tmp_path: Path) -> None:
    root = write(tmp_path / "repository", {"a/b.yaml": "b\n"})
    git(tmp_path, "init", "--quiet", "--object-format=sha256", str(root))
    assert len(commit(root)) == 64
    assert read(root, "a/b.yaml") == b"b\n"


def test_names_that_are_unusual_or_not_text(tmp_path: Path) -> None:
    names = [
        "a b.yaml",
        'quoted".yaml',
        "tab\there",
        "line\nbreak",
        "é",
        os.fsdecode(b"latin-\xe9"),
    ]
    root = write(tmp_path / "repository", dict.fromkeys(names, "x"))
    commit(root)
    with opened_commit(str(root), "HEAD") as found:
        assert found.list("") == tuple(sorted(names))
        assert all(found.read(name) == b"x" for name in names)
    assert written(root, "HEAD", tmp_path / "files").keys() == set(names)


def test_a_large_file_is_not_read_and_the_next_one_is(tmp_path: Path) -> None:
    root = write(tmp_path / "repository", {"large": "x" * (9 << 20), "small": "s"})
    commit(root)
    with opened_commit(str(root), "HEAD") as found:
        with pytest.raises(InvalidInput, match="HEAD:large:1:1: is larger than 8 MiB"):
            found.read("large")
        assert found.read("small") == b"s"
        assert len(found.read("large", limit=10 << 20)) == 9 << 20


def test_a_link_within_the_commit_is_followed(repository: Path, tmp_path: Path) -> None:
    (repository / "link.yaml").symlink_to("env/../top.yaml")
    (repository / "folder").symlink_to("env/values")
    (repository / "env/gone").symlink_to("nowhere")
    commit(repository)
    with opened_commit(str(repository), "HEAD") as opened:
        files = list(opened.files_below(""))
    assert files == ["env/.gitattributes", "env/values/dev.yaml", "link.yaml", "top.yaml"]
    assert read(repository, "link.yaml") == b"top\n"
    assert read(repository, "folder/dev.yaml").endswith(b"row\n")
    found = written(repository, "HEAD", tmp_path / "files")
    assert (tmp_path / "files/link.yaml").is_symlink()
    assert found["link.yaml"] == b"top\n"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("/etc/passwd", "is a link out of the repository; replace the link by the file itself"),
        ("../x", "is a link out of the repository; replace the link by the file itself"),
        (
            "out",
            "is one of several links that refer to each other; replace the link by the file itself",
        ),
        ("gone", "is a link to gone, which does not exist in this commit"),
        ("env", "is a folder, not a file"),
        ("top.yaml/x", "top.yaml:1:1: is not a folder; rename the file"),
    ],
)
def test_links_that_are_refused(repository: Path, target: str, message: str) -> None:
    (repository / "out").symlink_to(target)
    commit(repository)
    with pytest.raises(InvalidInput) as refused:
        read(repository, "out")
    assert message in str(refused.value)
    assert str(refused.value).startswith("HEAD:")


@pytest.mark.parametrize(
    "links",
    [
        {"out": "../.."},
        {"out": "/etc/passwd"},
        {"env/values/up": "../..", "out": "env/values/up/../../x"},
    ],
)
def test_a_link_outside_the_repository_is_not_written(
    repository: Path, tmp_path: Path, links: dict[str, str]
) -> None:
    for link, target in links.items():
        (repository / link).symlink_to(target)
    commit(repository)
    with pytest.raises(InvalidInput, match="HEAD:out:1:1: is a link out of the repository"):
        written(repository, "HEAD", tmp_path / "files")


def test_folders_on_the_disk_contain_no_links_outside(repository: Path) -> None:
    write(repository, {"charts/shop/Chart.yaml": "name: shop\n"})
    (repository / "charts/shop/passwords").symlink_to("/etc/passwd")
    (repository / "linked").symlink_to("/etc")
    commit(repository)
    with opened_commit(str(repository), "HEAD") as found:
        root = Path(found.on_disk(["charts/shop", "linked/ssh", "../x", "/etc", "nowhere"]))
        assert (root / "charts/shop/Chart.yaml").read_text() == "name: shop\n"
        for link in ("charts/shop/passwords", "linked"):
            assert (root / link).is_symlink()
            assert not (root / link).exists()
        names = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
    assert names == [
        "charts",
        "charts/shop",
        "charts/shop/Chart.yaml",
        "charts/shop/passwords",
        "linked",
    ]
    assert not root.exists()


def test_a_submodule_is_reported(repository: Path, tmp_path: Path) -> None:
    commit(repository)
    git(repository, "submodule", "--quiet", "add", str(repository), "shared")
    commit(repository)
    with opened_commit(str(repository), "HEAD") as found:
        with pytest.raises(
            InvalidInput, match="HEAD:shared:1:1: is a submodule, whose files are in"
        ):
            found.exists("shared/dev.yaml")
        with pytest.raises(InvalidInput, match="is a submodule, whose files are in"):
            found.list("shared")
        with pytest.raises(InvalidInput, match="is a submodule, not a file"):
            found.read("shared")
    assert "shared" not in written(repository, "HEAD", tmp_path / "files")


def test_a_pointer_of_git_lfs_is_refused(tmp_path: Path) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"
    root = write(tmp_path / "repository", {"values/dev.yaml": pointer})
    commit(root)
    with pytest.raises(InvalidInput, match=r"HEAD:values/dev.yaml:1:1: is stored in Git LFS"):
        read(root, "values/dev.yaml")


def test_replacements_of_objects_are_ignored(repository: Path) -> None:
    first = commit(repository)
    write(repository, {"top.yaml": "other\n"})
    second = commit(repository)
    git(repository, "replace", first, second)
    assert read(repository, "top.yaml", first) == b"top\n"


def test_a_tree_with_a_path_outside_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path / "repository", {"a": "x"})
    commit(root)
    blob = bytes.fromhex(git(root, "rev-parse", "HEAD:a"))
    entry = b"100644 ..\0" + blob
    command = ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    tree = git(root, *command, data=entry)
    made = git(root, "commit-tree", "-m", "x", tree)
    with pytest.raises(InvalidInput, match="this path is not allowed in a repository"):
        written(root, made, tmp_path / "files")


def test_an_object_that_is_missing(repository: Path) -> None:
    commit(repository)
    blob = git(repository, "rev-parse", "HEAD:top.yaml")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(ToolFailed, match="git fsck"):
        read(repository, "top.yaml")


def test_a_partial_clone_fetches_nothing(repository: Path, tmp_path: Path) -> None:
    commit(repository)
    git(repository, "config", "uploadpack.allowFilter", "true")
    options = ["--quiet", "--no-checkout", "--filter=blob:none"]
    command = ["git", *WHO, "clone", *options, repository.as_uri(), str(tmp_path / "clone")]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(ToolFailed, match="partial clone"):
        read(tmp_path / "clone", "top.yaml")
