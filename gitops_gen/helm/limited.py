"""Runs a program whose output is limited, so that a chart cannot fill the memory."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
from collections.abc import Sequence
from contextlib import suppress

_CHUNK = 1 << 20


class OutputTooLarge(Exception):
    """The program printed more than the limit, and was stopped."""


async def run_limited(command: Sequence[str], largest: int) -> tuple[int, bytes, bytes]:
    """Returns the exit code, the output and the errors. Raises OutputTooLarge.

    `exec` replaces the shell by the program, so that a signal to the process stops the program.
    """
    process = await asyncio.create_subprocess_shell(
        f"exec {shlex.join(command)}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None  # noqa: S101  # It is a pipe.
    assert process.stderr is not None  # noqa: S101
    readers = [
        asyncio.ensure_future(_read(stream, largest)) for stream in (process.stdout, process.stderr)
    ]
    try:
        output, errors = await asyncio.gather(*readers)
        return await process.wait(), output, errors
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        await _end(process)


async def _read(stream: asyncio.StreamReader, largest: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := await stream.read(_CHUNK):
        size += len(chunk)
        if size > largest:
            raise OutputTooLarge
        chunks.append(chunk)
    return b"".join(chunks)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kills a program that still runs, with the programs that it started."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    # The rest of the output must be read: asyncio waits for the end of the pipes.
    await process.communicate()
