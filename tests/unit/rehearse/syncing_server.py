"""An API server with an Argo CD that syncs every push immediately, as seen by a rehearsal."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from gitops_gen.model import Values
from gitops_gen.rehearse.servers.argocd import APPLICATIONS
from tests.unit.rehearse.api_server import ApiServer, Recorded, answers

ARGOCD_KINDS = {
    "metadata": {"name": "argoproj.io"},
    "versions": [
        {
            "version": "v1alpha1",
            "resources": [
                {
                    "resource": "applications",
                    "responseKind": {"kind": "Application"},
                    "scope": "Namespaced",
                    "verbs": ["get", "list", "patch", "watch"],
                }
            ],
        }
    ],
}
ROOT = f"PATCH {APPLICATIONS}/root"
SERVICES = "/api/v1/services"
DRY_RUN = "PATCH /api/v1/namespaces/app/services/backend"


def with_argocd() -> dict[str, list[Recorded]]:
    """Returns the discovery of kinds, including those of Argo CD."""
    found = answers()
    [groups] = found["GET /apis"]
    groups.body["items"].append(ARGOCD_KINDS)
    return found


@dataclass
class SyncingServer(ApiServer):
    """The lists are read from the last commit; requests do not change them."""

    answers: Any = field(default_factory=with_argocd)
    bare: Path = Path()
    """The repository that Argo CD reads."""
    statuses: dict[str, Values] = field(default_factory=dict)
    """The status of Applications that are not "Synced, Healthy"."""
    resources: Callable[[int], list[Values]] = lambda _comparison: []
    """The objects in the status of `backend`, by the number of the comparison."""
    services: list[Values] = field(default_factory=list)
    """Services that are not in Git."""
    ignored: frozenset[str] = frozenset()
    """Applications that are never created."""
    _lists: dict[str, int] = field(default_factory=dict)

    @property
    def comparisons(self) -> int:
        """The number of refreshes of the root Application since the dry run of the phase."""
        if DRY_RUN not in self.requests:
            return 0
        requests = self.requests[::-1]
        return requests[: requests.index(DRY_RUN)].count(ROOT)

    def answer(self, request: str) -> Recorded:
        if request.startswith("PATCH "):
            return Recorded({})
        if request == f"GET {SERVICES}":
            head = self._head()
            self._lists[head] = self._lists.get(head, 0) + 1
            return _list([*self._objects("rendered", "Service"), *self.services])
        if request in (f"GET {APPLICATIONS}", "GET /apis/argoproj.io/v1alpha1/applications"):
            return _list([self._application(value) for value in self._applications()])
        return super().answer(request)

    def _head(self) -> str:
        branch = self.bare / "refs/heads/main"
        return branch.read_text().strip() if branch.exists() else ""

    def _applications(self) -> list[Values]:
        """Returns no Application before the bootstrap, and then all Applications."""
        values = self._objects("argocd", "Application") if ROOT in self.requests else []
        return [value for value in values if value["metadata"]["name"] not in self.ignored]

    def _application(self, value: Values) -> Values:
        """A sync has ended when the watch of the Services has received its changes.

        The watch requests the third list after it has processed the second, which is certainly a
        list of the pushed commit.
        """
        name, head = value["metadata"]["name"], self._head()
        stated = self.statuses.get(name, {})
        revision = head if self._lists.get(head, 0) > 2 else ""
        status: Values = {
            "health": {"status": "Healthy"},
            "operationState": {"phase": "Succeeded", "startedAt": head},
            "resources": self.resources(self.comparisons) if name == "backend" else [],
            **stated,
            "sync": {"status": "Synced", "revision": revision, **stated.get("sync", {})},
        }
        return _versioned({**value, "status": status})

    def _objects(self, folder: str, kind: str) -> list[Values]:
        """Returns the objects of the last commit.

        The number of commits is their resourceVersion, so that the watch ignores a list of an
        earlier commit that it receives late.
        """
        head = self._head()
        version = self._git("rev-list", "--count", head).strip() if head else ""
        paths = self._git("ls-tree", "-r", "--name-only", head, folder).split() if head else []
        values = (
            value
            for path in paths
            for value in yaml.documents(self._git("show", f"{head}:{path}").encode())
        )
        return [_with_version(value, version) for value in values if value["kind"] == kind]

    def _git(self, *arguments: str) -> str:
        command = ["git", "--git-dir", str(self.bare), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _versioned(value: Values) -> Values:
    """Returns an object whose resourceVersion changes with its content."""
    metadata = {k: v for k, v in value["metadata"].items() if k != "resourceVersion"}
    digest = sha256(repr({**value, "metadata": metadata}).encode()).hexdigest()
    return _with_version(value, digest)


def _with_version(value: Values, version: str) -> Values:
    return {**value, "metadata": {**value["metadata"], "resourceVersion": version}}


def _list(items: list[Values]) -> Recorded:
    return Recorded({"metadata": {"resourceVersion": "1"}, "items": items})
