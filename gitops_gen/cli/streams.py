"""Standard output and error: whatever is said can be written, or the run says that it was not."""

from __future__ import annotations

import errno
import io
import sys
from typing import TYPE_CHECKING, TextIO

from gitops_gen.errors import ToolFailed

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def prepare() -> None:
    """Before anything is said. What cannot be written to standard error is left unsaid."""
    sys.stdout = _prepared(sys.stdout, _Output)
    sys.stderr = _prepared(sys.stderr, _Remarks)


class _Output(io.FileIO):
    """Fails once, so that the run ends and says so, and not again when Python flushes it."""

    lost = False

    def write(self, data: ReadableBuffer, /) -> int:
        if self.lost:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            self.lost = True
            if error.errno == errno.EPIPE:
                raise  # whoever read it has gone, of which click knows
            raise ToolFailed(_unsaid(error)) from error


class _Remarks(io.FileIO):
    """How a run ends does not hang on whether anybody hears of it."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _unsaid(error: OSError) -> str:
    return (
        f"standard output cannot be written: {error.strerror}; only this report is lost, "
        "what was to be changed in files is changed"
    )


def _prepared(stream: TextIO, raw: type[io.FileIO]) -> TextIO:
    """The stream over `raw`; where it is none of the system's, or closed, it stays as it is."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    try:
        number = stream.fileno()
    except OSError:
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(raw(number, "w", closefd=False)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
    )
