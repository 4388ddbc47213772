"""Renders on a full file system, whose free space is increased after each attempt.

    full_disk.py FOLDER nr_blocks|nr_inodes

Requires the permission to mount. For each attempt, prints the error (null if the render
succeeded) and whether all files were unchanged.
"""

# ruff: noqa: T201  (the output is the result)

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from gitops_gen.errors import ToolFailed
from gitops_gen.tree import lock, write
from tests.integration.writing.renders import Files, Repository, output


def render(root: Path, files: Files) -> str | None:
    try:
        with lock(root) as locked:
            write(locked, [output(files)])
    except ToolFailed as error:
        return str(error)
    return None


def allow(root: Path, limit: str, spare: int) -> None:
    """Limits the free blocks or inodes to this number, without a limit for the other."""
    seen = os.statvfs(root)
    blocks = limit == "nr_blocks"
    used = seen.f_blocks - seen.f_bfree if blocks else seen.f_files - seen.f_ffree
    subprocess.run(["mount", "-o", f"remount,{limit}={used + spare}", root], check=True)


def tries(repository: Repository, limit: str, after: Files) -> list[tuple[str | None, bool]]:
    found: list[tuple[str | None, bool]] = []
    while not found or found[-1][0] is not None:
        allow(repository.root, limit, len(found))
        before = repository.look()
        error = render(repository.root, after)
        found.append((error, repository.look() == before))
    return found


def main() -> None:
    repository = Repository(Path(sys.argv[1]))
    renders = json.loads((repository.top / "renders.json").read_text())
    repository.root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "none", repository.root], check=True)
    assert render(repository.root, renders["before"]) is None
    print(json.dumps(tries(repository, sys.argv[2], renders["after"])))


if __name__ == "__main__":
    main()
