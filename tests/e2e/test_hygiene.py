"""After any process is killed at any time, nothing remains, and the error names the process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.repositories import EXAMPLE, example

ARGUMENTS = ["rehearse", "dev", "--wave-delay", "0"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example(tmp_path_factory.mktemp("hygiene") / "repository")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The TMPDIR of a run, so that its remaining files differ from those of other runs."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def _start(repository: Path, scratch: Path, *more: str) -> subprocess.Popen[str]:
    program = "from gitops_gen.cli import main; main()"
    command = [sys.executable, "-c", program, *ARGUMENTS, *more]
    env = {**os.environ, "PYTHONPATH": str(EXAMPLE), "TMPDIR": str(scratch)}
    return subprocess.Popen(
        command, cwd=repository, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _processes(scratch: Path) -> dict[int, str]:
    """Returns the command lines of a run's programs, by process id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        # A process that ends meanwhile is ignored.
        with suppress(OSError):
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if _is_of(scratch, folder):
                found[int(folder.name)] = line
    return found


def _is_of(scratch: Path, process: Path) -> bool:
    """Returns whether a process belongs to the run, by HOME or by its PID namespace."""
    seen = _NAMESPACES.setdefault(scratch, {})
    handle = os.open(process / "ns" / "pid", os.O_RDONLY)
    try:
        namespace, own = os.fstat(handle).st_ino, os.stat("/proc/self/ns/pid").st_ino
        at_home = f"HOME={scratch}/" in (process / "environ").read_bytes().decode(errors="replace")
        if at_home and namespace not in (own, *seen):
            seen[namespace] = os.dup(handle)
        return at_home or namespace in seen
    finally:
        os.close(handle)


_NAMESPACES: dict[Path, dict[int, int]] = {}
"""The known PID namespaces of each run, by number, with an open handle.

Without an open handle, the kernel may assign the number to the next namespace, for example of a
parallel test, whose programs must not be counted or killed.
"""


def _wait(run: subprocess.Popen[str], scratch: Path, name: str) -> int:
    """Waits for a program of the run and returns its process id."""
    deadline = time.monotonic() + 240
    while run.poll() is None and time.monotonic() < deadline:
        for pid, line in _processes(scratch).items():
            if name in _program(pid, line):
                return pid
        time.sleep(0.1)
    raise AssertionError(f"{name} did not start: {_processes(scratch)}")


def _program(pid: int, line: str) -> str:
    """The programs of Argo CD are one binary; an environment variable selects the program."""
    try:
        env = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""
    own = re.search(r"ARGOCD_BINARY_NAME=([a-z-]+)", env)
    return own.group(1) if own else line.split(" ")[0]


def _nothing_left(scratch: Path) -> None:
    deadline = time.monotonic() + 60
    while _processes(scratch) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _processes(scratch)
    mounts = Path("/proc/self/mountinfo").read_text()
    assert str(scratch) not in mounts


def test_the_command_is_killed(repository: Path, scratch: Path) -> None:
    run = _start(repository, scratch)
    _wait(run, scratch, "argocd-application-controller")
    run.kill()
    run.communicate()
    _nothing_left(scratch)
    assert list(scratch.glob("*/*")), "a killed command cannot tidy up"
    after = _start(repository, scratch, "--dry-run")
    _, messages = after.communicate(timeout=300)
    assert after.returncode == 0, messages
    assert "the temporary directory of a killed rehearsal" in messages
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_is_stopped(repository: Path, scratch: Path, number: int) -> None:
    run = _start(repository, scratch)
    _wait(run, scratch, "argocd-repo-server")
    run.send_signal(number)
    run.communicate(timeout=120)
    assert run.returncode == 130
    _nothing_left(scratch)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    "name", ["kube-apiserver", "etcd", "argocd-application-controller", "redis-server"]
)
def test_a_program_is_killed(repository: Path, scratch: Path, name: str) -> None:
    run = _start(repository, scratch)
    pid = _wait(run, scratch, name)
    _wait(run, scratch, "argocd-application-controller")
    os.kill(pid, signal.SIGKILL)
    _, messages = run.communicate(timeout=300)
    assert run.returncode == 3, messages
    assert f"{name} was killed by signal 9" in messages
    _nothing_left(scratch)
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("name", ["kube-apiserver", "argocd-application-controller"])
def test_a_program_hangs(repository: Path, scratch: Path, name: str) -> None:
    run = _start(repository, scratch)
    pid = _wait(run, scratch, name)
    _wait(run, scratch, "argocd-application-controller")
    os.kill(pid, signal.SIGSTOP)
    _, messages = run.communicate(timeout=400)
    assert run.returncode == 3, messages
    assert f"{name} does not respond" in messages
    _nothing_left(scratch)


def test_two_at_once_do_not_meet(repository: Path, scratch: Path) -> None:
    runs = [_start(repository, scratch, "--dry-run", "--format", "json") for _ in range(2)]
    for run in runs:
        output, messages = run.communicate(timeout=300)
        assert run.returncode == 0, messages
        assert json.loads(output)["good"]
    _nothing_left(scratch)
    assert not list(scratch.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_the_disk_is_full(repository: Path, tmp_path: Path) -> None:
    small = Path(tempfile.mkdtemp(dir=tmp_path))
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(small)], check=True)
    try:
        run = _start(repository, small)
        _, messages = run.communicate(timeout=300)
        assert run.returncode == 3, messages
        assert re.search(r"no space left on device", messages, re.IGNORECASE), messages
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)


@pytest.fixture(autouse=True)
def _no_stray(scratch: Path) -> Iterator[None]:
    yield
    for pid in _processes(scratch):
        os.kill(pid, signal.SIGKILL)
    for handle in _NAMESPACES.pop(scratch).values():
        os.close(handle)
