"""A Redis that holds a few values, for as long as a test runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def redis_serving(values: Mapping[str, str]) -> Iterator[int]:
    """Gives the port. `values` may change while it serves."""
    with ThreadingTCPServer(("127.0.0.1", 0), _handler(values)) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _handler(values: Mapping[str, str]) -> type[StreamRequestHandler]:
    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                command, argument = [self._word() for _ in range(int(line[1:]))]
                if command == "KEYS":
                    keys = [key for key in values if fnmatchcase(key, argument)]
                    self.wfile.write(b"*%d\r\n" % len(keys) + b"".join(map(_bulk, keys)))
                else:
                    self.wfile.write(_bulk(values[argument]))

        def _word(self) -> str:
            size = int(self.rfile.readline()[1:])
            return self.rfile.read(size + 2)[:-2].decode()

    return Handler


def _bulk(text: str) -> bytes:
    return b"$%d\r\n%s\r\n" % (len(text.encode()), text.encode())
