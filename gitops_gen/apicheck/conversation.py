"""Sends requests to the program and receives answers. A process that stops is replaced."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from gitops_gen.apicheck import wire
from gitops_gen.apicheck.process import ApicheckProcess, Nonsense, Stopped
from gitops_gen.apicheck.program import ADVICE, ApicheckProgram
from gitops_gen.apicheck.setup import PATIENCE, Ready, set_up, started
from gitops_gen.errors import ToolFailed

STOPPED = "Stopped"
"""The reason of Refused if the program stopped twice at a request."""
_MOST_STOPS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds the program may take. The slowest object takes a few seconds."""

    start: float = PATIENCE
    answer: float = 60


class Conversation:
    """Requests may be sent before earlier answers are received. Answers have their order."""

    def __init__(self, program: ApicheckProgram, kubernetes: str, patience: Patience) -> None:
        """Raises ToolFailed."""
        self._program = program
        self._kubernetes = kubernetes
        self._patience = patience
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._to_repeat: list[bytes] = []
        self._stops = 0
        self._process: ApicheckProcess | None = None
        self.ahead = 0
        """The number of bytes of all requests without an answer."""
        self.ready = Ready()
        self._running()

    def send(self, number: int, line: bytes) -> None:
        if self._process is not None:
            self._process.send(line)
        self._waiting.append((number, line))
        self.ahead += len(line)

    def receive(self) -> dict[str, Any]:
        """Returns the result of the oldest request without an answer. Raises Refused or
        ToolFailed."""
        try:
            answer = self._line()
        finally:
            number, request = self._waiting.popleft()
            self.ahead -= len(request)
        try:
            return wire.result(answer, number)
        except Nonsense as nonsense:
            raise self._useless(nonsense) from None

    def repeat_on_start(self, line: bytes) -> None:
        """Adds a line that is sent to each new process before all other requests."""
        self._to_repeat.append(line)

    def close(self) -> None:
        """Ends the process. Requests without an answer are dropped."""
        if self._process is not None:
            self._process.close()
            self._process = None
        self._waiting.clear()
        self.ahead = 0

    def _running(self) -> ApicheckProcess:
        if self._process is None:
            self._process = self._started()
            for line in [*self._to_repeat, *(line for _, line in self._waiting)]:
                self._process.send(line)
            for _ in self._to_repeat:
                self._process.receive(self._patience.answer)
        return self._process

    def _started(self) -> ApicheckProcess:
        process = started(self._program)
        try:
            self.ready = set_up(process, self._program, self._kubernetes, self._patience.start)
        except BaseException:
            process.close()
            raise
        return process

    def _line(self) -> bytes:
        """Returns the next answer, from a second process if the first one stops."""
        try:
            return self._attempt()
        except Stopped:
            pass
        try:
            return self._attempt()
        except Stopped as stopped:
            message = f"apicheck failed twice at this object: {stopped}"
            raise wire.Refused(STOPPED, message) from None

    def _attempt(self) -> bytes:
        try:
            return self._running().receive(self._patience.answer)
        except Nonsense as nonsense:
            raise self._useless(nonsense) from None
        except Stopped as stopped:
            self._end_process()
            self._stops += 1
            if self._stops >= _MOST_STOPS:
                reason = f"{self._program.path} stopped {self._stops} times, the last time because"
                raise ToolFailed(f"{reason} {stopped}") from None
            raise

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None

    def _useless(self, nonsense: Nonsense) -> ToolFailed:
        return ToolFailed(f"{self._program.path} gave {nonsense}; {ADVICE}")
