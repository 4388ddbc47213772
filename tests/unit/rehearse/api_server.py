"""An HTTP server that answers what an API server answered, on a Unix socket.

`python -m tests.unit.rehearse.api_server … proxy --unix-socket=…` runs it as kubectl's proxy does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
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
    """The answers by method and path. Of several answers the last one is given again and again."""

    answers: Mapping[str, list[Recorded]]
    streams: dict[str, list[list[Any]]] = field(default_factory=dict)
    """The events of each watch of a path, one watch after the other."""
    requests: list[str] = field(default_factory=list)
    queries: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    applied: list[str] = field(default_factory=list)
    """The requests that applied an object, dry runs aside."""

    def answer(self, request: str) -> Recorded:
        answers = self.answers.get(request, [Recorded(NOT_FOUND, 404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def answers(**changed: Recorded | list[Recorded]) -> dict[str, list[Recorded]]:
    """The discovery of kinds, and `changed` by method and path ("GET /version")."""
    kinds = yaml.yaml_load(KINDS.read_bytes(), KINDS.name)
    found = {f"GET {path}": [Recorded(body)] for path, body in kinds.items()}
    more = {key: value if isinstance(value, list) else [value] for key, value in changed.items()}
    return {**found, **more}


@contextmanager
def serving(api: ApiServer, address: Path) -> Iterator[Server]:
    with ThreadingUnixStreamServer(str(address), _handler(api)) as server:
        server.daemon_threads = True
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
            """Says nothing: a test looks at `requests`."""

    return Handler


SERVES = f"""\
echo "$@" > "$(dirname "$0")/arguments"
PYTHONPATH={ROOT} exec {sys.executable} -m tests.unit.rehearse.api_server "$@"
"""


def kubectl(folder: Path, commands: str = SERVES) -> str:
    """A program that serves recorded answers as `kubectl proxy` serves a cluster's."""
    path = folder / "bin" / "kubectl"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{commands}")
    path.chmod(0o755)
    return str(path)


def main() -> None:
    [address] = [a.partition("=")[2] for a in sys.argv if a.startswith("--unix-socket=")]
    namespace = Recorded({"kind": "Namespace", "metadata": {"name": "app"}})
    api = ApiServer(answers(**{"PATCH /api/v1/namespaces/app": namespace}))
    with ThreadingUnixStreamServer(address, _handler(api)) as server:
        server.daemon_threads = True
        sys.stdout.write(f"Starting to serve on {address}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
