"""An HTTPS server in place of the real hosts: the repository by Git, the metrics API by us."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gitops_gen.rehearse.servers.certificates import Certificates

PORT = 443
Page = Callable[[str, str], tuple[int, bytes]]
"""(path, query) -> status and JSON."""


@dataclass(frozen=True, slots=True)
class Hosting:
    git: str
    """The git program."""
    repositories: Mapping[str, Path]
    """`github.com/acme/platform.git` -> a bare repository."""
    pages: Mapping[str, Page]
    """Path prefix -> who answers, whatever the host."""


def serve(hosting: Hosting, certificates: Certificates) -> None:
    """In threads of ours, for as long as we live."""

    handler = type("_HandlerOfHosting", (_Handler,), {"hosting": hosting})
    server = ThreadingHTTPServer(("127.0.0.1", PORT), handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    hosting: Hosting
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        del format, args

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        for prefix, page in self.hosting.pages.items():
            if path.startswith(prefix):
                status, content = page(path, parts.query)
                self._send(status, {"Content-Type": "application/json"}, content)
                return
        host = (self.headers.get("Host") or "").partition(":")[0]
        for name, repository in self.hosting.repositories.items():
            path_inside = f"{host}{path}".removeprefix(name)
            if path_inside != f"{host}{path}" and path_inside.startswith("/"):
                self._send(*self._git(repository, path_inside, parts.query, body))
                return
        self._send(404, {"Content-Type": "text/plain"}, b"nothing is served here")

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _git(
        self, repository: Path, path_inside: str, query: str, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "GIT_PROJECT_ROOT": str(repository),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path_inside,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type") or "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding") or "",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol") or "",
        }
        command = [self.hosting.git, "http-backend"]
        result = subprocess.run(command, input=body, capture_output=True, env=env, check=False)
        head, _, content = result.stdout.partition(b"\r\n\r\n")
        lines = (line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if line)
        headers = dict(line for line in lines if len(line) == 2)
        status = int(headers.pop("Status", "200").split()[0])
        return status, headers, content

    def _send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
