"""Git as a reader of objects: it never writes, fetches, filters or asks anybody anything."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from gitops_gen.errors import ToolFailed
from gitops_gen.model import printable

SECONDS = 60.0
"""How long Git may take before it gives the next bytes: it may stand on a network file system."""

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
        """Raises ToolFailed when it does not answer."""
        try:
            result = subprocess.run(
                self.command(arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=environment(),
                check=False,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise ToolFailed(_silent(arguments[0])) from error
        words = printable(" ".join(os.fsdecode(result.stderr).split()))
        if result.returncode:
            return GitOutput(b"", words or f"exit code {result.returncode}")
        return GitOutput(result.stdout, "")

    def command(self, arguments: Sequence[str]) -> list[str]:
        return [self.program, "--no-pager", "-C", self.folder, *arguments]


def environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {**inherited, **_ALWAYS}


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
        self._take(1)
        return content

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
        self._ask(name)
        header = self._line().split()
        if len(header) != 3 or header[1] != kind.encode():
            raise ToolFailed(f"git does not give the {kind} {printable(name[:12])}{_ADVICE}")
        return int(header[2])

    def _ask(self, name: str) -> None:
        process = self._running()
        try:
            if process.stdin:
                process.stdin.write(f"{name}\n".encode())
        except OSError as error:
            raise self._ended() from error

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                self.git.command(["cat-file", "--batch"]),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                bufsize=0,
            )
        return self._process

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            self._receive()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._receive()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _receive(self) -> None:
        output = self._running().stdout
        if output is None or not select.select([output], [], [], SECONDS)[0]:
            self.close()
            raise ToolFailed(_silent("cat-file"))
        received = os.read(output.fileno(), 1 << 18)
        if not received:
            raise self._ended()
        self._buffer += received

    def _ended(self) -> ToolFailed:
        self.close()
        return ToolFailed(f"git cat-file ended before it gave an object{_ADVICE}")


def _silent(command: str) -> str:
    return f"git {command} gave no answer for {SECONDS:.0f} s"
