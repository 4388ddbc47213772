"""Requests to the API of a Git host. No error contains the token of the headers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from gitops_gen.errors import ToolFailed
from gitops_gen.model import printable
from gitops_gen.offline import require_network

SECONDS = 30.0
"""The longest wait for a part of an answer."""
_LONGEST_REASON = 300


class CallFailed(Exception):
    """A request that cannot succeed, for example without a permission."""


class CommentMissing(CallFailed):
    """The pull request or the comment does not exist, or the token may not read it."""


class Unavailable(CallFailed):
    """A request that may succeed later, after the number of seconds that the server named."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Api:
    """Sends and receives JSON."""

    headers: Mapping[str, str] = field(repr=False)
    seconds: float = SECONDS

    def call(self, method: str, url: str, content: Any = None) -> Any:
        """Returns the answer. Raises CallFailed, or a subclass of it."""
        require_network("The comment on a pull request")
        data = None if content is None else json.dumps(content).encode()
        headers = {**self.headers, "Content-Type": "application/json", "User-Agent": "gitops-gen"}
        request = Request(url, data, headers, method=method)  # noqa: S310  `url_of` allows HTTP only
        try:
            with _opener().open(request, timeout=self.seconds) as response:
                return json.loads(response.read() or b"null")
        except HTTPError as error:
            raise self._failure(error) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Unavailable(self.shown(f"{urlsplit(url).netloc}: {reason}")) from None
        except ValueError:
            raise Unavailable(f"{urlsplit(url).netloc}: the answer is not JSON") from None

    def shown(self, text: str) -> str:
        """Returns a text of the server for a message, without the token that it may contain."""
        for value in self.headers.values():
            text = text.replace(value.rpartition(" ")[2], "***")
        return printable(text[:_LONGEST_REASON])

    def _failure(self, error: HTTPError) -> CallFailed:
        reason = self.shown(f"{error.code} {error.reason}: {_message(error)}".removesuffix(": "))
        if error.code == 404:
            return CommentMissing(reason)
        seconds = _seconds_to_wait(error.headers)
        if error.code >= 500 or error.code in (408, 429) or seconds is not None:
            return Unavailable(reason, seconds)
        # GitHub answers 403 to too many requests, and does not always say how long to wait.
        limited = error.code == 403 and "rate limit" in reason.lower()
        return Unavailable(reason) if limited else CallFailed(reason)


def _opener() -> OpenerDirector:
    """Returns an opener that follows no redirect: the other server would receive the token too."""
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler):
        opener.add_handler(handler())
    opener.add_handler(HTTPErrorProcessor())
    opener.add_handler(HTTPDefaultErrorHandler())
    return opener


def url_of(variables: Mapping[str, str], name: str) -> str:
    """Returns the URL in an environment variable. Raises ToolFailed if it is not an HTTP URL."""
    url = variables.get(name, "").rstrip("/")
    if urlsplit(url).scheme not in ("http", "https"):
        raise ToolFailed(f"the variable {name} contains no URL that begins with https://")
    return url


def token_of(variables: Mapping[str, str], name: str) -> str:
    """Returns the token in an environment variable. Raises ToolFailed if there is none.

    Python would print a header with a line break in its error message.
    """
    token = variables.get(name, "").strip()
    if not (token and token.isascii() and token.isprintable()):
        problem = "contains characters that no token has" if token else "is not set or is empty"
        raise ToolFailed(f"the variable {name} {problem}; it must contain a token that may comment")
    return token


def _message(error: HTTPError) -> str:
    try:
        answer = json.loads(error.read(1 << 16))
    except (OSError, HTTPException, ValueError):
        return ""
    text = answer.get("message") or answer.get("error") if isinstance(answer, dict) else ""
    return str(text or "")


def _seconds_to_wait(headers: Message) -> float | None:
    try:
        return max(0.0, float(headers.get("Retry-After", "")))
    except ValueError:
        return None
