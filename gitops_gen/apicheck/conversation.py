"""Requests to the program and their answers, while processes of it may stop and are replaced."""

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
"""The reason of Refused where the program stops at a request each time."""
_MOST_STOPS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a program may take: the slowest object that it accepts takes a few."""

    start: float = PATIENCE
    answer: float = 60


class Conversation:
    """Requests may be sent ahead: answers come in their order."""

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
        """Bytes of the requests that have no answer yet."""
        self.ready = Ready()
        self._running()

    def send(self, number: int, line: bytes) -> None:
        if self._process is not None:
            self._process.send(line)
        self._waiting.append((number, line))
        self.ahead += len(line)

    def receive(self) -> dict[str, Any]:
        """The result of the request that waits longest. Raises Refused or ToolFailed."""
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
        """What each later process is told before anything else."""
        self._to_repeat.append(line)

    def close(self) -> None:
        """Ends the process, and with it what waits for an answer."""
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
        """The next answer, of a second process if the first one stops."""
        try:
            return self._attempt()
        except Stopped:
            pass
        try:
            return self._attempt()
        except Stopped as stopped:
            message = f"apicheck failed at this object twice: {stopped}"
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
