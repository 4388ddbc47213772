"""Paths of values files that are not regular files, on a real file system."""

from __future__ import annotations

import os
import pathlib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.revisions import WorkTree
from gitops_gen.revisions.work_tree import read_file


def message_of(path: pathlib.Path) -> str:
    with pytest.raises(InvalidInput) as error:
        read_file(str(path), "values/dev.yaml")
    return str(error.value).removeprefix("values/dev.yaml:1:1: ")


def test_a_link_to_a_file_is_followed(tmp_path: pathlib.Path) -> None:
    (tmp_path / "real").write_text("a: 1\n")
    (tmp_path / "link").symlink_to("real")
    assert WorkTree(str(tmp_path)).read("link") == b"a: 1\n"


def test_existing_and_missing_paths(tmp_path: pathlib.Path) -> None:
    tree = WorkTree(str(tmp_path))
    (tmp_path / "values").mkdir()
    for name in ("prod.yaml", "dev.yaml"):
        (tmp_path / "values" / name).touch()
    assert tree.list("values") == ("dev.yaml", "prod.yaml")
    assert tree.list("charts") == ()
    assert tree.exists("values/dev.yaml")
    assert not tree.exists("values/base.yaml")
    assert list(tree.files_below("values")) == ["values/dev.yaml", "values/prod.yaml"]
    assert list(tree.files_below("charts")) == []
    assert tree.on_disk(["charts/shop"]) == str(tmp_path)


@pytest.mark.parametrize("ask", [WorkTree.list, WorkTree.exists])
def test_paths_that_are_not_folders(
    tmp_path: pathlib.Path, ask: Callable[[WorkTree, str], object]
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("gone")
    tree = WorkTree(str(tmp_path))
    with pytest.raises(InvalidInput, match="file:1:1: is not a folder; rename the file"):
        ask(tree, "file/x" if ask is WorkTree.exists else "file")
    with pytest.raises(
        InvalidInput, match="link:1:1: is a link that does not lead to a folder; correct"
    ):
        ask(tree, "link/x" if ask is WorkTree.exists else "link")


def test_missing(tmp_path: pathlib.Path) -> None:
    expected = "does not exist; create it, or correct the name"
    assert message_of(tmp_path / "dev.yaml") == expected


def test_dangling_link(tmp_path: pathlib.Path) -> None:
    (tmp_path / "link").symlink_to("gone")
    expected = "is a link to gone, which does not exist; correct the link"
    assert message_of(tmp_path / "link") == expected


def test_link_to_itself(tmp_path: pathlib.Path) -> None:
    (tmp_path / "link").symlink_to("link")
    assert message_of(tmp_path / "link") == f"cannot be opened: {os.strerror(40)}"


def test_a_file_instead_of_the_folder(tmp_path: pathlib.Path) -> None:
    (tmp_path / "values").write_text("")
    assert message_of(tmp_path / "values" / "dev.yaml") == f"cannot be opened: {os.strerror(20)}"


def test_a_name_that_no_file_can_have() -> None:
    assert message_of(pathlib.Path("values\0.yaml")).startswith("cannot be opened: embedded null")


def test_folder(tmp_path: pathlib.Path) -> None:
    assert message_of(tmp_path) == "is a folder, not a file"


def test_named_pipe_without_a_writer(tmp_path: pathlib.Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert message_of(tmp_path / "pipe") == "is a named pipe, not a file"


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/tty0"])
def test_device(device: str) -> None:
    path = pathlib.Path(device)
    if not path.exists():
        pytest.skip(f"there is no {device} here")
    assert message_of(path) == "is a device, not a file"


def test_socket(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert message_of(pathlib.Path("socket")).startswith("cannot be opened: ")


@contextmanager
def as_plain_user() -> Iterator[None]:
    """Root may read every file, so the test runs as another user."""
    user = os.geteuid()
    try:
        os.seteuid(user or 65534)
    except OSError:
        pytest.skip("root cannot become another user here")
    try:
        yield
    finally:
        os.seteuid(user)


def test_unreadable(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "dev.yaml"
    file.touch(mode=0o200)
    with as_plain_user():
        assert message_of(file).startswith("cannot be read: permission denied; change its mode")


def test_50_megabytes_are_not_read(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "dev.yaml"
    file.touch()
    os.truncate(file, 50_000_000)
    assert message_of(file) == "is larger than 8 MiB"


def test_a_large_file_with_a_reported_size_of_0(tmp_path: pathlib.Path) -> None:
    path = pathlib.Path("/proc/kallsyms")
    if not path.exists() or len(path.read_bytes()) < 1 << 20:
        pytest.skip("/proc/kallsyms is not there or not large")
    assert path.stat().st_size == 0
    with pytest.raises(InvalidInput, match="is larger than 1 MiB"):
        read_file(str(path), "values/dev.yaml", 1 << 20)
