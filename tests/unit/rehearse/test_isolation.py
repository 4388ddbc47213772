"""Errors inside the namespaces of a rehearsal are raised outside with the same type."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.objects.reading import read_environment
from gitops_gen.rehearse.repository import address
from gitops_gen.rehearse.servers.isolation import Note, isolated, unshare
from gitops_gen.revisions import WorkTree


@pytest.fixture(autouse=True)
def _namespaces() -> None:
    try:
        unshare()
    except ToolFailed as error:
        pytest.skip(str(error).splitlines()[0])


def _inside(root: Path, _: Note) -> str:
    return address(read_environment(WorkTree(str(root)), "dev"), "dev").name


def _fails(message: str, _: Note) -> None:
    raise ToolFailed(message)


def _ignore(_: str) -> None:
    pass


@pytest.mark.parametrize(
    ("file", "content", "line"),
    [
        ("argocd/dev/apps/web.yaml", "a: [\n", "argocd/dev/apps/web.yaml:2:1: "),
        ("rendered/dev/manifests/web/a.yaml", "kind: A\n", "rendered/dev/manifests/web/a.yaml:1:1"),
        (
            "argocd/dev/apps/web.txt",
            "",
            "argocd/dev/bootstrap.yaml:1:1: contains no root Application",
        ),
    ],
)
def test_a_bad_file_is_bad_input_with_its_place(
    tmp_path: Path, file: str, content: str, line: str
) -> None:
    place = tmp_path / "repository" / file
    place.parent.mkdir(parents=True)
    place.write_text(content)
    with pytest.raises(InvalidInput) as refused:
        isolated(_inside, tmp_path / "repository", tmp_path, _ignore)
    assert str(refused.value).startswith(line)


def test_a_tool_that_fails_is_a_tool_that_fails(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="etcd has ended"):
        isolated(_fails, "etcd has ended", tmp_path, _ignore)
