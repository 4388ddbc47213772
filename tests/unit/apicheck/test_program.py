"""The places where the program is searched for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitops_gen.apicheck import VARIABLE, ApicheckProgram, find, install, require
from gitops_gen.apicheck import program as program_module
from gitops_gen.apicheck.program import NAME, SOURCES
from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild import digest
from gitops_gen.gobuild.target import Target

TOOLS = Path(__file__).parents[3] / "tools"
OF_HERE = digest(SOURCES)


@pytest.fixture(autouse=True)
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(program_module, "IN_WHEEL", tmp_path / "wheel" / NAME)


def executable(path: Path, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def built(cache: Path, mode: int = 0o755) -> Path:
    """Creates a file where the builder would create the program."""
    here = Target.current()
    place = cache / "gitops-gen" / "apicheck" / f"{OF_HERE[:16]}-{here.system}-{here.machine}"
    found = executable(place / "bin" / NAME, mode)
    (place / "done").touch()
    return found


def test_no_program_is_installed() -> None:
    assert find() is None
    with pytest.raises(ToolFailed, match="gitops-gen doctor --install apicheck"):
        require()


def test_the_package_has_the_sources_of_the_repository() -> None:
    assert digest(TOOLS / "apicheck") == OF_HERE


def test_the_program_in_the_cache_is_used(tmp_path: Path) -> None:
    path = built(tmp_path / "cache")
    assert find() == require() == ApicheckProgram(path, OF_HERE)


def test_a_program_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    built(tmp_path / "cache", 0o777)
    assert find() is None


def test_the_program_in_the_wheel_is_preferred_to_the_cache(tmp_path: Path) -> None:
    built(tmp_path / "cache")
    path = executable(tmp_path / "wheel" / NAME)
    assert find() == ApicheckProgram(path, OF_HERE)


def test_the_program_of_the_variable_is_preferred_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "wheel" / NAME)
    path = executable(tmp_path / "own" / "program")
    monkeypatch.setenv(VARIABLE, str(path))
    assert find() == ApicheckProgram(path, OF_HERE)


@pytest.mark.parametrize("mode", [None, 0o644])
def test_no_other_program_is_used_if_the_variable_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None
) -> None:
    built(tmp_path / "cache")
    path = tmp_path / "own"
    if mode:
        executable(path, mode)
    monkeypatch.setenv(VARIABLE, str(path))
    with pytest.raises(ToolFailed, match=rf"{VARIABLE}=.*/own is not an executable file"):
        find()


def test_an_installed_program_is_not_built_again(tmp_path: Path) -> None:
    path, told = built(tmp_path / "cache"), list[str]()
    assert install(told.append).path == path
    assert told == []


@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_a_program_of_the_variable_that_others_can_write_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    path = executable(tmp_path / "own", mode)
    monkeypatch.setenv(VARIABLE, str(path))
    with pytest.raises(ToolFailed, match=f"other users can write to it; .* chmod go-w {path}"):
        find()


def test_a_pipe_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe", 0o755)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "pipe"))
    with pytest.raises(ToolFailed, match="is not an executable file"):
        find()


def test_a_relative_cache_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a repository could contain a program that a check of this repository starts."""
    built(tmp_path / "cache")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    assert find() is None
