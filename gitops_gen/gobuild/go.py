"""The go command: the one on PATH if it is recent enough, otherwise one that pip installs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree, which

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.cache import Progress, locked, private_folder
from gitops_gen.gobuild.target import Target
from gitops_gen.offline import is_offline, require_network

REQUIREMENTS = Path(__file__).with_name("go-requirements.txt")
ADVICE = "install Go (https://go.dev/doc/install) on PATH"

_NUMBERS = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Go:
    """A go command that runs in one folder of sources."""

    command: str
    sources: Path
    target: Target

    def arguments(self, *arguments: str) -> list[str]:
        return [self.command, *arguments]

    def environment(self) -> Mapping[str, str]:
        """Returns the variables of the go command.

        They enforce go.sum, and prevent the use of another Go or of a C compiler.
        """
        settings = {
            "GOFLAGS": "-mod=readonly",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
            "CGO_ENABLED": "0",
        }
        # Go requires HOME for its caches, and some CI machines do not set it.
        home = {"HOME": os.path.expanduser("~")}
        # The modules of an earlier build are in the cache of Go.
        network = {"GOPROXY": "off"} if is_offline() else {}
        return {**home, **os.environ, **settings, **network, **self.target.environment}

    def output(self, *arguments: str) -> str:
        result = subprocess.run(
            self.arguments(*arguments),
            cwd=self.sources,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise ToolFailed(f"go {arguments[0]} failed: {result.stderr.strip()}")
        return result.stdout.strip()

    def version_of(self, module: str) -> str:
        return self.output("list", "-m", "-f", "{{.Version}}", module)


def go_for(sources: Path, progress: Progress, target: Target) -> Go:
    """Returns the go command for a folder of sources.

    It is installed into the cache of the user if Go is not on PATH or is too old.
    """
    needed = _numbers((sources / "go.mod").read_text().partition("\ngo ")[2])
    on_path = which("go")
    if on_path and _numbers(_version(on_path)) >= needed:
        return Go(on_path, sources, target)
    return Go(_installed(progress), sources, target)


def _version(command: str) -> str:
    """Returns the version of a go command. It runs outside of the module, which may require a
    newer one."""
    environment = os.environ | {"GOTOOLCHAIN": "local"}
    try:
        result = subprocess.run(
            [command, "env", "GOVERSION"],
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout


def _numbers(text: str) -> tuple[int, ...]:
    match = _NUMBERS.search(text)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def _installed(progress: Progress) -> str:
    require_network("installing Go")
    requirement = REQUIREMENTS.read_text().split()[0]
    folder = private_folder("go", requirement)
    command = folder / "bin" / "go"
    with locked(folder.parent, progress):
        if not (folder / "done").exists():
            progress(f"Go on PATH is missing or too old: installing {requirement} (70 MB, once)")
            rmtree(folder, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(folder)])
            options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
            options += ["--no-deps", "--require-hashes", "--requirement", str(REQUIREMENTS)]
            _run([str(folder / "bin" / "python"), "-m", "pip", "install", *options])
            (folder / "done").touch()
    return str(command)


def _run(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["it printed no message"]
        raise ToolFailed(f"Go could not be installed: {lines[-1]}; {ADVICE}")
