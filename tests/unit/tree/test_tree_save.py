"""Saving one file at a path that the user specifies. It is replaced atomically."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.tree import save
from tests.unit.tree.tree_examples import snapshot


def test_a_new_file_is_readable_for_all_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    save(str(tmp_path / "new.json"), b"{}\n")
    os.umask(before)
    assert (tmp_path / "new.json").read_bytes() == b"{}\n"
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o644
    assert os.listdir(tmp_path) == ["new.json"]


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_bytes(b"old")
    file.chmod(0o600)
    reader = file.open("rb")
    save(str(file), b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # A process that has opened the old file can still read all of it.
    assert reader.read() == b"old"
    reader.close()


def test_a_name_without_a_folder_is_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save("here.json", b"{}")
    assert (tmp_path / "here.json").read_bytes() == b"{}"


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("folder", "is a folder; use another path"),
        ("folder/", "is a folder; use another path"),
        ("link", "is not a regular file; use another path"),
        ("pipe", "is not a regular file; use another path"),
        ("nowhere/file", "the folder of the file does not exist"),
        ("file/file", "the folder of the file does not exist"),
        ("n" * 300, "cannot be written: File name too long"),
    ],
)
def test_an_invalid_path(root: Path, place: str, reason: str) -> None:
    (root / "folder").mkdir()
    (root / "file").write_bytes(b"untouched")
    (root / "link").symlink_to("file")
    os.mkfifo(root / "pipe")
    before = snapshot(root)
    with pytest.raises(InvalidInput, match=reason) as refused:
        save(f"{root}/{place}", b"new")
    assert str(refused.value).startswith(f"{root}/{place}:1:1: ")
    assert snapshot(root) == before


LIMITED = """
import resource, signal, sys
from gitops_gen.tree import save
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
save(sys.argv[1], b"n" * 2000)
"""


def test_a_failed_write_keeps_the_old_file_and_leaves_no_other(tmp_path: Path) -> None:
    """A resource limit stops the write after 1000 bytes, like a full disk."""
    file = tmp_path / "old.json"
    file.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(file)], capture_output=True, text=True, check=False
    )
    assert ToolFailed.__name__ in done.stderr
    assert f"cannot write {file}: File too large; nothing was changed" in done.stderr
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["old.json"]


AS_NOBODY = """
import os, sys
from gitops_gen.errors import InvalidInput
from gitops_gen.secrets import hidden  # Findings ask for it, and nobody may not be able to read it.
from gitops_gen.tree import save
if os.geteuid() == 0:
    os.setuid(65534)
try:
    save("old.json", b"new")
except InvalidInput as error:
    sys.exit(str(error))
"""


def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    """The old file is writable and could be truncated, but it cannot be replaced."""
    file = tmp_path / "old.json"
    file.write_bytes(b"old")
    file.chmod(0o666)
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    tmp_path.chmod(0o755)
    assert done.stderr == ("old.json:1:1: cannot be written: Permission denied; use another path\n")
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["old.json"]
