"""Where the programs of a rehearsal are searched, and what the message says if one is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.servers.tools import VARIABLE, tools


@pytest.fixture(autouse=True)
def _nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nothing"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize("folder", ["", "bin"])
def test_the_variable_names_the_folder_or_the_one_above(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / folder / "kwok"
    program.parent.mkdir(exist_ok=True)
    program.touch(mode=0o755)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert tools().require("kwok") == str(program)


def test_the_message_names_the_variable_and_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ToolFailed, match=f"or set {VARIABLE} to the directory"):
        tools().require("kwok")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(ToolFailed, match=rf"neither {tmp_path} \({VARIABLE}\)"):
        tools().require("kwok")
