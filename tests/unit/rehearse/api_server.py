"""An HTTP server on a Unix socket that returns recorded responses of an API server.

`python -m tests.unit.rehearse.api_server … proxy --unix-socket=…` runs it like `kubectl proxy`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socket import SHUT_RD
from socketserver import ThreadingUnixStreamServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from gitops_gen import yaml
from gitops_gen.rehearse.servers.api import Server
from tests.repository import ROOT

KINDS = Path(__file__).with_name("api") / "kinds.yaml"
NOT_FOUND = {"kind": "Status", "status": "Failure", "message": "the server could not find it"}


@dataclass(frozen=True, slots=True)
class Recorded:
    body: Any
    status: int = 200
    warnings: tuple[str, ...] = ()


@dataclass
class ApiServer:
    """The responses by method and path. The last of several responses is repeated."""

    answers: Mapping[str, list[Recorded]]
    streams: dict[str, list[list[Any]]] = field(default_factory=dict)
    """The events of each watch of a path, in the order of the watches."""
    requests: list[str] = field(default_factory=list)
    queries: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)
    """The requests that applied an object, except dry runs."""

    def answer(self, request: str) -> Recorded:
        answers = self.answers.get(request, [Recorded(NOT_FOUND, 404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def answers(**changed: Recorded | list[Recorded]) -> dict[str, list[Recorded]]:
    """Returns the discovery of kinds and the responses `changed`, by method and path."""
    kinds = yaml.yaml_load(KINDS.read_bytes(), KINDS.name)
    found = {f"GET {path}": [Recorded(body)] for path, body in kinds.items()}
    more = {key: value if isinstance(value, list) else [value] for key, value in changed.items()}
    return {**found, **more}


class _Server(ThreadingUnixStreamServer):
    """A server that closes its connections when it ends. Otherwise its threads would not end."""

    daemon_threads = True

    def __init__(self, address: str, handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[Any] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for request in tuple(self._open):
            with suppress(OSError):
                request.shutdown(SHUT_RD)


@contextmanager
def serving(api: ApiServer, address: Path) -> Iterator[Server]:
    with _Server(str(address), _handler(api)) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Server("localhost", 0, socket=address)
        server.shutdown()


def _handler(api: ApiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if "watch" in parse_qs(url.query):
                self._stream(api.streams.get(url.path, []))
            else:
                self._answer()

        def do_PATCH(self) -> None:
            self._answer()

        def _answer(self) -> None:
            url = urlsplit(self.path)
            request = f"{self.command} {url.path}"
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            api.requests.append(request)
            query = api.queries[request] = parse_qs(url.query)
            if "fieldManager" in query and "dryRun" not in query:
                api.applied.append(request)
            found = api.answer(request)
            data = json.dumps(found.body).encode()
            self.send_response(found.status)
            for text in found.warnings:
                self.send_header("Warning", f'299 - "{text}"')
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, streams: list[list[Any]]) -> None:
            self.close_connection = True
            self.send_response(200)
            self.end_headers()
            for event in streams.pop(0) if streams else ():
                self.wfile.write(json.dumps(event).encode() + b"\n")

        def log_message(self, *_: Any) -> None:
            """Logs nothing; tests read `requests`."""

    return Handler


SERVES = f"""\
echo "$@" > "$(dirname "$0")/arguments"
PYTHONPATH={ROOT} exec {sys.executable} -m tests.unit.rehearse.api_server "$@"
"""


def kubectl(folder: Path, commands: str = SERVES) -> str:
    """Creates a program that serves recorded responses in place of `kubectl proxy`."""
    path = folder / "bin" / "kubectl"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{commands}")
    path.chmod(0o755)
    return str(path)


def main() -> None:
    [address] = [a.partition("=")[2] for a in sys.argv if a.startswith("--unix-socket=")]
    namespace = Recorded({"kind": "Namespace", "metadata": {"name": "app"}})
    api = ApiServer(answers(**{"PATCH /api/v1/namespaces/app": namespace}))
    with _Server(address, _handler(api)) as server:
        sys.stdout.write(f"Starting to serve on {address}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
