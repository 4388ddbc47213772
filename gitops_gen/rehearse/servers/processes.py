"""Starts the programs of a rehearsal, waits until they are ready, and reports if one ends."""

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
RESPONSE_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Process:
    """A running program."""

    name: str
    log: Path
    """The file with its output."""
    health: str | None
    """The URL of its health check, for example "http://127.0.0.1:8082/healthz"."""
    popen: subprocess.Popen[bytes] = field(repr=False)

    @property
    def ended(self) -> bool:
        return self.popen.poll() is not None

    def failure(self, problem: str) -> ToolFailed:
        return ToolFailed(f"{self.name} {problem}{last_lines(self.log)}")

    def timeout(self) -> ToolFailed:
        return self.failure(f"does not respond within {RESPONSE_TIMEOUT_SECONDS:.0f} s")


@dataclass(frozen=True, slots=True)
class Processes:
    """The programs that a rehearsal started. They end together with the PID namespace."""

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
                raise ToolFailed(f"{command[0]} cannot be started: {error.strerror}") from error
        process = Process(name, log, health, popen)
        self.started.append(process)
        return process

    def check(self) -> None:
        """Raises ToolFailed if a program has ended."""
        for index, process in enumerate(self.started):
            if process.ended:
                raise _cause(process, self.started[:index])

    def require_answers(self) -> None:
        """Raises ToolFailed if a program has ended, or if it runs and does not respond.

        A program that is terminating refuses connections before its end is visible. Therefore a
        program that does not respond is checked again, together with all others, until the timeout.
        """
        for process in self.started:
            self.check()
            deadline = time.monotonic() + RESPONSE_TIMEOUT_SECONDS
            while process.health and not _answers(process.health):
                self.check()
                if time.monotonic() > deadline:
                    raise process.timeout()
                time.sleep(0.05)

    def wait(self, process: Process, ready: Callable[[], bool], seconds: float) -> None:
        """Waits until `ready` returns true.

        Raises ToolFailed if any program ends, or if this one is not ready within `seconds`.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise process.failure(f"was not ready after {seconds:.0f} s")
            time.sleep(0.05)

    def memory(self) -> int:
        """Returns the present memory of all programs in bytes."""
        pages = (_resident_pages(process.popen.pid) for process in self.started)
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def _cause(ended: Process, started_earlier: Sequence[Process]) -> ToolFailed:
    """Returns the error for a program that has ended.

    A program exits if another program that was started before it does not respond to its requests.
    """
    code = ended.popen.returncode
    for process in started_earlier if code > 0 else ():
        if process.health and not process.ended and not _answers(process.health):
            return process.timeout()
    return ended.failure(ending(code))


def last_lines(log: Path) -> str:
    """Returns the end of a log for a message, or an empty text if there is no log."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-200:]
    except OSError:
        return ""
    # The stack traces of a Go program follow its message and are cut off.
    panics = [index for index, line in enumerate(lines) if line.startswith(("panic:", "goroutine"))]
    end = panics[0] + 1 if panics else len(lines)
    return "".join(f"\n  {line[:400]}" for line in lines[max(0, end - LAST_LINES) : end])


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    host_and_port = (str(parts.hostname), int(parts.port or 0))
    try:
        if not parts.path:
            return _redis_answers(host_and_port)
        connection = HTTPConnection(*host_and_port, timeout=RESPONSE_TIMEOUT_SECONDS)
        if parts.scheme == "https":
            # The program uses a self-signed certificate.
            context = ssl._create_unverified_context()  # noqa: S323
            connection = HTTPSConnection(
                *host_and_port, timeout=RESPONSE_TIMEOUT_SECONDS, context=context
            )
        connection.request("GET", parts.path)
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False


def _redis_answers(host_and_port: tuple[str, int]) -> bool:
    with socket.create_connection(host_and_port, timeout=RESPONSE_TIMEOUT_SECONDS) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")


def ending(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


def _resident_pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
