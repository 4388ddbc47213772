"""Programs that run beside us: who ended and who hangs is told apart."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.servers import processes
from gitops_gen.rehearse.servers.processes import Process, Processes
from tests.waiting import LIMIT

SERVER = """\
import os, signal, socket, sys, time
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
{then}
"""
WELL = """\
while True:
    talk, _ = listening.accept()
    talk.recv(1000)
    talk.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
"""
HANGS = "time.sleep(300)"
DYING = """\
listening.close()
print("closed", flush=True)
time.sleep(0.5)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Processes:
    """None is given up because the machine is slow."""
    monkeypatch.setattr(processes, "ANSWER", LIMIT)
    (tmp_path / "logs").mkdir()
    return Processes(tmp_path / "logs")


def _start(programs: Processes, name: str, then: str, lines: int = 1) -> Process:
    """A program that listens, and whose health is asked where it listens."""
    command = [sys.executable, "-c", SERVER.format(then=then)]
    process = programs.start(name, command, dict(os.environ))
    programs.wait(process, lambda: process.log.read_text().count("\n") == lines, LIMIT)
    port = process.log.read_text().split()[0]
    known = Process(name, process.log, f"http://127.0.0.1:{port}/healthz", process.popen)
    programs.started[programs.started.index(process)] = known
    return known


def test_all_answer(programs: Processes) -> None:
    process = _start(programs, "one", WELL)
    try:
        programs.require_answers()
    finally:
        process.popen.kill()
        process.popen.wait()


def test_one_hangs(programs: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ANSWER", 1.0)
    process = _start(programs, "one", HANGS)
    try:
        with pytest.raises(ToolFailed, match="one does not answer within 1 s"):
            programs.require_answers()
    finally:
        process.popen.kill()
        process.popen.wait()


def test_one_is_dying(programs: Processes) -> None:
    """Its port is closed already, and it has not ended yet."""
    _start(programs, "one", DYING, lines=2)
    with pytest.raises(ToolFailed, match="one was killed by signal 9"):
        programs.require_answers()


def test_one_that_answers_no_more_because_another_is_dying(programs: Processes) -> None:
    """Who ended first is named, whichever was asked first."""
    _start(programs, "first", "listening.close()\nprint('closed', flush=True)\ntime.sleep(300)", 2)
    _start(programs, "second", DYING, lines=2)
    try:
        with pytest.raises(ToolFailed, match="second was killed by signal 9"):
            programs.require_answers()
    finally:
        programs.started[0].popen.kill()
        programs.started[0].popen.wait()


def test_one_that_gave_up_because_another_hangs(
    programs: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program that does not answer is named, and not the one that called it in vain."""
    monkeypatch.setattr(processes, "ANSWER", 1.0)
    server = _start(programs, "server", HANGS)
    caller = programs.start(
        "caller", [sys.executable, "-c", "raise SystemExit(1)"], dict(os.environ)
    )
    caller.popen.wait()
    try:
        with pytest.raises(ToolFailed, match="server does not answer within 1 s"):
            programs.check()
    finally:
        server.popen.kill()
        server.popen.wait()
