"""Standard output and error. Where output cannot be written, the run fails and reports that."""

from __future__ import annotations

import errno
import io
import sys
from typing import TYPE_CHECKING, TextIO

from gitops_gen.errors import ToolFailed

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def prepare() -> None:
    """To be called before anything is printed."""
    sys.stdout = _prepared(sys.stdout, _StandardOutput)
    sys.stderr = _prepared(sys.stderr, _StandardError)


class _StandardOutput(io.FileIO):
    """Its failure ends the run, which reports it. It fails only once: Python flushes it again."""

    lost = False

    def write(self, data: ReadableBuffer, /) -> int:
        if self.lost:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            self.lost = True
            if error.errno == errno.EPIPE:
                raise  # The reader of the output has gone, which click handles.
            raise ToolFailed(_not_written(error)) from error


class _StandardError(io.FileIO):
    """Its failure changes nothing about how a run ends."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _not_written(error: OSError) -> str:
    return (
        f"standard output cannot be written: {error.strerror}; only this report is lost, "
        "what was to be changed in files is changed"
    )


def _prepared(stream: TextIO, raw: type[io.FileIO]) -> TextIO:
    """The stream over `raw`; a stream without a file descriptor, or a closed one, is unchanged."""
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
