"""The text of the comment. Its first line is an HTML comment that identifies it."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position, Rule

RULE = Rule(
    "comment",
    title="The file of `comment` begins with a marker and fits into a comment",
    why="The marker is an HTML comment in the first line, by which the next job finds the comment "
    "to update. GitHub refuses more than 65,536 characters.",
    remedy="Pass the output of `gitops-gen diff --format markdown` unchanged.",
)
LONGEST = 65_536
"""In characters: the limit of GitHub. That of GitLab is higher."""
_MARKER = re.compile(r"<!-- [^<>\r\n]+ -->(?=\r?\n)")


def comment_text(content: bytes, file: str, folder: str) -> str:
    """Returns the comment for the values in `folder`, which is empty for the root folder.

    The marker contains the folder, so that the comments about several folders of a repository are
    independent. Raises InvalidInput if the file has no marker or is too long.
    """
    text = content.decode(errors="replace")
    marker = _MARKER.match(text)
    if marker is None:
        message = "the first line is not a marker such as <!-- gitops-gen: pull request -->"
        raise InvalidInput.at(Position(file), f"{message}; {_ADVICE}", RULE)
    if folder:
        place = f" in {quote(folder)} -->"
        text = f"{marker[0].removesuffix(' -->')}{place}{text[marker.end() :]}"
    if len(text) > LONGEST:
        message = f"contains {len(text)} characters, but a comment has at most {LONGEST}"
        raise InvalidInput.at(Position(file), f"{message}; {_ADVICE}", RULE)
    return text


_ADVICE = "pass the output of `gitops-gen diff --format markdown` unchanged"


def folder_in(workspace: str, root: str) -> str:
    """Returns the path of the values in the Git repository; empty for its root folder."""
    path = os.path.relpath(os.path.realpath(root), os.path.realpath(workspace))
    return "" if path == "." or path.startswith("..") else path
