"""An HTTP server with the parts of the APIs of GitHub and GitLab that write a comment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-that-nothing-prints"
BOT = "gitops-bot"


@dataclass
class Note:
    """A comment with its author."""

    id: str
    author: str
    body: str


@dataclass
class Failure:
    """An answer in place of the usual one."""

    status: int = 0
    """0 closes the connection without an answer."""
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    after: bool = False
    """Whether the request takes effect nevertheless."""
    only: str = ""
    """The operation that fails, such as `addComment`; empty for the next request."""


@dataclass
class GitHost:
    """One pull request with the number 7."""

    url: str = ""
    commit: str = "c0ffee"
    comments: list[Note] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    """The names of all requests."""
    tokens: set[str] = field(default_factory=set)
    edited: int = 0
    lock: Lock = field(default_factory=Lock)

    def add(self, author: str, body: str) -> Note:
        note = Note(f"comment-{len(self.operations)}-{len(self.comments)}", author, body)
        self.comments.append(note)
        return note

    def bodies(self, author: str = BOT) -> list[str]:
        return [note.body for note in self.comments if note.author == author]

    @property
    def writes(self) -> list[str]:
        return [name for name in self.operations if name not in ("query", "GET")]

    def failure(self, operation: str) -> Failure | None:
        """Removes and returns the failure for an operation."""
        for one in self.failures:
            if one.only in ("", operation):
                self.failures.remove(one)
                return one
        return None

    def _change(self, comment: str, body: str | None) -> bool:
        for note in self.comments:
            if note.id == comment and body is None:
                self.comments.remove(note)
                return True
            if note.id == comment and body is not None:
                note.body, self.edited = body, self.edited + 1
                return True
        return False

    def graphql(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        if operation == "query":
            return {"data": {"repository": {"pullRequest": self._page(variables)}}}
        if operation == "addComment":
            self.add(BOT, variables["body"])
        elif not self._change(variables["comment"], variables.get("body")):
            return {"data": None, "errors": [{"type": "NOT_FOUND", "message": "no such node"}]}
        return {"data": {operation: {"clientMutationId": None}}}

    def _page(self, variables: dict[str, Any]) -> dict[str, Any]:
        assert variables["number"] == 7
        first = int(variables["after"] or 0)
        nodes = [
            {"id": one.id, "body": one.body, "viewerDidAuthor": one.author == BOT}
            for one in self.comments[first : first + 100]
        ]
        following = {"hasNextPage": len(self.comments) > first + 100, "endCursor": str(first + 100)}
        comments = {"pageInfo": following, "nodes": nodes}
        return {"id": "PR_7", "headRefOid": self.commit, "comments": comments}

    def rest(self, method: str, path: str, query: str, content: Any) -> tuple[int, Any]:
        """Returns the answer of GitLab: its status and its content."""
        merge_request = "/api/v4/projects/42/merge_requests/7"
        if (method, path) == ("GET", "/api/v4/user"):
            return 200, {"id": BOT}
        if (method, path) == ("GET", merge_request):
            return 200, {"sha": self.commit}
        if (method, path) == ("GET", f"{merge_request}/notes"):
            return 200, self._notes(parse_qs(query))
        if (method, path) == ("POST", f"{merge_request}/notes"):
            self.add(BOT, content["body"])
            return 201, {}
        comment = path.removeprefix(f"{merge_request}/notes/")
        body = content["body"] if method == "PUT" else None
        return (200, {}) if self._change(comment, body) else (404, {"message": "404 Not found"})

    def _notes(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        size, page = int(query["per_page"][0]), int(query["page"][0])
        shown = self.comments[size * (page - 1) : size * page]
        return [{"id": one.id, "body": one.body, "author": {"id": one.author}} for one in shown]


@contextmanager
def serving(host: GitHost) -> Iterator[GitHost]:
    """Serves both APIs until the block ends: GraphQL at /graphql, and GitLab's at /api/v4."""

    class Handler(_Handler):
        git_host = host

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    host.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    git_host: GitHost

    def handle_request(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        content = json.loads(self.rfile.read(size) or b"null")
        operation = self._operation(content)
        with self.git_host.lock:
            self._answer(operation, content)

    do_GET = do_POST = do_PUT = do_DELETE = handle_request  # noqa: N815  names of the library

    def _operation(self, content: Any) -> str:
        if self.path != "/graphql":
            return self.command
        match = re.search(r"(addComment|updateIssueComment|deleteIssueComment)", content["query"])
        return match[1] if match else "query"

    def _answer(self, operation: str, content: Any) -> None:
        host = self.git_host
        host.operations.append(operation)
        host.tokens.add(
            self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
        )
        failure = host.failure(operation)
        if failure is None or failure.after:
            parts = urlsplit(self.path)
            status, answer = (
                (200, host.graphql(operation, content["variables"]))
                if self.path == "/graphql"
                else host.rest(self.command, parts.path, parts.query, content)
            )
        if failure is None:
            self._send(status, {}, answer)
        elif failure.status:
            self._send(failure.status, failure.headers, failure.body)
        else:
            self.close_connection = True

    def _send(self, status: int, headers: dict[str, str], content: Any) -> None:
        data = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Prints nothing."""
