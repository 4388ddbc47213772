"""Reads where this package was installed from, so that CI can install the same version."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

from gitops_gen.inputs.placeholders import TEXT
from gitops_gen.scaffold.remote_url import argocd_url

_RECORD = "direct_url.json"
"""The file in which pip records the URL of an installation (PEP 610)."""
# A branch would not pin the version.
_RELEASE = re.compile(r"v?[0-9]+(\.[0-9]+)+[A-Za-z0-9.+-]*")


@dataclass(frozen=True, slots=True)
class Installation:
    """The Git repository of gitops-gen, and the tag or the commit that is installed."""

    url: str = f"https://github.com/{TEXT}/gitops-gen.git"
    revision: str = TEXT
    commit: str = TEXT

    def action(self, clone: str | None) -> str:
        """Returns the value of `uses:` for a workflow in the clone with this URL.

        GitHub finds an action by its owner and name, on the server of the workflow or on
        github.com. On any other server, the action would be the repository of somebody else.
        """
        host, name = _host_and_path(self.url)
        servers = {"github.com", _host_and_path(clone)[0] if clone else ""}
        if host not in servers or name.count("/") != 1:
            return f"{TEXT}/gitops-gen@{TEXT}"
        tag = f" # {self.revision}" if self.revision != self.commit else ""
        return f"{name}@{self.commit}{tag}"


def installation() -> Installation:
    """Returns placeholders if gitops-gen was not installed from a Git repository."""
    try:
        record = distribution("gitops-gen").read_text(_RECORD)
    except (PackageNotFoundError, OSError, ValueError):
        record = None
    return recorded(record or "{}") or Installation()


def recorded(record: str) -> Installation | None:
    """Returns the installation that a record describes; None if other machines cannot repeat it."""
    try:
        found = json.loads(record)
        version = found["vcs_info"]
        tag, commit = version.get("requested_revision"), version["commit_id"]
        url = argocd_url(found["url"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    revision = tag if isinstance(tag, str) and _RELEASE.fullmatch(tag) else commit
    if not (url and isinstance(revision, str) and isinstance(commit, str)):
        return None
    return Installation(url, revision, commit)


def _host_and_path(url: str) -> tuple[str, str]:
    """Returns the two parts of a URL that Argo CD can use: https://, ssh:// or the form of scp."""
    place = url.partition("://")[2] or url.replace(":", "/", 1)
    host, _, path = place.partition("/")
    name = host.rpartition("@")[2].partition(":")[0].lower()
    return name, path.strip("/").removesuffix(".git")
