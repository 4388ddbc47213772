"""The text of a comment, and the marker in its first line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.pull_request import comment_text
from gitops_gen.pull_request.text import LONGEST, folder_in

MARKER = b"<!-- gitops-gen: pull request -->"
TEXT = MARKER + b"\nNo changes.\n"


def test_in_the_root_folder_the_text_is_not_changed() -> None:
    assert comment_text(TEXT, "f", "") == TEXT.decode()


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("deploy", "<!-- gitops-gen: pull request in deploy -->"),
        ("a/b", "<!-- gitops-gen: pull request in a/b -->"),
        ("--><b>", "<!-- gitops-gen: pull request in --%3E%3Cb%3E -->"),
        ("a\nb", "<!-- gitops-gen: pull request in a%0Ab -->"),
    ],
)
def test_the_marker_contains_the_folder(folder: str, line: str) -> None:
    assert comment_text(TEXT, "f", folder) == f"{line}\nNo changes.\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"No changes.\n", b"\n" + TEXT, MARKER, b"<!-- a --> b\n", b"<!-- a --><!-- b -->\n"],
)
def test_a_text_without_a_marker(content: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^f:1:1: the first line is not a marker"):
        comment_text(content, "f", "")


def test_a_text_that_is_too_long() -> None:
    longest = TEXT + b"x" * (LONGEST - len(TEXT))
    assert len(comment_text(longest, "f", "")) == LONGEST
    with pytest.raises(InvalidInput, match="contains 65537 characters, but"):
        comment_text(longest + b"x", "f", "")


def test_the_folder_of_the_values(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    assert folder_in(str(tmp_path), str(tmp_path)) == ""
    assert folder_in(str(tmp_path), str(tmp_path / "deploy/prod")) == "deploy/prod"
    assert folder_in(str(tmp_path / "link"), str(tmp_path / "deploy")) == "deploy"
    assert folder_in(str(tmp_path / "deploy"), str(tmp_path)) == ""
