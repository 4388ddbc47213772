"""Standard output and standard error. A run fails with an error if it cannot write its output."""

from __future__ import annotations

import errno
import io
import sys
from typing import TYPE_CHECKING, TextIO

from gitops_gen.errors import ToolFailed

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def prepare() -> None:
    """Replaces both streams. This function must be called before anything is printed."""
    sys.stdout = _prepared(sys.stdout, _StandardOutput)
    sys.stderr = _prepared(sys.stderr, _StandardError)


class _StandardOutput(io.FileIO):
    """Standard output; a failed write ends the run with an error.

    Only the first write fails, because Python flushes the stream again when it exits.
    """

    lost = False

    def write(self, data: ReadableBuffer, /) -> int:
        if self.lost:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            self.lost = True
            if error.errno == errno.EPIPE:
                raise  # The reader has closed the pipe; click handles this.
            raise ToolFailed(_lost_output_message(error)) from error


class _StandardError(io.FileIO):
    """Standard error; a failed write is ignored and does not change the exit code."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _lost_output_message(error: OSError) -> str:
    return (
        f"standard output cannot be written: {error.strerror}; only this output is lost, "
        "all changes of files were written"
    )


def _prepared(stream: TextIO, raw: type[io.FileIO]) -> TextIO:
    """Returns a stream that writes through `raw`.

    A closed stream or a stream without a file descriptor is returned unchanged.
    """
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
