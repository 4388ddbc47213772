"""Applies changes to a real API server as Argo CD does, and records what happens to each object.

The controllers of Kubernetes run, but no nodes: whether the Pods of a workload are replaced is read
from the revision that the controller of the workload made of the template.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen.changes.prediction import ClusterEvent, Event
from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId
from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers import argocd
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import Tools
from gitops_gen.render.hydrate.protection import SYNC_OPTIONS

SECONDS = 60.0
_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")
_NEW_POD_TEMPLATE = {
    "Deployment": ("metadata", "annotations", "deployment.kubernetes.io/revision"),
    "StatefulSet": ("status", "updateRevision"),
    "DaemonSet": ("metadata", "annotations", "deprecated.daemonset.template.generation"),
}
"""The field that the controller changes when it replaces Pods."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """An object, with the namespace in which Argo CD applies it."""

    id: ObjectId
    api_version: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """The objects that a change adds, and those that it changes, before and after it."""

    pairs: tuple[tuple[Manifest | None, Manifest], ...]


@dataclass(frozen=True, slots=True)
class Observed:
    events: frozenset[ClusterEvent] = frozenset()
    messages: tuple[str, ...] = ()
    """What the API server says about the objects that it refuses."""


def replayed(
    base: list[Manifest], steps: list[Step], groups: frozenset[str], found: Tools
) -> list[Observed]:
    """Applies each change to a cluster that has the objects of the base, and takes it back.

    `groups` are the API groups of add-ons whose objects are accepted without validation.
    """
    with scratch(print) as folder:
        argument = (folder, found, base, steps, groups)
        answers: list[Observed] = isolated(_inside, argument, folder, lambda _text: None)
        return answers


def _inside(argument: tuple[Any, ...], progress: Callable[[str], None]) -> list[Observed]:
    folder, found, base, steps, groups = argument
    sandbox = Sandbox(found, folder, "eu-central-1", progress)
    sandbox.start_control_plane()
    sandbox.put_crds(argocd.crds(found.find("argocd"))[0])
    sandbox.stand_in(groups)
    sandbox.start_controllers()
    sandbox.put_namespace(argocd.NAMESPACE)
    cluster = _Cluster(sandbox)
    for item in _in_order(base):
        if message := cluster.apply(item):
            raise ToolFailed(f"the base is refused: {message}")
    cluster.wait_for_controllers(base)
    return [cluster.replay(step) for step in steps]


def _in_order(items: Iterable[Manifest]) -> list[Manifest]:
    """Namespaces come first, as in a sync wave of Argo CD."""
    return sorted(items, key=lambda item: item.id.kind != "Namespace")


@dataclass(frozen=True)
class _Cluster:
    sandbox: Sandbox

    def replay(self, step: Step) -> Observed:
        events, messages = set(), []
        before = {new.id: self._workload(new) for old, new in step.pairs if old is not None}
        pairs = sorted(step.pairs, key=lambda pair: pair[1].id.kind != "Namespace")
        for _, new in pairs:
            if message := self.apply(new):
                events.add(ClusterEvent(Event.REFUSED, new.id))
                messages.append(message)
        for _, new in pairs:
            if self._is_rolled_out(new, before.get(new.id)):
                events.add(ClusterEvent(Event.RESTARTED, new.id))
        for old, new in reversed(pairs):
            self._restore(old, new)
        return Observed(frozenset(events), tuple(messages))

    def apply(self, item: Manifest) -> str:
        """Applies an object as Argo CD does. Returns the message of a refusal."""
        annotations = item.value["metadata"].get("annotations") or {}
        options = str(annotations.get(SYNC_OPTIONS) if isinstance(annotations, dict) else "")
        verb = "replace" if "Replace=true" in options else "apply"
        return self._kubectl(item, verb, "--validate=strict")

    def wait_for_controllers(self, items: Iterable[Manifest]) -> None:
        for item in items:
            if item.id.kind in _WORKLOADS:
                self.sandbox.wait(str(item.id), lambda one=item: bool(self._revision(one)), SECONDS)

    def _restore(self, old: Manifest | None, new: Manifest) -> None:
        """Returns the object to the base; it is created again if the change cannot be undone."""
        if old is None:
            self._delete(new)
        elif self.apply(old):
            self._delete(new)
            if message := self.apply(old):
                raise ToolFailed(f"the base cannot be restored: {message}")
        if old is not None:
            self.wait_for_controllers([old])

    def _delete(self, item: Manifest) -> None:
        self._kubectl(item, "delete", "--ignore-not-found", "--cascade=foreground", "--wait=false")
        self._send("PATCH", item, {"metadata": {"finalizers": None}})
        self.sandbox.wait(f"deletion of {item.id}", lambda: self._live(item) is None, SECONDS)

    def _kubectl(self, item: Manifest, *arguments: str) -> str:
        """Runs kubectl for one object. Returns its error message; empty if it succeeds."""
        kubectl = self.sandbox.tools.require("kubectl")
        command = [kubectl, "--kubeconfig", str(self.sandbox.cluster.kubeconfig), *arguments]
        if item.id.namespace:
            command += ["--namespace", item.id.namespace]
        done = subprocess.run(
            [*command, "-f", "-"],
            input=json.dumps(item.value),
            capture_output=True,
            text=True,
            env=self.sandbox.env,
            check=False,
        )
        return done.stderr.strip() if done.returncode else ""

    def _path(self, item: Manifest) -> str | None:
        resource = self.sandbox.server.resources().get((item.api_version, item.id.kind))
        return resource.path(item.id.namespace, item.id.name) if resource else None

    def _live(self, item: Manifest) -> dict[str, Any] | None:
        path = self._path(item)
        answer = self.sandbox.server.get(path) if path else None
        return answer.body if answer is not None and answer.ok else None

    def _send(self, method: str, item: Manifest, body: dict[str, Any]) -> None:
        if path := self._path(item):
            merge = "application/merge-patch+json"
            self.sandbox.server.request(method, path, body=body, content_type=merge)

    # What the controllers did

    def _workload(self, item: Manifest) -> dict[str, Any] | None:
        return self._live(item) if item.id.kind in _WORKLOADS else None

    def _is_rolled_out(self, item: Manifest, before: dict[str, Any] | None) -> bool:
        """Whether the controller replaces Pods. Without Pods, there is nothing to replace."""
        if before is None:
            return False
        self._wait_for_controller(item)
        now = self._workload(item) or before
        if before["spec"].get("replicas") == 0 or now["spec"].get("replicas") == 0:
            return False
        return _field(now, item) != _field(before, item)

    def _wait_for_controller(self, item: Manifest) -> None:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and not self._revision(item):
            time.sleep(0.05)

    def _revision(self, item: Manifest) -> str:
        """The revision of the template; empty until the controller has seen the last change."""
        now = self._workload(item) or {}
        seen = (now.get("status") or {}).get("observedGeneration", 0)
        if not now or seen < now["metadata"]["generation"]:
            return ""
        return _field(now, item) if _is_complete(now, self._replica_sets(now)) else ""

    def _replica_sets(self, workload: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if workload["kind"] != "Deployment":
            return
        namespace = workload["metadata"]["namespace"]
        answer = self.sandbox.server.get(f"/apis/apps/v1/namespaces/{namespace}/replicasets")
        for item in answer.body["items"]:
            owners = item["metadata"].get("ownerReferences") or ()
            if any(owner["uid"] == workload["metadata"]["uid"] for owner in owners):
                yield item


def _is_complete(workload: dict[str, Any], replica_sets: Iterable[dict[str, Any]]) -> bool:
    """Whether a Deployment has a ReplicaSet of its template. Others make it in one step."""
    if workload["kind"] != "Deployment" or workload["spec"].get("paused"):
        return True
    return any(_template(item) == _template(workload) for item in replica_sets)


def _template(value: dict[str, Any]) -> dict[str, Any]:
    template = json.loads(json.dumps(value["spec"]["template"]))
    template["metadata"].get("labels", {}).pop("pod-template-hash", None)
    return dict(template)


def _field(value: dict[str, Any], item: Manifest) -> str:
    found: Any = value
    for name in _NEW_POD_TEMPLATE[item.id.kind]:
        found = (found or {}).get(name)
    return str(found or "")
