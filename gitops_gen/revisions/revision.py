"""The interface of all revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from gitops_gen.model import Rule

UNREADABLE = Rule(
    "unreadable-file",
    title="The files of a repository can be read",
    why="An input must be a regular file of the repository. A link to a missing file, a device or "
    "a file of many megabytes cannot be read.",
    remedy="Correct the file or folder that the message names, or its permissions.",
)

LARGEST = 8 << 20
"""The default limit of `read` in bytes, far more than Kubernetes can store in an object."""


class Revision(Protocol):
    """A revision. Paths use "/" and are relative to the folder in which gitops-gen works."""

    @property
    def label(self) -> str:
        """The name in messages: `the work tree`, or `HEAD~1 (abc1234)`."""

    def name_of(self, path: str) -> str:
        """The name of a file in messages: `values/dev.yaml`, or `HEAD~1:values/dev.yaml`."""

    def exists(self, path: str) -> bool:
        """Whether the path exists. Raises InvalidInput if a folder of the path is a file."""

    def list(self, folder: str) -> tuple[str, ...]:
        """The sorted names in a folder; empty if it does not exist.

        Raises InvalidInput if the path is not a folder or cannot be read.
        """

    def read(self, path: str, limit: int = LARGEST) -> bytes:
        """The content of a regular file of at most `limit` bytes. Raises InvalidInput otherwise."""

    def files_below(self, folder: str) -> Iterator[str]:
        """Yields the sorted paths of all files below a folder, including links to files."""

    def on_disk(self, folders: Iterable[str]) -> str:
        """A folder on the disk that contains the given folders of the revision at their paths.

        It is for programs that read files themselves. Links in it must not be followed.
        """
