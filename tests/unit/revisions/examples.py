"""Small Git repositories, created with Git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

WHO = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")


def git(root: Path, *arguments: str, data: bytes | None = None) -> str:
    command = ["git", "-C", str(root), *WHO, *arguments]
    result = subprocess.run(command, input=data, capture_output=True, check=True)
    return os.fsdecode(result.stdout).strip()


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def commit(root: Path, message: str = "a") -> str:
    """Commits all files of the folder, and creates a repository if it is missing."""
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")
