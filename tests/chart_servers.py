"""Servers of charts on loopback: nginx as a chart repository, and the registry of Docker.

A test whose server is not installed is skipped. Each server writes to its own temporary folder.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

import pytest

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
REGISTRY = os.environ.get("DOCKER_REGISTRY") or shutil.which("docker-registry")
WITHOUT_NGINX = "nginx is not installed, so that no chart repository can be served"
WITHOUT_REGISTRY = "docker-registry is not installed, so that no OCI registry can be started"
HTPASSWD_OF_READER = "reader:$2b$05$mn6OlFy3.FtKCnbQ.ZQ/zObg1m1Cm0OIaVegIM.tnrpKBBh9e7sfe\n"
"""The user `reader` with the password `read-me`, in the form of htpasswd."""
READER = ("reader", "read-me")

_NGINX_CONF = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/tmp;
  proxy_temp_path {folder}/tmp;
  fastcgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp;
  scgi_temp_path {folder}/tmp;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/charts;
    location /private/ {{
      auth_basic "charts";
      auth_basic_user_file {folder}/htpasswd;
      alias {folder}/charts/;
    }}
  }}
}}
"""
_REGISTRY_CONF = """\
version: 0.1
log: {{ level: error }}
storage: {{ filesystem: {{ rootdirectory: {folder}/data }} }}
http: {{ addr: "127.0.0.1:{port}" }}
{auth}
"""


@dataclass(frozen=True)
class ChartRepository:
    """A chart repository over HTTP, served by nginx from a folder of archives."""

    folder: Path
    port: int
    helm: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def private_url(self) -> str:
        """The address of the same charts that requires the credentials of the reader."""
        return f"{self.url}/private"

    def publish(self, *archives: Path) -> None:
        """Adds archives, and writes the index."""
        for archive in archives:
            shutil.copy(archive, self.folder / "charts")
        run_helm(self.helm, "repo", "index", str(self.folder / "charts"))

    def requests(self) -> list[str]:
        """The paths that were requested, in their order."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [line.split('"')[1].split(" ")[1] for line in lines]


@dataclass(frozen=True)
class OciCharts:
    """An OCI registry."""

    folder: Path
    port: int
    helm: str

    @property
    def url(self) -> str:
        return f"oci://127.0.0.1:{self.port}/charts"

    def publish(self, *archives: Path, config: Path | None = None) -> None:
        options = ["--registry-config", str(config)] if config else []
        for archive in archives:
            run_helm(self.helm, "push", str(archive), self.url, "--plain-http", *options)


@contextmanager
def chart_repository(folder: Path, helm: str) -> Iterator[ChartRepository]:
    if NGINX is None:
        pytest.skip(WITHOUT_NGINX)
    port = free_port()
    (folder / "charts").mkdir(parents=True)
    (folder / "htpasswd").write_text(HTPASSWD_OF_READER)
    (folder / "nginx.conf").write_text(_NGINX_CONF.format(folder=folder, port=port))
    # nginx as root would drop its rights, and then could not read the temporary folder of the test.
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), *user]
    with _running(command, folder, f"http://127.0.0.1:{port}/"):
        yield ChartRepository(folder, port, helm)


@contextmanager
def oci_charts(folder: Path, helm: str, *, private: bool = False) -> Iterator[OciCharts]:
    if REGISTRY is None:
        pytest.skip(WITHOUT_REGISTRY)
    port = free_port()
    folder.mkdir(parents=True)
    (folder / "htpasswd").write_text(HTPASSWD_OF_READER)
    auth = f"auth: {{htpasswd: {{realm: charts, path: {folder}/htpasswd}}}}" if private else ""
    text = _REGISTRY_CONF.format(folder=folder, port=port, auth=auth)
    (folder / "config.yml").write_text(text)
    command = [REGISTRY, "serve", str(folder / "config.yml")]
    with _running(command, folder, f"http://127.0.0.1:{port}/v2/"):
        yield OciCharts(folder, port, helm)


@contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        _wait_for(process, url, folder)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str, folder: Path) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except URLError as error:
            if not isinstance(error.reason, ConnectionError):
                return  # An answer such as 401 or 403 is an answer of the server.
            time.sleep(0.02)
        else:
            return
    raise AssertionError((folder / "output").read_text())


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def run_helm(helm: str, *arguments: str) -> str:
    done = subprocess.run([helm, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def basic(user: str, password: str) -> str:
    """The header Authorization."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


# A server that behaves as a test needs it


@dataclass
class Request:
    path: str
    authorization: str | None


Behaviour = Callable[["Handler"], None]


@dataclass
class ScriptedServer:
    """A server with one function for each path. The path `*` is for all others."""

    port: int
    scheme: str = "http"
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def serve(self, path: str, content: bytes) -> None:
        self.behaviours[path] = lambda handler: handler.send(200, content)

    def serve_chart(self, archive: bytes, name: str = "plain", version: str = "1.0.0") -> None:
        """Serves an index with one chart, and its archive."""
        entry = {
            "name": name,
            "version": version,
            "digest": hashlib.sha256(archive).hexdigest(),
            "urls": [f"{name}-{version}.tgz"],
        }
        index = {"apiVersion": "v1", "entries": {name: [entry]}}
        self.serve("/index.yaml", json.dumps(index).encode())
        self.serve(f"/{name}-{version}.tgz", archive)


class Handler(BaseHTTPRequestHandler):
    scripted: ScriptedServer

    def do_GET(self) -> None:
        self.scripted.requests.append(Request(self.path, self.headers.get("Authorization")))
        behaviours = self.scripted.behaviours
        behaviour = behaviours.get(self.path) or behaviours.get("*")
        if behaviour is None:
            self.send(404, b"")
        else:
            behaviour(self)

    def send(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def scripted_server(tls: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    handler = type("ScriptedHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scripted = ScriptedServer(server.server_port, "https" if tls else "http")
    handler.scripted = scripted  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield scripted
    finally:
        scripted.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
