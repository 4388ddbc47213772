"""Links to the pages of the documentation, which `init` copies into the user's repository."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

_PAGE = re.compile(r"(docs/[a-z-]+\.md(?:#[a-z-]+)?)")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._-]+)+/")


@dataclass(frozen=True)
class Documentation:
    """`address` is that of the user's repository on the web; empty if it is not known."""

    address: str = ""

    @classmethod
    def of(cls, root: str) -> Documentation:
        """Returns the documentation in the folder of a work tree. CI systems state the address."""
        if not os.path.isfile(os.path.join(root, "docs/diff.md")):
            return cls()
        address = f"{_files_on_the_web()}{_folder(root)}"
        return cls(address if _ADDRESS.fullmatch(address) else "")

    def linked(self, text: str) -> str:
        """Returns a text of this package in Markdown, with links to the pages that it names.

        The text must not contain anything from the user's repository.
        """
        parts = _PAGE.split(text)
        return "".join(self._link(one) if n % 2 else one for n, one in enumerate(parts))

    def _link(self, page: str) -> str:
        return f"[{page}]({self.address}{page})" if self.address else f"`{page}`"


def _files_on_the_web() -> str:
    """Returns the address of the files of the default branch on GitHub or GitLab, or nothing."""
    variables = os.environ
    if (server := variables.get("GITHUB_SERVER_URL")) and (
        name := variables.get("GITHUB_REPOSITORY")
    ):
        return f"{server}/{name}/blob/HEAD/"
    project = variables.get("CI_PROJECT_URL")
    return f"{project}/-/blob/HEAD/" if project else ""


def _folder(root: str) -> str:
    """Returns the path of the work tree in the clone that the CI system has made."""
    clone = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR")
    path = os.path.relpath(os.path.realpath(root), os.path.realpath(clone)) if clone else "."
    return "" if path == "." or path.startswith("..") else f"{path}/"
