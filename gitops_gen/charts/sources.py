"""Addresses of chart repositories, as they are written in files and printed in messages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

OCI = "oci://"
# An address without encryption is allowed only if the connection does not leave the machine.
_URL = re.compile(
    r"((https|oci)://[A-Za-z0-9][A-Za-z0-9.-]*|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?"
    r"(/[A-Za-z0-9._~-]+)*/?"
)
CREDENTIALS = (
    "contains credentials, which do not belong in Git; remove them, and configure them with "
    "`helm repo add` or `helm registry login`"
)


def normalized(repository: str) -> str:
    """Returns the address without a slash at its end, which has no meaning."""
    return repository.rstrip("/")


def is_oci(repository: str) -> bool:
    return repository.startswith(OCI)


def problem_of(repository: str) -> str:
    """Returns what is wrong with the address of a repository; empty if nothing is."""
    if "@" in repository.partition("://")[2]:
        return CREDENTIALS
    if _URL.fullmatch(repository):
        return ""
    return "must be the URL of a chart repository: https://…, or oci://… for an OCI registry"


def redacted(url: str) -> str:
    """Returns a URL without what may be secret: the user, the password and the query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(a URL that cannot be parsed)"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))
