"""Reading one value of a Redis: where Argo CD keeps its comparisons."""

from __future__ import annotations

import socket
from io import BufferedRWPair

from gitops_gen.errors import ToolFailed

PORT = 6379


def get(pattern: str) -> bytes | None:
    """The value of the first key that fits; None where there is none."""
    try:
        return _get(pattern)
    except OSError as error:
        raise ToolFailed(f"redis-server does not answer: {error}") from error


def _get(pattern: str) -> bytes | None:
    with socket.create_connection(("127.0.0.1", PORT), timeout=10) as connection:
        stream = connection.makefile("rwb")
        keys = _command(stream, b"KEYS", pattern.encode())
        if not isinstance(keys, list) or not keys:
            return None
        value = _command(stream, b"GET", keys[0])
        return value if isinstance(value, bytes) else None


def _command(stream: BufferedRWPair, *words: bytes) -> bytes | list[bytes] | None:
    parts = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
    stream.write(b"*%d\r\n%s" % (len(words), parts))
    stream.flush()
    return _answer(stream)


def _answer(stream: BufferedRWPair) -> bytes | list[bytes] | None:
    line = stream.readline().rstrip(b"\r\n")
    kind, number = line[:1], line[1:]
    if kind == b"$":
        return None if number == b"-1" else stream.read(int(number) + 2)[:-2]
    if kind == b"*":
        found = (_answer(stream) for _ in range(int(number)))
        return [item for item in found if isinstance(item, bytes)]
    return number
