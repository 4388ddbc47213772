"""Requests to chart repositories and registries.

Requests have time limits and are repeated with increasing pauses. Credentials go only to the host
that they are configured for, also after a redirect. Answers are limited, and an answer that ends
too early is an error. No message contains a user, a password or the query of a URL.
"""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from gitops_gen import __version__
from gitops_gen.charts.sources import redacted
from gitops_gen.errors import ToolFailed
from gitops_gen.offline import require_network

DEFAULT_TIMEOUT = 30.0
"""The default time limit in seconds, after which a server that sends nothing has failed."""
_ATTEMPTS = 3
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_LONGEST_DOWNLOAD = 20
"""The time limit for a whole answer, as a multiple of the time limit without data."""
_CHUNK = 64 << 10
_REPEATED = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOT_AN_ADDRESS = "is not a valid address"
_ADVICE = {
    401: "the server requires credentials; configure them with `helm repo add --username` or "
    "`helm registry login`",
    403: "the credentials in the configuration of Helm have no permission, or are missing",
    404: "it does not exist; correct the repository, the name and the version of the chart",
}

Progress = Callable[[str], None]
_NOTHING: Mapping[str, str] = MappingProxyType({})


class RequestFailed(ToolFailed):
    """A request failed. `status` is the status code; 0 if there was no answer."""

    def __init__(self, url: str, reason: str, status: int = 0) -> None:
        self.status = status
        super().__init__(f"{redacted(url)}: {reason}")


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """The body of a successful answer, with its headers."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    url: str = ""
    """The URL after redirects."""


@dataclass(frozen=True, slots=True)
class HostAccess:
    """What is sent to one host only: the header Authorization, and the TLS settings."""

    origin: tuple[str, str]
    """The scheme and the host with its port."""
    authorization: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str, authorization: str = "", tls: ssl.SSLContext | None = None) -> HostAccess:
        return cls(origin(url), authorization, tls)


@dataclass(frozen=True, slots=True)
class Web:
    """How requests of this run are made."""

    progress: Progress
    timeout: float = DEFAULT_TIMEOUT

    def get(
        self,
        url: str,
        largest: int,
        *,
        access: HostAccess | None = None,
        headers: Mapping[str, str] = _NOTHING,
        data: bytes | None = None,
        label: str = "",
    ) -> WebAnswer:
        """Returns the answer to a GET, or to a POST of `data`, of at most `largest` bytes.

        Raises RequestFailed after some attempts, or at once if another attempt is useless.
        """
        require_network(redacted(url))
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._once(url, largest, access, headers, data, label)
            except _Repeatable as failed:
                if attempt == _ATTEMPTS:
                    text = f"{failed.reason} ({_ATTEMPTS} attempts)"
                    raise RequestFailed(url, text, failed.status) from failed
                self._pause(url, failed, attempt)

    def _pause(self, url: str, failed: _Repeatable, attempt: int) -> None:
        seconds = max(_FIRST_PAUSE * 2 ** (attempt - 1), failed.wanted_pause)
        self.progress(f"{redacted(url)}: {failed.reason}; next attempt in {seconds:g} s")
        time.sleep(min(seconds, _LONGEST_PAUSE))

    def _once(
        self,
        url: str,
        largest: int,
        access: HostAccess | None,
        headers: Mapping[str, str],
        data: bytes | None,
        label: str,
    ) -> WebAnswer:
        request = urllib.request.Request(url, data, dict(headers))  # noqa: S310 - see _opener
        request.add_header("User-Agent", f"gitops-gen/{__version__}")
        try:
            with closing(_opener(access).open(request, timeout=self.timeout)) as response:
                body = self._body(response, url, largest, label)
                return WebAnswer(body, response.headers, response.url)
        except urllib.error.HTTPError as error:
            with closing(error):
                raise _status_problem(url, error) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _connection_problem(url, error) from None

    def _body(self, response: Any, url: str, largest: int, label: str) -> bytes:
        size = response.headers.get("Content-Length") or ""
        expected = int(size) if size.isdigit() and len(size) < 19 else None
        if expected is not None and expected > largest:
            raise RequestFailed(url, _too_large(largest))
        deadline = time.monotonic() + self.timeout * _LONGEST_DOWNLOAD
        body = bytearray()
        while part := response.read1(_CHUNK):
            body += part
            if len(body) > largest:
                raise RequestFailed(url, _too_large(largest))
            if time.monotonic() > deadline:
                raise _Repeatable("the server is too slow")
            if label:
                self.progress(f"{label}: {_amount(len(body), expected)}")
        if expected is not None and len(body) != expected:
            raise _Repeatable("the connection ended before the answer was complete")
        return bytes(body)


def origin(url: str) -> tuple[str, str]:
    """Returns the scheme and the host of a URL, with the port of the scheme if it has none.

    Raises RequestFailed for an address that is not valid, which a server may have sent.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise RequestFailed(url, _NOT_AN_ADDRESS) from None
    ports = {"http": ":80", "https": ":443"}
    host = parts.netloc.rpartition("@")[2].lower()
    has_port = ":" in host.rpartition("]")[2]
    return parts.scheme, host if has_port else f"{host}{ports.get(parts.scheme, '')}"


def joined(base: str, address: str) -> str:
    """Returns an address that a server sent, which may be relative to another one.

    Raises RequestFailed if it is not valid.
    """
    try:
        return urljoin(base, address)
    except ValueError:
        raise RequestFailed(base, f"names another address, which {_NOT_AN_ADDRESS}") from None


class _Repeatable(Exception):
    """A failure that another attempt may not have."""

    def __init__(self, reason: str, status: int = 0, wanted_pause: float = 0.0) -> None:
        self.reason, self.status, self.wanted_pause = reason, status, wanted_pause


def _status_problem(url: str, error: urllib.error.HTTPError) -> Exception:
    reason = f"the server answered {error.code} {error.reason}".rstrip()
    if error.code in _REPEATED:
        pause = error.headers.get("Retry-After") or ""
        seconds = float(pause) if pause.isdigit() and len(pause) < 6 else 0.0
        return _Repeatable(reason, error.code, seconds)
    advice = _ADVICE.get(error.code)
    failed = _StatusRefused(url, f"{reason}; {advice}" if advice else reason, error.code)
    # After a redirect, another host could name a server of its own, to which the credentials of
    # the first host would be sent.
    if origin(error.url) == origin(url):
        failed.challenge = error.headers.get("WWW-Authenticate") or ""
    return failed


class _StatusRefused(RequestFailed):
    challenge = ""
    """The header WWW-Authenticate of the host that was asked."""


def challenge_of(failed: RequestFailed) -> str:
    """Returns how a server wants to be authenticated; empty if it does not say."""
    return failed.challenge if isinstance(failed, _StatusRefused) else ""


def _connection_problem(url: str, error: Exception) -> Exception:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        text = f"the certificate of the server is not valid: {reason.verify_message}"
        return RequestFailed(url, text)
    if isinstance(reason, TimeoutError):
        return _Repeatable("the server did not answer in time")
    if isinstance(reason, http.client.IncompleteRead | http.client.RemoteDisconnected):
        return _Repeatable("the connection ended before the answer was complete")
    if isinstance(reason, http.client.HTTPException | ValueError):
        return RequestFailed(url, "the server gave an answer that is not HTTP")
    if isinstance(reason, OSError):
        return _Repeatable(f"the connection failed: {reason.strerror or type(reason).__name__}")
    return RequestFailed(url, f"the request was refused: {reason}")


def _too_large(largest: int) -> str:
    return f"the answer is larger than {largest >> 20} MiB"


def _amount(size: int, expected: int | None) -> str:
    total = f" of {expected / (1 << 20):.1f}" if expected else ""
    return f"{size / (1 << 20):.1f}{total} MiB"


def _opener(access: HostAccess | None) -> urllib.request.OpenerDirector:
    """Returns an opener that knows only HTTP and HTTPS, and the proxies of the environment."""
    opener = urllib.request.OpenerDirector()
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        _Https(access),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirects(),
    ]
    for handler in handlers:
        opener.add_handler(handler)
    if access and access.authorization:
        opener.add_handler(_Authorization(access))
    return opener


class _Https(urllib.request.HTTPSHandler):
    """Uses the TLS settings of a host for this host only, also after a redirect to another one."""

    def __init__(self, access: HostAccess | None) -> None:
        super().__init__(context=ssl.create_default_context())
        self._access = access

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        access = self._access
        if access is None or access.tls is None or origin(req.full_url) != access.origin:
            return super().https_open(req)
        return self.do_open(http.client.HTTPSConnection, req, context=access.tls)


class _Authorization(urllib.request.BaseHandler):
    """Adds the header Authorization to requests to one host, also after a redirect to it."""

    def __init__(self, access: HostAccess) -> None:
        self._access = access

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        if origin(request.full_url) == self._access.origin:
            request.add_unredirected_header("Authorization", self._access.authorization)
        return request

    https_request = http_request


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows some redirects, but none from HTTPS to HTTP."""

    max_redirections = 5
    max_repeats = 2

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if req.type == "https" and not newurl.startswith("https://"):
            text = "the server redirects to an address without encryption"
            raise RequestFailed(req.full_url, text)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
