"""A Kubernetes API server: requests to it, its answers, the kinds that it serves."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId, Values

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
JSON = "application/json"
_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
_WARNING = re.compile(r'\d{3} \S+ "((?:[^"\\]|\\.)*)"')
SECONDS = 20
_CLOSED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""How it shows that the server closed a connection on which nothing was asked for 90 s."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def message(self) -> str:
        """The server's own words."""
        if isinstance(self.body, dict):
            return str(self.body.get("message") or self.body)
        return str(self.body).strip() or f"HTTP {self.status}"


@dataclass(frozen=True, slots=True, order=True)
class Resource:
    """A kind that the server serves."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool
    verbs: frozenset[str] = field(compare=False, default=frozenset())

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    def id_of(self, value: Values) -> ObjectId:
        """The identity of an object of this kind: items of a list do not repeat their kind."""
        metadata = value["metadata"]
        namespace = str(metadata.get("namespace") or "")
        return ObjectId(self.group, self.kind, namespace, metadata["name"])

    def path(self, namespace: str = "", name: str = "") -> str:
        """Of one object, or of a list where no name is given (all namespaces without one)."""
        root = "/apis" if "/" in self.api_version else "/api"
        place = f"/namespaces/{quote(namespace)}" if self.namespaced and namespace else ""
        return f"{root}/{self.api_version}{place}/{self.plural}" + (
            f"/{quote(name)}" if name else ""
        )


class Unreachable(ToolFailed):
    """The server does not answer."""


@dataclass(frozen=True)
class Server:
    """Where an API server is, and who we are to it. One connection a thread."""

    host: str
    port: int
    token: str | None = None
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    socket: Path | None = None
    """A Unix socket where it is, in place of a port."""
    _of_thread: threading.local = field(default_factory=threading.local, repr=False)

    def get(self, path: str, **query: str) -> Answer:
        return self.request("GET", path, query)

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | Values | None = None,
        content_type: str = JSON,
        accept: str = JSON,
    ) -> Answer:
        """Raises Unreachable when there is no answer at all."""
        target = f"{path}?{urlencode(query)}" if query else path
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"Content-Type": content_type, "Accept": accept, **self._headers()}
        try:
            return self._send(method, target, data, headers)
        except _CLOSED:
            # A connection kept open may have been closed meanwhile; a fresh one may not.
            return self._ask_by_new_connection(method, target, data, headers)
        except (OSError, http.client.HTTPException) as error:
            self._close_connection()
            raise Unreachable(f"kube-apiserver does not answer: {error}") from error

    def apply(self, path: str, body: bytes | Values, manager: str, *, dry_run: bool) -> Answer:
        """Server-side apply with strict field validation."""
        query = {"fieldManager": manager, "force": "true", "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        return self.request("PATCH", path, query, body, APPLY)

    def watch(self, path: str, version: str) -> Iterator[Values]:
        """Events from `version` on, until the server ends the stream."""
        connection = self._connection(None)
        query = urlencode({"watch": "1", "resourceVersion": version, "allowWatchBookmarks": "true"})
        try:
            connection.request("GET", f"{path}?{query}", headers=self._headers())
            response = connection.getresponse()
            for line in response:
                yield json.loads(line)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unreachable(f"kube-apiserver does not answer: {error}") from error
        finally:
            connection.close()

    def resources(self) -> dict[tuple[str, str], Resource]:
        """(apiVersion, kind) -> what is served now."""
        found: dict[tuple[str, str], Resource] = {}
        for path in ("/api", "/apis"):
            answer = self.request("GET", path, accept=_DISCOVERY)
            for item in answer.body.get("items", ()) if answer.ok else ():
                for resource in _discovered(item):
                    found[resource.api_version, resource.kind] = resource
        return found

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _ask_by_new_connection(
        self, method: str, target: str, data: Any, headers: dict[str, str]
    ) -> Answer:
        self._close_connection()
        try:
            return self._send(method, target, data, headers)
        except (OSError, http.client.HTTPException) as error:
            self._close_connection()
            raise Unreachable(f"kube-apiserver does not answer: {error}") from error

    def _send(self, method: str, target: str, data: Any, headers: dict[str, str]) -> Answer:
        connection: http.client.HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = self._connection(SECONDS)
        connection.request(method, target, body=data, headers=headers)
        response = connection.getresponse()
        raw = response.read()
        return Answer(response.status, _content(raw), _warnings(response))

    def _connection(self, timeout: float | None) -> http.client.HTTPConnection:
        if self.socket is not None:
            return _SocketConnection(self.host, self.socket, timeout)
        if self.tls is None:
            return http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self.tls)

    def _close_connection(self) -> None:
        connection = getattr(self._of_thread, "connection", None)
        if connection is not None:
            connection.close()
            self._of_thread.connection = None


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, host: str, path: Path, timeout: float | None) -> None:
        super().__init__(host, timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _content(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")


def _warnings(response: http.client.HTTPResponse) -> tuple[str, ...]:
    """What the server warns of, as `Warning: 299 - "text"`."""
    texts = response.headers.get_all("Warning") or []
    matches = (match for text in texts for match in _WARNING.findall(text))
    return tuple(re.sub(r"\\(.)", r"\1", text) for text in matches)


def _discovered(group: Values) -> Iterator[Resource]:
    name = group["metadata"].get("name", "")
    for version in group.get("versions", ()):
        api_version = f"{name}/{version['version']}" if name else str(version["version"])
        for item in version.get("resources", ()):
            kind = (item.get("responseKind") or {}).get("kind", "")
            namespaced = item.get("scope") == "Namespaced"
            verbs = frozenset(item.get("verbs", ()))
            yield Resource(api_version, kind, item["resource"], namespaced, verbs)
