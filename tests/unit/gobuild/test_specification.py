"""The contents of programs.toml, and the files on which the digest depends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.specification import read

Sources = Callable[[str], Path]
TOOLS = Path(__file__).parents[3] / "tools"


@pytest.mark.parametrize("file", ["main.go", "go.mod", "go.sum", "programs.toml", "new.go"])
def test_a_changed_source_changes_the_digest(sources: Sources, file: str) -> None:
    folder = sources("hello")
    before = read(folder).digest()
    with (folder / file).open("a") as changed:
        changed.write("\n")
    assert read(folder).digest() != before


@pytest.mark.parametrize("file", ["main_test.go", "README.md", "testdata/input.go"])
def test_a_changed_test_does_not_change_the_digest(sources: Sources, file: str) -> None:
    folder = sources("hello")
    before = read(folder).digest()
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text("package other\n")
    assert read(folder).digest() == before


def test_a_renamed_file_changes_the_digest(sources: Sources) -> None:
    folder = sources("hello")
    before = read(folder).digest()
    (folder / "main.go").rename(folder / "other.go")
    assert read(folder).digest() != before


def test_variables_contain_versions_of_modules(sources: Sources) -> None:
    folder = sources("hello")
    (folder / "programs.toml").write_text(
        'folder = "hello"\n[[program]]\nname = "hello"\npackage = "."\n[variables]\n'
        '"a.full" = "{example.org/module}"\n"a.number" = "{example.org/module|number}"\n'
        '"a.minor" = "{example.org/module|minor}"\n"a.text" = "clean"\n'
    )
    flags = read(folder).link_flags({"example.org/module": "v1.36.1"}.__getitem__)
    assert flags == "-s -w -X a.full=v1.36.1 -X a.number=1.36.1 -X a.minor=36 -X a.text=clean"


@pytest.mark.parametrize(
    "text", ["", "folder =", 'folder = "a"', 'folder = "a"\n[[program]]\nname = "a"\ncolour = 1']
)
def test_the_error_names_a_file_that_cannot_be_read(sources: Sources, text: str) -> None:
    folder = sources("hello")
    (folder / "programs.toml").write_text(text)
    with pytest.raises(ToolFailed, match=r"programs\.toml cannot be used"):
        read(folder)


@pytest.mark.parametrize(
    "folder", sorted(path.parent.name for path in TOOLS.glob("*/programs.toml"))
)
def test_the_folders_of_this_repository_can_be_read(folder: str) -> None:
    assert read(TOOLS / folder).programs
