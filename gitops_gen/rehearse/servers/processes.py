"""The programs of a rehearsal: they are started, waited for, and reported when one of them ends."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from gitops_gen.errors import ToolFailed

LAST_LINES = 12
ANSWER = 10.0


@dataclass(frozen=True, slots=True)
class Process:
    """One program."""

    name: str
    log: Path
    """What it prints."""
    health: str | None
    """Where it says that it is well, for instance "http://127.0.0.1:8082/healthz"."""
    popen: subprocess.Popen[bytes] = field(repr=False)

    @property
    def ended(self) -> bool:
        return self.popen.poll() is not None

    def failure(self, problem: str) -> ToolFailed:
        return ToolFailed(f"{self.name} {problem}{last_lines(self.log)}")


@dataclass(frozen=True, slots=True)
class Processes:
    """All programs that a rehearsal started; the PID namespace ends them with the rehearsal."""

    logs: Path
    started: list[Process] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        health: str | None = None,
    ) -> Process:
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            try:
                popen = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=dict(env),
                    cwd=self.logs.parent,
                )
            except OSError as error:
                raise ToolFailed(f"{command[0]} does not start: {error.strerror}") from error
        process = Process(name, log, health, popen)
        self.started.append(process)
        return process

    def check(self) -> None:
        """Raises ToolFailed when one has ended, by itself or killed."""
        for index, process in enumerate(self.started):
            if process.ended:
                raise _cause(process, self.started[:index])

    def require_answers(self) -> None:
        """Raises ToolFailed when one has ended, or runs and does not answer.

        One that is just dying refuses connections before it can be seen to have ended: whoever
        does not answer is asked again, and all are looked at, until the time is over.
        """
        for process in self.started:
            self.check()
            deadline = time.monotonic() + ANSWER
            while process.health and not _answers(process.health):
                self.check()
                if time.monotonic() > deadline:
                    raise process.failure(f"does not answer within {ANSWER:.0f} s")
                time.sleep(0.05)

    def wait(self, process: Process, ready: Callable[[], bool], seconds: float) -> None:
        """Until `ready`; raises ToolFailed when any program ends or this one takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise process.failure(f"was not ready after {seconds:.0f} s")
            time.sleep(0.05)

    def memory(self) -> int:
        """Bytes that all of them hold in memory now."""
        pages = (_resident_pages(process.popen.pid) for process in self.started)
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def _cause(ended: Process, started_earlier: Sequence[Process]) -> ToolFailed:
    """Why a program has ended.

    A program gives up when one that was started before it, and that it calls, does not answer.
    """
    code = ended.popen.returncode
    for process in started_earlier if code > 0 else ():
        if process.health and not process.ended and not _answers(process.health):
            return process.failure(f"does not answer within {ANSWER:.0f} s")
    return ended.failure(ending(code))


def last_lines(log: Path) -> str:
    """The end of a log, for a message; empty where there is none."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-200:]
    except OSError:
        return ""
    # What a Go program says before it prints where it was.
    panics = [index for index, line in enumerate(lines) if line.startswith(("panic:", "goroutine"))]
    end = panics[0] + 1 if panics else len(lines)
    return "".join(f"\n  {line[:400]}" for line in lines[max(0, end - LAST_LINES) : end])


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    host_and_port = (str(parts.hostname), int(parts.port or 0))
    try:
        if not parts.path:
            return _redis_answers(host_and_port)
        connection = HTTPConnection(*host_and_port, timeout=ANSWER)
        if parts.scheme == "https":
            # Its certificate is one that it made for itself.
            context = ssl._create_unverified_context()  # noqa: S323
            connection = HTTPSConnection(*host_and_port, timeout=ANSWER, context=context)
        connection.request("GET", parts.path)
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False


def _redis_answers(host_and_port: tuple[str, int]) -> bool:
    with socket.create_connection(host_and_port, timeout=ANSWER) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")


def ending(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


def _resident_pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
