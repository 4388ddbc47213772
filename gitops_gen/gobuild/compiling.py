"""One run of `go build`, with progress."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from gitops_gen.errors import ToolFailed
from gitops_gen.gobuild.cache import Progress
from gitops_gen.gobuild.go import Go

_STEPS = 10
_KEPT = 20


def compile_program(go: Go, package: str, flags: str, target: Path, progress: Progress) -> None:
    """Builds one program, and moves it to `target` when it is complete."""
    progress(f"{target.name}: fetching modules")
    total = len(go.output("list", "-deps", package).splitlines())
    unfinished = target.with_name(f".{target.name}")
    options = ["-v", "-trimpath", "-ldflags", flags, "-o", str(unfinished)]
    command = go.arguments("build", *options, package)
    # Go itself leaves its temporary folder behind when it is interrupted.
    with TemporaryDirectory(prefix="gitops-gen-", ignore_cleanup_errors=True) as temporary:
        environment = {**go.environment(), "GOTMPDIR": temporary}
        process = _start(command, go.sources, environment)
        last_lines = _wait(process, total, target.name, progress)
    if process.returncode:
        raise ToolFailed(f"{target.name} could not be built:\n" + "\n".join(last_lines))
    unfinished.chmod(0o755)
    unfinished.replace(target)


def _start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[str]:
    """Starts Go in a process group of its own, so that its compilers can be ended with it."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _wait(process: subprocess.Popen[str], total: int, name: str, progress: Progress) -> deque[str]:
    """Returns the last lines that Go printed. Ends Go if the build is interrupted."""
    with process:
        try:
            return _report_packages(process.stderr or (), total, name, progress)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


def _report_packages(lines: Iterable[str], total: int, name: str, progress: Progress) -> deque[str]:
    """Reports the progress and returns the last lines.

    Go prints the name of each package that it compiles, except of those in its cache.
    """
    last_lines: deque[str] = deque(maxlen=_KEPT)
    for count, line in enumerate(lines):
        last_lines.append(line.rstrip())
        if count % max(total // _STEPS, 1) == 0:
            progress(f"{name}: compiling package {count + 1} of at most {total}")
    return last_lines
