"""Reads objects with Git, without writes, downloads, filters or prompts."""

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
"""The longest wait for output of Git, which may read from a network file system."""
_LONGEST_ANSWER = 1 << 20
"""In bytes. Git prints one line; the limit protects the memory from endless output."""
LONGEST_LIST = 1 << 28
"""In bytes, for the paths of files: those of a few million files."""
_LONGEST_HEADER = 1000

# Git sets these variables in a hook, where they refer to the repository of the hook. Variables with
# configuration (GIT_CONFIG_…, with which CI services allow a folder) are kept.
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
    # Replacements of objects and parents exist only on this machine, and Argo CD does not see them.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    # Prevent a partial clone from fetching missing objects. Older versions of Git respect only the
    # list of protocols.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_ADVICE = (
    ": the repository is a partial clone or damaged; clone it without --filter, or run git fsck"
)


# The prefix of Git's error messages. Another program called git would print other messages.
_REFUSAL = re.compile(r"\b(fatal|error): ")
# Additional output of Git with --quiet, which has no error message.
_REMARKS = re.compile(r"(warning|hint): |\Z")
_NO_REASON = "it printed no reason"
# <name> <kind> <size>, or a message that the object does not exist.
_HEADER = re.compile(rb"[0-9a-f]+ (missing|ambiguous|(blob|tree|commit|tag) [0-9]{1,15})\n")


@dataclass(frozen=True, slots=True)
class GitOutput:
    """The output of Git, or its error message in `problem`, which is empty after a success."""

    output: bytes
    problem: str


@dataclass(frozen=True, slots=True)
class Git:
    """The Git executable of this machine, run in one folder."""

    program: str
    folder: str

    @classmethod
    def on_path(cls, folder: str) -> Git:
        """The Git on PATH. Raises ToolFailed if it is not installed."""
        program = shutil.which("git")
        if program is None:
            raise ToolFailed("git is not on PATH; install it with your system's packages")
        return cls(program, folder)

    def run(self, *arguments: str, limit: int = _LONGEST_ANSWER) -> GitOutput:
        """Runs Git. Raises ToolFailed if it does not respond, or if the program is not Git.

        The same is raised for an output of more than `limit` bytes.
        """
        code, output, error = self._finished(arguments, limit)
        if not code:
            return GitOutput(output, "")
        words = printable(" ".join(os.fsdecode(error).split()))
        quietly = "--quiet" in arguments and code in (1, 128) and _REMARKS.match(words)
        if quietly or _REFUSAL.search(words):
            return GitOutput(b"", words or f"exit code {code}")
        raise ToolFailed(f"git {arguments[0]} failed with exit code {code}: {words or _NO_REASON}")

    def _finished(self, arguments: Sequence[str], limit: int) -> tuple[int, bytes, bytes]:
        """Returns the exit code and the output of Git on both streams."""
        with self.start(arguments, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            try:
                output, error = self._received(process, arguments[0], limit)
                return process.wait(SECONDS), output, error
            except subprocess.TimeoutExpired as expired:
                raise ToolFailed(_silent(arguments[0])) from expired
            finally:
                process.kill()

    def nonsense(self, command: str) -> ToolFailed:
        """The error for output that a working Git never prints."""
        return ToolFailed(
            f"git {command} printed output that Git never prints; check whether {self.program} is "
            "a working Git (git --version), and which git is first on PATH"
        )

    def start(
        self, arguments: Sequence[str], stdin: int, stderr: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Starts Git. Raises ToolFailed if the file is not a program."""
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

    def _received(
        self, process: subprocess.Popen[bytes], command: str, limit: int
    ) -> tuple[bytes, bytes]:
        """The complete output of a process on both streams."""
        pipes = [pipe for pipe in (process.stdout, process.stderr) if pipe]
        received = {pipe: bytearray() for pipe in pipes}
        deadline = time.monotonic() + SECONDS
        while pipes:
            for pipe in _ready(pipes, command, deadline - time.monotonic()):
                part = os.read(pipe.fileno(), 1 << 16)
                received[pipe] += part
                if len(received[pipe]) > limit:
                    raise self.nonsense(command)
                if not part:
                    pipes.remove(pipe)
        output, error = received.values()
        return bytes(output), bytes(error)

    def command(self, arguments: Sequence[str]) -> list[str]:
        # Git prints advice about GIT_GRAFT_FILE, which is set above.
        quiet = ("-c", "advice.graftFileDeprecated=false")
        # The configuration of a repository may name a program that monitors its files.
        no_program = ("-c", "core.fsmonitor=false")
        return [self.program, "--no-pager", *quiet, *no_program, "-C", self.folder, *arguments]


def environment() -> dict[str, str]:
    names = (name for name in os.environ if name not in _OF_A_HOOK)
    # The output of GIT_TRACE would be mixed with the error messages.
    inherited = {n: os.environ[n] for n in names if not n.startswith("GIT_TRACE")}
    return {**inherited, **_ALWAYS}


def _ready(pipes: list[IO[bytes]], command: str, seconds: float) -> list[IO[bytes]]:
    """The pipes that can be read. Raises ToolFailed if there is none within `seconds`."""
    ready = select.select(pipes, [], [], max(0.0, seconds))[0]
    if not ready:
        raise ToolFailed(_silent(command))
    return list(ready)


@dataclass(slots=True)
class ObjectReader:
    """Reads objects as stored, with one process `git cat-file --batch`."""

    git: Git
    _process: subprocess.Popen[bytes] | None = None
    _buffer: bytearray = field(default_factory=bytearray, repr=False)

    def read(self, name: str, kind: str, limit: int | None = None) -> bytes | None:
        """The content of an object, or None if it is larger than `limit` bytes.

        `name` is an object name printed by Git, never input of the user. Raises ToolFailed if the
        repository does not contain the object.
        """
        size = self._size(name, kind)
        if limit is not None and size > limit:
            self.close()  # The content is not read, so the next object needs a new process.
            return None
        content = self._take(size)
        if self._take(1) != b"\n":
            raise self._nonsense()
        return content

    def require(self, name: str | None) -> None:
        """Raises ToolFailed for an object that the repository refers to but does not contain."""
        if name is not None and self._header(name).endswith(b" missing\n"):
            raise _not_given("object", name)
        self.close()

    def close(self) -> None:
        """Ends the process. The next read starts another one."""
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
        return ToolFailed(f"git cat-file ended before it printed an object{_ADVICE}")


def _silent(command: str) -> str:
    return f"git {command} did not respond within {SECONDS:.0f} s"


def _not_given(kind: str, name: str) -> ToolFailed:
    return ToolFailed(f"git cannot read the {kind} {printable(name[:12])}{_ADVICE}")
