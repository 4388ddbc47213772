"""What can be asked of a revision, whichever kind it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from gitops_gen.model import Rule

UNREADABLE = Rule(
    "unreadable-file",
    title="The files of a repository can be read",
    why="What cannot be read as an ordinary file of the repository, such as a link to nothing, a "
    "device or a file of many megabytes, cannot be an input.",
    remedy="Correct the file or folder that the message names, or its permissions.",
)

LARGEST = 8 << 20
"""Bytes of the largest file that `read` gives: what Kubernetes would store is smaller by far."""


class Revision(Protocol):
    """Paths are relative to the repository's folder in which gitops-gen works, with "/"."""

    @property
    def label(self) -> str:
        """What messages call it: `the work tree`, or `HEAD~1 (abc1234)`."""

    def name_of(self, path: str) -> str:
        """What messages call a file of it: `values/dev.yaml`, or `HEAD~1:values/dev.yaml`."""

    def exists(self, path: str) -> bool:
        """Raises InvalidInput where a file stands in the place of a folder on the way."""

    def list(self, folder: str) -> tuple[str, ...]:
        """The names in a folder, sorted; none where it does not exist.

        Raises InvalidInput for what is not a folder, or cannot be read.
        """

    def read(self, path: str, limit: int = LARGEST) -> bytes:
        """The content of a regular file. Raises InvalidInput for anything else."""

    def files_below(self, folder: str) -> Iterator[str]:
        """The paths of all files in a folder and in those in it, sorted; links to files too."""

    def on_disk(self, folders: Iterable[str]) -> str:
        """A folder of this machine in which these folders of the revision are, at their paths.

        It is for programs that read files themselves. Links in it must not be followed.
        """
