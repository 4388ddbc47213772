"""Converts the URL of a Git remote to a URL for Argo CD, without credentials."""

from __future__ import annotations

import re

from gitops_gen.components import catalogue
from gitops_gen.inputs.schema import compose, parts
from gitops_gen.model import Path
from gitops_gen.secrets.leaks import secret_in_text

# The part before the last "@" of an https:// URL is a name with or without a password.
_HTTPS = re.compile(r"https://(?:[^/]*@)?(?P<place>[^/@]+/[^@?#]+)", re.IGNORECASE)
_SSH = re.compile(
    r"(?:git\+)?ssh(?:\+git)?://(?P<user>[^/@:]+)(?::[^/]*)?@(?P<place>[^/@]+/[^@?#]+)",
    re.IGNORECASE,
)
# In the form of scp, a colon follows the host, and the first slash is after it.
_SCP = re.compile(r"(?P<user>[^/@:\[\]]+)@(?P<host>\[[^\[\]]+\]|[^/@:\[\]]+):(?P<path>[^@?#]+)")


def argocd_url(remote: str) -> str | None:
    """Returns the URL that Argo CD uses for a remote.

    Returns None if Argo CD cannot use it, such as a path on this machine.
    """
    url = _without_credentials(remote)
    usable = url is not None and is_valid(("repository", "url"), url)
    return url if usable and url and secret_in_text(url) is None else None


def is_valid(path: Path, text: str) -> bool:
    """Whether the schema accepts the text at a path of the values."""
    patterns = [one["pattern"] for one in parts(compose(catalogue()), path) if "pattern" in one]
    return all(re.search(pattern, text) for pattern in patterns)


def _without_credentials(remote: str) -> str | None:
    if match := _HTTPS.fullmatch(remote):
        return f"https://{match['place']}"
    if match := _SSH.fullmatch(remote):
        return f"ssh://{match['user']}@{match['place']}"
    if "://" in remote or not (match := _SCP.fullmatch(remote)):
        return None
    if match["user"] == "git":
        return remote
    return f"ssh://{match['user']}@{match['host']}/{match['path'].removeprefix('/')}"
