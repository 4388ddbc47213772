"""A real API server validates updates of stored objects as dry runs.

An update replaces an object (PUT), or applies a manifest as kubectl and Argo CD do.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers.api import Resource
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import Tools
from tests.e2e.differential.api_server import (
    DRY_RUN,
    NAMESPACES,
    WORKERS,
    ServerVerdict,
    prepare,
    verdict_in,
)
from tests.e2e.differential.comparison import DECODING
from tests.e2e.differential.seeds import Kind, Value

CONFLICT = 409
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@dataclass(frozen=True, slots=True)
class Pair:
    """A stored object and the text of its successor, which has the same name."""

    kind: Kind
    old: Value
    new: str

    @property
    def old_text(self) -> str:
        return json.dumps(self.old)


def verdicts_on_updates(pairs: list[Pair], by: str, found: Tools) -> list[ServerVerdict | None]:
    """Returns the verdicts; None if the server does not store the old object."""
    with scratch(print) as folder:
        argument = (folder, found, pairs, by)
        return isolated(_inside, argument, folder, lambda _text: None)


def _inside(
    argument: tuple[Any, ...], progress: Callable[[str], None]
) -> list[ServerVerdict | None]:
    folder, found, pairs, by = argument
    sandbox = Sandbox(found, folder, "eu-central-1", progress)
    sandbox.start_control_plane()
    prepare(sandbox, NAMESPACES)
    resources = sandbox.server.resources()
    if by == "apply":
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(_Applied(sandbox, resources).apply, pairs))
    stored = _Stored(sandbox, resources)
    live = [stored.version(pair) for pair in pairs]
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(stored.replace, pairs, live))


class _Stored:
    """Old objects, each created once."""

    def __init__(self, sandbox: Sandbox, resources: dict[Kind, Resource]) -> None:
        self._sandbox = sandbox
        self._resources = resources
        self._versions: dict[str, str | None] = {}

    def version(self, pair: Pair) -> str | None:
        """Returns the version of the stored object; None if the server does not store it."""
        key = pair.old_text
        if key not in self._versions and pair.kind not in self._resources:
            self._versions[key] = None
        if key not in self._versions:
            path = self._path(pair, name=False)
            answer = self._sandbox.server.request("POST", path, None, key.encode())
            if answer.status == CONFLICT and pair.kind[1] == "CustomResourceDefinition":
                answer = self._sandbox.server.get(self._path(pair, name=True))
            version = answer.body["metadata"]["resourceVersion"] if answer.ok else None
            self._versions[key] = version
        return self._versions[key]

    def replace(self, pair: Pair, version: str | None) -> ServerVerdict | None:
        if version is None:
            return None
        text = re.sub(
            '"metadata": {', f'"metadata": {{"resourceVersion": "{version}", ', pair.new, count=1
        )
        path = self._path(pair, name=True)
        answer = self._sandbox.server.request("PUT", path, DRY_RUN, text.encode())
        if answer.status == CONFLICT:
            # A controller has changed the object in the meantime.
            current = self._sandbox.server.get(path).body["metadata"]["resourceVersion"]
            return self.replace(pair, current) if current != version else verdict_in(answer)
        return verdict_in(answer)

    def _path(self, pair: Pair, *, name: bool) -> str:
        resource, metadata = self._resources[pair.kind], pair.old["metadata"]
        namespace = metadata.get("namespace") or "default"
        return resource.path(
            quote(namespace) if resource.namespaced else "", metadata["name"] if name else ""
        )


class _Applied:
    """Old objects. Each is applied before its update."""

    def __init__(self, sandbox: Sandbox, resources: dict[Kind, Resource]) -> None:
        self._sandbox = sandbox
        self._resources = resources

    def apply(self, pair: Pair) -> ServerVerdict | None:
        if pair.kind not in self._resources:
            return None
        resource, old = self._resources[pair.kind], copy.deepcopy(pair.old)
        annotations = old["metadata"].setdefault("annotations", {})
        annotations[LAST_APPLIED] = pair.old_text
        namespace = old["metadata"].get("namespace") or "default"
        path = resource.path(quote(namespace) if resource.namespaced else "")
        if not self._sandbox.server.request("POST", path, None, old).ok:
            return None
        return _verdict_of_kubectl(self._kubectl(pair.new))

    def _kubectl(self, text: str) -> str:
        """Returns the error message of kubectl; empty if it succeeds."""
        kubectl = self._sandbox.tools.require("kubectl")
        command = [kubectl, "--kubeconfig", str(self._sandbox.cluster.kubeconfig), "apply"]
        command += ["--dry-run=server", "--validate=strict", "-f", "-"]
        environment = self._sandbox.env
        result = subprocess.run(
            command, input=text, capture_output=True, text=True, env=environment, check=False
        )
        return result.stderr if result.returncode else ""


UNREADABLE = "Unreadable"
"""The reason if kubectl or the server cannot decode or merge the manifests."""
_READING = DECODING | {"CannotMerge"}
_INVALID = re.compile(r'^The \S+ ".*?" is invalid: ?', re.MULTILINE)
_CAUSE = re.compile(r"^(?:\* )?(?P<field>\S*?): (?P<prefix>[A-Z][a-z]+(?: [a-z]+)*)(?::|$)")


def _verdict_of_kubectl(text: str) -> ServerVerdict:
    if not text:
        return ServerVerdict(200)
    invalid = _INVALID.search(text)
    if invalid is None:
        return ServerVerdict(400, UNREADABLE, text)
    lines = text[invalid.end() :].splitlines()
    found = [match for line in lines if (match := _CAUSE.match(line))]
    return ServerVerdict(422, "Invalid", text, frozenset((m["field"], m["prefix"]) for m in found))


def as_kubectl_reports(verdict: dict[str, Any]) -> dict[str, Any]:
    """Returns a verdict of apicheck as kubectl prints it, which is without reasons."""
    return {**verdict, "causes": [_as_reported(cause) for cause in verdict.get("causes", ())]}


def _as_reported(cause: dict[str, Any]) -> dict[str, Any]:
    reason = cause["message"].partition(":")[0]
    return {**cause, "reason": UNREADABLE if cause["reason"] in _READING else reason}
