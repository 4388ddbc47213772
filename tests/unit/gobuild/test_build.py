"""Programs that a real Go builds."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild import Target, build, find
from gitops_gen.gobuild.go import REQUIREMENTS
from gitops_gen.gobuild.specification import read

Sources = Callable[[str], Path]

pytestmark = pytest.mark.skipif(which("go") is None, reason="Go is not on PATH")


def test_a_program_is_built_once(cache: Path, sources: Sources) -> None:
    folder, told = sources("hello"), list[str]()
    assert find(folder, "hello") is None
    built = build(folder, told.append) / "hello"
    assert subprocess.run([built], capture_output=True, text=True).stdout == read(folder).digest()
    assert find(folder, "hello") == built
    assert (cache / "hello" / "current" / "bin" / "hello").samefile(built)
    assert any("building hello" in text for text in told)
    told.clear()
    assert build(folder, told.append) / "hello" == built
    assert told == []


@pytest.mark.parametrize(
    ("target", "folder", "first_bytes"),
    [
        (Target.of_go("linux", "arm64"), "linux-aarch64", b"\x7fELF"),
        (Target.of_go("darwin", "arm64"), "darwin-arm64", b"\xcf\xfa\xed\xfe"),
    ],
)
def test_a_program_for_another_platform_lies_where_that_platform_finds_it(
    cache: Path, sources: Sources, target: Target, folder: str, first_bytes: bytes
) -> None:
    hello = sources("hello")
    program = build(hello, lambda _text: None, target) / "hello"
    assert program.parent == cache / "hello" / f"{read(hello).digest()[:16]}-{folder}" / "bin"
    assert program.read_bytes().startswith(first_bytes)
    assert find(hello, "hello") is None
    assert not (cache / "hello" / "current").exists()


def test_two_at_once_build_it_once(cache: Path, sources: Sources) -> None:
    folder, told = sources("hello"), list[str]()
    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(build, folder, told.append) for _ in range(2)]
    assert len({result.result() for result in results}) == 1
    assert len([text for text in told if "building hello" in text]) == 1


def test_another_source_is_built_beside_it(cache: Path, sources: Sources) -> None:
    folder = sources("hello")
    first = build(folder, lambda _text: None)
    with (folder / "main.go").open("a") as changed:
        changed.write("// changed\n")
    assert find(folder, "hello") is None
    assert build(folder, lambda _text: None) != first
    assert (first / "hello").exists()


def test_what_the_compiler_says_is_told_and_nothing_is_kept(cache: Path, sources: Sources) -> None:
    folder = sources("broken")
    with pytest.raises(ToolFailed, match=r"main\.go:3:15: undefined"):
        build(folder, lambda _text: None)
    assert find(folder, "broken") is None


def test_a_module_that_go_sum_does_not_list_is_refused(cache: Path, sources: Sources) -> None:
    with pytest.raises(ToolFailed, match=r"missing go\.sum entry"):
        build(sources("unlisted"), lambda _text: None)


def test_go_sum_is_enforced_whatever_the_user_s_flags_say(
    cache: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    with pytest.raises(ToolFailed, match=r"missing go\.sum entry"):
        build(sources("unlisted"), lambda _text: None)


def test_a_go_that_is_too_old_is_not_used(
    cache: Path, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that pip installed before is used instead."""
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
def test_what_others_can_write_is_not_used(cache: Path, sources: Sources, part: str) -> None:
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


def test_nothing_is_built_into_a_folder_that_others_can_write(
    cache: Path, sources: Sources
) -> None:
    (cache / "hello").mkdir(parents=True)
    (cache / "hello").chmod(0o777)
    with pytest.raises(ToolFailed, match="chmod go-w"):
        build(sources("hello"), lambda _text: None)
