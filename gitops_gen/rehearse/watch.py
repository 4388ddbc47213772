"""The watch events of the objects of a cluster, with the times of their arrival."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gitops_gen.model import ObjectId, Values
from gitops_gen.rehearse.result import ObjectReference
from gitops_gen.rehearse.servers.api import Resource, Server, Unreachable

EventType: TypeAlias = Literal["ADDED", "MODIFIED", "DELETED"]


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """A change of an object from `before`, which is None for a new object, to `after`."""

    at: float
    type: EventType
    object: ObjectReference
    before: Values | None = field(repr=False)
    after: Values = field(repr=False)


@dataclass
class Watcher:
    """Watches kinds in its own threads, and records events in the order of their arrival."""

    server: Server
    events: list[WatchEvent] = field(default_factory=list)
    live: dict[ObjectId, Values] = field(default_factory=dict)
    _followed: dict[tuple[str, str], Resource] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: threading.Event = field(default_factory=threading.Event)

    def follow(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Watches each (API version, kind) that is served; the next call can retry the others.

        A kind is watched only in the version that the server lists first, so that each event occurs
        once and all compared objects have the same version.
        """
        wanted = set(kinds)
        for key, resource in self.server.resources().items():
            kind = (resource.group, resource.kind)
            if key in wanted and "watch" in resource.verbs and kind not in self._followed:
                self._followed[kind] = resource
                threading.Thread(target=self._run, args=(resource,), daemon=True).start()

    def catch_up(self) -> None:
        """Records the changes until now that no stream has delivered yet."""
        for resource in tuple(self._followed.values()):
            answer = self.server.get(resource.path())
            if answer.ok:
                self._replace(resource, answer.body.get("items") or [])

    def close(self) -> None:
        """Ends each thread when its request or watch stream ends; nothing is asked afterwards."""
        self._closed.set()

    def since(self, index: int) -> list[WatchEvent]:
        with self._lock:
            return self.events[index:]

    @property
    def count(self) -> int:
        return len(self.events)

    def snapshot(self) -> dict[ObjectId, Values]:
        with self._lock:
            return dict(self.live)

    def _run(self, resource: Resource) -> None:
        while not self._closed.is_set():
            try:
                self._follow(resource)
            except Unreachable:
                # The server is starting or has ended; the code that waits for it reports that.
                self._closed.wait(0.2)

    def _follow(self, resource: Resource) -> None:
        """Lists and watches once, until the server ends the stream."""
        answer = self.server.get(resource.path())
        if not answer.ok:
            self._closed.wait(0.2)
            return
        self._replace(resource, answer.body.get("items") or [])
        version = answer.body["metadata"]["resourceVersion"]
        for event in self.server.watch(resource.path(), version):
            if event["type"] == "ERROR":
                return
            if event["type"] != "BOOKMARK":
                self._note(resource, event["type"], event["object"])

    def _replace(self, resource: Resource, items: list[Values]) -> None:
        """Records the changes that occurred while no stream was open."""
        listed = {resource.id_of(item) for item in items}
        for item in items:
            self._note(resource, "MODIFIED", item)
        for identity, value in self.snapshot().items():
            same_kind = (identity.group, identity.kind) == (resource.group, resource.kind)
            if same_kind and identity not in listed:
                self._note(resource, "DELETED", value)

    def _note(self, resource: Resource, event_type: EventType, value: Values) -> None:
        identity = resource.id_of(value)
        with self._lock:
            before = self.live.get(identity)
            if event_type == "DELETED":
                self.live.pop(identity, None)
            elif before is not None and not _is_newer(value, before):
                return
            else:
                event_type = "MODIFIED" if before is not None else "ADDED"
                self.live[identity] = value
            reference = ObjectReference(identity, resource.api_version)
            event = WatchEvent(time.monotonic(), event_type, reference, before, value)
            self.events.append(event)


def _is_newer(value: Values, before: Values) -> bool:
    """Whether an object has a later resource version. Versions are numbers in practice."""
    version, previous = (str(one["metadata"].get("resourceVersion")) for one in (value, before))
    if version.isdecimal() and previous.isdecimal():
        return int(version) > int(previous)
    return version != previous
