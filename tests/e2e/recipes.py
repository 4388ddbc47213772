"""The commands of a page of the documentation, in a form that a play can run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.repositories import EXAMPLE

SHELL = re.compile(r"^ *```sh\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
PAGES_ENVIRONMENT, OURS = "prod", "dev"
PUSH = "git push\n"


def recipe(page: str, title: str) -> str:
    """Returns all shell blocks of a section, joined."""
    text = (EXAMPLE / "docs" / page).read_text()
    section = text.split(f"\n## {title}\n")[1].split("\n## ")[0]
    blocks = (match[1] for match in SHELL.finditer(section))
    lines = (line.strip() for block in blocks for line in block.splitlines())
    return "".join(f"{line}\n" for line in lines)


def follow_in_repository(script: str, root: Path) -> None:
    """Returns the gitops-gen commands of the section for the environment of the test."""
    for arguments in re.findall(r"^gitops-gen (.*)$", script, re.MULTILINE):
        words = [OURS if word == PAGES_ENVIRONMENT else word for word in arguments.split()]
        subprocess.run([sys.executable, "-m", "gitops_gen", *words], cwd=root, check=True)


def in_cluster(script: str) -> list[str]:
    """Returns the other commands: before the first push, between pushes and after the last push."""
    ours = script.replace(f"argocd/{PAGES_ENVIRONMENT}/", f"argocd/{OURS}/")
    parts = ours.split(PUSH)
    return [re.sub(r"^(git|gitops-gen|terraform) .*\n", "", part, flags=re.M) for part in parts]
