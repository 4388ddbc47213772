"""One run of `go build`, with progress."""

from __future__ import annotations

import signal
import subprocess
from collections import deque
from collections.abc import Iterable
from pathlib import Path

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
    _run_build(go, ["build", *options, package], total, target.name, progress)
    unfinished.chmod(0o755)
    unfinished.replace(target)


def _run_build(go: Go, arguments: list[str], total: int, name: str, progress: Progress) -> None:
    process = subprocess.Popen(
        go.arguments(*arguments),
        cwd=go.sources,
        env=go.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            last_lines = _report_packages(process.stderr or (), total, name, progress)
        except BaseException:
            # After SIGINT, and only then, Go removes its temporary folder.
            process.send_signal(signal.SIGINT)
            raise
    if process.returncode:
        raise ToolFailed(f"{name} could not be built:\n" + "\n".join(last_lines))


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
