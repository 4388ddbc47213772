"""The programs that work on AWS and on a cluster, which `doctor` looks for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

_SECONDS = 20
"""How long a program may take to print its version; the AWS CLI is slow when it starts first."""


@dataclass(frozen=True, slots=True)
class ClientTool:
    """A program, the oldest version that works, and what it is needed for."""

    name: str
    command: tuple[str, ...]
    """The command that prints the version."""
    version: re.Pattern[str]
    oldest: tuple[int, ...]
    tasks: str
    advice: str

    @property
    def purpose(self) -> str:
        return f"{'.'.join(map(str, self.oldest))} or newer, for {self.tasks}"


CLIENT_TOOLS = (
    ClientTool(
        "Terraform",
        ("terraform", "version"),
        re.compile(r"Terraform v([0-9]+(?:\.[0-9]+)+)"),
        (1, 11),
        "terraform/ and import-cluster",
        "install it: https://developer.hashicorp.com/terraform/install",
    ),
    ClientTool(
        "AWS CLI",
        ("aws", "--version"),
        re.compile(r"aws-cli/([0-9]+(?:\.[0-9]+)*)"),
        (2,),
        "terraform/bootstrap and the steps of teardown",
        "install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    ),
    # kubectl supports servers up to one minor version newer than itself; `init` writes 1.35.
    ClientTool(
        "kubectl",
        ("kubectl", "version", "--client"),
        re.compile(r"(?:Client Version: |GitVersion:\")v([0-9]+(?:\.[0-9]+)+)"),
        (1, 34),
        "the first sync, the runbook and the steps of teardown",
        "install the version of your cluster: https://kubernetes.io/docs/tasks/tools/",
    ),
)


@dataclass(frozen=True, slots=True)
class FoundTool:
    """What is installed of a program; `advice` is empty if the version is new enough."""

    state: str
    advice: str = ""
    is_old: bool = False


def found(tool: ClientTool) -> FoundTool:
    path = shutil.which(tool.command[0])
    if path is None:
        return FoundTool("not on PATH", tool.advice)
    match = tool.version.search(_output([path, *tool.command[1:]]))
    if match is None:
        return FoundTool(f"does not print its version ({path})", tool.advice)
    is_old = tuple(map(int, match[1].split("."))) < tool.oldest
    return FoundTool(f"{match[1]} ({path})", tool.advice if is_old else "", is_old)


def _output(command: list[str]) -> str:
    """Returns what a program prints; nothing if it cannot be run or does not end."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            # Terraform would ask a server for its newest version.
            env={**os.environ, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode(errors="replace")
