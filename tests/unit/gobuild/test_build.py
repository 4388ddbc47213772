"""A real Go builds programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild import Target, build, find
from gitops_gen.gobuild.go import REQUIREMENTS
from gitops_gen.gobuild.specification import read
from tests.unit.gobuild.conftest import SOURCES

Sources = Callable[[str], Path]

pytestmark = pytest.mark.skipif(which("go") is None, reason="Go is not on PATH")


def test_a_program_is_built_once(cache: Path, sources: Sources) -> None:
    folder, reported = sources("hello"), list[str]()
    assert find(folder, "hello") is None
    built = build(folder, reported.append) / "hello"
    assert subprocess.run([built], capture_output=True, text=True).stdout == read(folder).digest()
    assert find(folder, "hello") == built
    assert (cache / "hello" / "current" / "bin" / "hello").samefile(built)
    assert any("building hello" in text for text in reported)
    reported.clear()
    assert build(folder, reported.append) / "hello" == built
    assert reported == []


@pytest.mark.parametrize(
    ("target", "folder", "first_bytes"),
    [
        (Target.of_go("linux", "arm64"), "linux-aarch64", b"\x7fELF"),
        (Target.of_go("darwin", "arm64"), "darwin-arm64", b"\xcf\xfa\xed\xfe"),
    ],
)
def test_a_program_for_another_platform_has_a_folder_of_that_platform(
    cache: Path, sources: Sources, target: Target, folder: str, first_bytes: bytes
) -> None:
    hello = sources("hello")
    program = build(hello, lambda _text: None, target) / "hello"
    assert program.parent == cache / "hello" / f"{read(hello).digest()[:16]}-{folder}" / "bin"
    assert program.read_bytes().startswith(first_bytes)
    assert find(hello, "hello") is None
    assert not (cache / "hello" / "current").exists()


def test_two_builds_at_once_compile_it_once(cache: Path, sources: Sources) -> None:
    folder, reported = sources("hello"), list[str]()
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(build, folder, reported.append) for _ in range(2)]
    assert len({result.result() for result in results}) == 1
    assert len([text for text in reported if "building hello" in text]) == 1


def test_changed_sources_are_built_into_another_folder(cache: Path, sources: Sources) -> None:
    folder = sources("hello")
    first = build(folder, lambda _text: None)
    with (folder / "main.go").open("a") as changed:
        changed.write("// changed\n")
    assert find(folder, "hello") is None
    assert build(folder, lambda _text: None) != first
    assert (first / "hello").exists()


def test_the_error_contains_the_message_of_the_compiler_and_no_program_is_kept(
    cache: Path, sources: Sources
) -> None:
    folder = sources("broken")
    with pytest.raises(ToolFailed, match=r"main\.go:3:15: undefined"):
        build(folder, lambda _text: None)
    assert find(folder, "broken") is None


def test_a_module_that_go_sum_does_not_list_is_refused(cache: Path, sources: Sources) -> None:
    with pytest.raises(ToolFailed, match=r"missing go\.sum entry"):
        build(sources("unlisted"), lambda _text: None)


def test_go_sum_is_enforced_even_if_the_user_sets_other_flags(
    cache: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    with pytest.raises(ToolFailed, match=r"missing go\.sum entry"):
        build(sources("unlisted"), lambda _text: None)


def test_a_go_that_is_too_old_is_not_used(
    cache: Path, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Go that pip installed is used instead."""
    real, old = which("go"), tmp_path / "old" / "go"
    requirement = REQUIREMENTS.read_text().split()[0]
    installed = cache / "go" / requirement
    (installed / "bin").mkdir(parents=True)
    (installed / "bin" / "go").symlink_to(str(real))
    (installed / "done").touch()
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho go1.20.1\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}{os.pathsep}{os.environ['PATH']}")
    assert (build(sources("hello"), lambda _text: None) / "hello").exists()


@pytest.mark.parametrize("part", ["", "hello", "hello/bin", "hello/bin/program"])
def test_a_program_in_a_folder_that_others_can_write_is_not_used(
    cache: Path, sources: Sources, part: str
) -> None:
    folder = sources("hello")
    built = build(folder, lambda _text: None)
    places = {
        "": cache,
        "hello": cache / "hello",
        "hello/bin": built,
        "hello/bin/program": built / "hello",
    }
    places[part].chmod(0o777)
    assert find(folder, "hello") is None


def test_no_program_is_built_into_a_folder_that_others_can_write(
    cache: Path, sources: Sources
) -> None:
    (cache / "hello").mkdir(parents=True)
    (cache / "hello").chmod(0o777)
    with pytest.raises(ToolFailed, match="chmod go-w"):
        build(sources("hello"), lambda _text: None)


def test_variables_for_another_platform_are_ignored(
    cache: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOS", "plan9")
    monkeypatch.setenv("GOARCH", "386")
    program = build(sources("hello"), lambda _text: None) / "hello"
    assert subprocess.run([program], capture_output=True).returncode == 0


def test_go_gets_a_home_directory(
    cache: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("GOCACHE")
    assert (build(sources("hello"), lambda _text: None) / "hello").exists()


def test_a_link_that_points_to_itself_is_an_error(cache: Path, sources: Sources) -> None:
    cache.parent.mkdir()
    cache.symlink_to(cache.name)
    assert find(sources("hello"), "hello") is None
    with pytest.raises(ToolFailed, match="gitops-gen cannot be created: "):
        build(SOURCES / "hello", lambda _text: None)


def test_a_lock_that_cannot_be_opened_is_an_error(cache: Path, sources: Sources) -> None:
    (cache / "hello" / "lock").mkdir(parents=True, mode=0o700)
    with pytest.raises(ToolFailed, match="hello/lock: Is a directory"):
        build(sources("hello"), lambda _text: None)


def test_an_interrupted_build_leaves_no_temporary_files(
    cache: Path, sources: Sources, tmp_path: Path
) -> None:
    """Go's cache is empty, so that Go still compiles when it is interrupted."""
    temporary, folder = tmp_path / "temporary", sources("hello")
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "GOCACHE": str(tmp_path / "go-cache")}
    command = [sys.executable, "-m", "gitops_gen.gobuild", str(folder)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert any("compiling package" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    assert process.stderr.read().endswith("interrupted; the next build continues\n")
    assert process.wait() == 130
    assert not list(temporary.iterdir())
    assert find(folder, "hello") is None
