"""One process of the program. Lines are written to it and read from it, with a time limit."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from collections import deque
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import IO

_CHUNK = 1 << 18
_LONGEST_LINE = 64 << 20
"""An object has at most 3 MiB, and an answer may contain it several times, with escapes."""
_KEPT_ERRORS = 2000
_SECONDS_TO_END = 5


class Stopped(Exception):
    """The process gives no further answer. The text is the reason: "it ended with exit code 2"."""


class Nonsense(Exception):
    """An answer does not follow the protocol. The text describes the answer."""


class ApicheckProcess:
    """A process without environment variables. Ctrl-C in a terminal does not reach it."""

    def __init__(self, path: Path) -> None:
        """Raises OSError if it cannot be started."""
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [path],
            bufsize=0,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env={},
            cwd="/",
            start_new_session=True,
        )
        self._input, self._output, self._errors = map(
            _unblocked, (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ, self._read_answers)
        self._selector.register(self._errors, selectors.EVENT_READ, self._read_errors)
        self._unsent = bytearray()
        self._unfinished = bytearray()
        self._lines: deque[bytes] = deque()
        self._last_errors = b""

    def send(self, line: bytes) -> None:
        """Queues a line. `receive` writes it."""
        if not self._unsent:
            self._selector.register(self._input, selectors.EVENT_WRITE, self._write)
        self._unsent += line

    def receive(self, patience: float) -> bytes:
        """Returns the next line. Raises Stopped if there is none within that many seconds."""
        deadline = monotonic() + patience
        while not self._lines:
            remaining = deadline - monotonic()
            if self._output.closed:
                raise Stopped(self._ending())
            if remaining <= 0:
                raise Stopped(f"it gave no answer within {patience:g} s")
            for key, _ in self._selector.select(remaining):
                key.data()
        return self._lines.popleft()

    def last_errors(self) -> str:
        """Returns the end of its standard error."""
        return self._last_errors.decode(errors="replace").strip()

    def close(self) -> None:
        """Kills the process and its children. They have no state that could be lost."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._selector.close()
        for pipe in (self._input, self._output, self._errors):
            pipe.close()

    def _write(self) -> None:
        try:
            written = os.write(self._input.fileno(), self._unsent[:_CHUNK])
        except BrokenPipeError:
            # The process has ended. Its earlier answers and its exit code are read by `receive`.
            written = len(self._unsent)
        del self._unsent[:written]
        if not self._unsent:
            self._selector.unregister(self._input)

    def _read_answers(self) -> None:
        data = os.read(self._output.fileno(), _CHUNK)
        if not data:
            self._selector.unregister(self._output)
            self._output.close()
        self._unfinished += data
        if b"\n" in data:
            *lines, rest = bytes(self._unfinished).split(b"\n")
            self._lines.extend(lines)
            self._unfinished = bytearray(rest)
        if len(self._unfinished) > _LONGEST_LINE:
            raise Nonsense(f"an answer of more than {_LONGEST_LINE >> 20} MiB")

    def _read_errors(self) -> None:
        data = os.read(self._errors.fileno(), _CHUNK)
        if not data:
            self._selector.unregister(self._errors)
        self._last_errors = (self._last_errors + data)[-_KEPT_ERRORS:]

    def _ending(self) -> str:
        try:
            code = self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return "it closed its output"
        if code == -signal.SIGKILL:
            return "it was killed, probably because the machine had no memory left"
        return f"it ended by signal {-code}" if code < 0 else f"it ended with exit code {code}"


def _unblocked(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - Popen makes the pipes that it is asked for
    os.set_blocking(pipe.fileno(), False)
    return pipe
