"""Git as a reader of objects: it never writes, fetches, filters or asks anybody anything."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from gitops_gen.errors import ToolFailed
from gitops_gen.model import printable

SECONDS = 60.0
"""How long Git may take before it gives the next bytes: it may stand on a network file system."""
_LONGEST_ANSWER = 1 << 20
"""Bytes: Git answers with a line, and what prints without end must not fill the memory."""
_LONGEST_HEADER = 1000

# Set in a hook, where they stand for the repository of the hook and not for the one asked about.
# What stands for configuration (GIT_CONFIG_…, where a CI admits a folder) is kept.
_OF_A_HOOK = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
_ALWAYS = {
    # What stands in for an object or a parent on this machine alone does not reach Argo CD.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    # A partial clone would fetch what it lacks; older versions obey the protocol list only.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_ADVICE = (
    ": the repository is a partial clone, or damaged; clone it without --filter, or see what git "
    "fsck says"
)


# How Git itself begins when it refuses; what only looks like Git fails in other words.
_REFUSAL = re.compile(r"\b(fatal|error): ")
# What it may print beside a refusal with --quiet, which has no words.
_REMARKS = re.compile(r"(warning|hint): |\Z")
_NO_WORDS = "it does not say why"
# <name> <kind> <size>, or that there is no such object.
_HEADER = re.compile(rb"[0-9a-f]+ (missing|ambiguous|(blob|tree|commit|tag) [0-9]{1,15})\n")


@dataclass(frozen=True, slots=True)
class GitOutput:
    """What Git printed, or what it complained of; `problem` is empty if it succeeded."""

    output: bytes
    problem: str


@dataclass(frozen=True, slots=True)
class Git:
    """The Git of this machine, run in one folder."""

    program: str
    folder: str

    @classmethod
    def on_path(cls, folder: str) -> Git:
        """Raises ToolFailed where there is none."""
        program = shutil.which("git")
        if program is None:
            raise ToolFailed("git is not on PATH; install it with your system's packages")
        return cls(program, folder)

    def run(self, *arguments: str) -> GitOutput:
        """Raises ToolFailed when it does not answer, or not as Git does."""
        code, output, error = self._finished(arguments)
        if not code:
            return GitOutput(output, "")
        words = printable(" ".join(os.fsdecode(error).split()))
        quietly = "--quiet" in arguments and code in (1, 128) and _REMARKS.match(words)
        if quietly or _REFUSAL.search(words):
            return GitOutput(b"", words or f"exit code {code}")
        raise ToolFailed(f"git {arguments[0]} failed with exit code {code}: {words or _NO_WORDS}")

    def _finished(self, arguments: Sequence[str]) -> tuple[int, bytes, bytes]:
        """Its exit code and what it printed on both streams."""
        with self.start(arguments, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            try:
                output, error = self._received(process, arguments[0])
                return process.wait(SECONDS), output, error
            except subprocess.TimeoutExpired as expired:
                raise ToolFailed(_silent(arguments[0])) from expired
            finally:
                process.kill()

    def nonsense(self, command: str) -> ToolFailed:
        """For an answer that a git which works never gives, whatever it was asked."""
        return ToolFailed(
            f"git {command} gave an answer that Git never gives; see whether {self.program} is Git "
            "(git --version) and whole, or what stands before it on PATH"
        )

    def start(
        self, arguments: Sequence[str], stdin: int, stderr: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Raises ToolFailed for a file that is no program."""
        try:
            return subprocess.Popen(
                self.command(arguments),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=environment(),
                bufsize=0,
            )
        except OSError as error:
            raise ToolFailed(f"{self.program} cannot be run: {error.strerror}") from error

    def _received(self, process: subprocess.Popen[bytes], command: str) -> tuple[bytes, bytes]:
        """All that it prints on both streams, until it closes them."""
        pipes = [pipe for pipe in (process.stdout, process.stderr) if pipe]
        received = {pipe: bytearray() for pipe in pipes}
        deadline = time.monotonic() + SECONDS
        while pipes:
            for pipe in _ready(pipes, command, deadline - time.monotonic()):
                part = os.read(pipe.fileno(), 1 << 16)
                received[pipe] += part
                if len(received[pipe]) > _LONGEST_ANSWER:
                    raise self.nonsense(command)
                if not part:
                    pipes.remove(pipe)
        output, error = received.values()
        return bytes(output), bytes(error)

    def command(self, arguments: Sequence[str]) -> list[str]:
        # What it says about our GIT_GRAFT_FILE is no message of the repository.
        quiet = ("-c", "advice.graftFileDeprecated=false")
        return [self.program, "--no-pager", *quiet, "-C", self.folder, *arguments]


def environment() -> dict[str, str]:
    names = (name for name in os.environ if name not in _OF_A_HOOK)
    # What GIT_TRACE prints stands between the words of a refusal.
    inherited = {n: os.environ[n] for n in names if not n.startswith("GIT_TRACE")}
    return {**inherited, **_ALWAYS}


def _ready(pipes: list[IO[bytes]], command: str, seconds: float) -> list[IO[bytes]]:
    """Those that can be read; raises ToolFailed when none can for so long."""
    ready = select.select(pipes, [], [], max(0.0, seconds))[0]
    if not ready:
        raise ToolFailed(_silent(command))
    return list(ready)


@dataclass(slots=True)
class ObjectReader:
    """`git cat-file --batch`: one process gives any number of objects, byte for byte as stored."""

    git: Git
    _process: subprocess.Popen[bytes] | None = None
    _buffer: bytearray = field(default_factory=bytearray, repr=False)

    def read(self, name: str, kind: str, limit: int | None = None) -> bytes | None:
        """The object's content; None where it is larger than `limit`.

        `name` is one that Git printed, never a text of the user's. Raises ToolFailed where the
        repository does not hold it.
        """
        size = self._size(name, kind)
        if limit is not None and size > limit:
            self.close()  # What it would print is not read: the next object gets a new process.
            return None
        content = self._take(size)
        if self._take(1) != b"\n":
            raise self._nonsense()
        return content

    def require(self, name: str | None) -> None:
        """Raises ToolFailed for an object that the repository names and does not hold."""
        if name is not None and self._header(name).endswith(b" missing\n"):
            raise _not_given("object", name)
        self.close()

    def close(self) -> None:
        """Ends the process; what is asked for afterwards starts another."""
        process, self._process = self._process, None
        self._buffer.clear()
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        process.wait()

    def _size(self, name: str, kind: str) -> int:
        header = self._header(name)
        if not header.startswith(f"{name} {kind} ".encode()):
            raise _not_given(kind, name)
        return int(header.split()[2])

    def _header(self, name: str) -> bytes:
        self._ask(name)
        header = self._line()
        if not _HEADER.fullmatch(header) or not header.startswith(name.encode()):
            raise self._nonsense()
        return header

    def _ask(self, name: str) -> None:
        process = self._running()
        try:
            if process.stdin:
                process.stdin.write(f"{name}\n".encode())
        except OSError as error:
            raise self._ended() from error

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            arguments = ["cat-file", "--batch"]
            self._process = self.git.start(arguments, stdin=subprocess.PIPE)
        return self._process

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LONGEST_HEADER:
                raise self._nonsense()
            self._receive()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._receive()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _receive(self) -> None:
        pipes = [pipe for pipe in (self._running().stdout,) if pipe]
        try:
            [output] = _ready(pipes, "cat-file", SECONDS)
        except ToolFailed:
            self.close()
            raise
        received = os.read(output.fileno(), 1 << 18)
        if not received:
            raise self._ended()
        self._buffer += received

    def _nonsense(self) -> ToolFailed:
        self.close()
        return self.git.nonsense("cat-file")

    def _ended(self) -> ToolFailed:
        self.close()
        return ToolFailed(f"git cat-file ended before it gave an object{_ADVICE}")


def _silent(command: str) -> str:
    return f"git {command} gave no answer for {SECONDS:.0f} s"


def _not_given(kind: str, name: str) -> ToolFailed:
    return ToolFailed(f"git does not give the {kind} {printable(name[:12])}{_ADVICE}")
