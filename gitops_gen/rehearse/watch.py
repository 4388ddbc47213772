"""What happens in the cluster, as its watch streams tell it, with our own clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gitops_gen.model import Values
from gitops_gen.rehearse.result import Identity
from gitops_gen.rehearse.servers.api import Resource, Server, Unreachable

What: TypeAlias = Literal["ADDED", "MODIFIED", "DELETED"]


@dataclass(frozen=True, slots=True)
class Event:
    """One object became `after`; `before` is None for a new one."""

    at: float
    what: What
    object: Identity
    before: Values | None = field(repr=False)
    after: Values = field(repr=False)


@dataclass
class Watcher:
    """Follows kinds in threads of its own. Events are kept in the order they came in."""

    server: Server
    events: list[Event] = field(default_factory=list)
    live: dict[Identity, Values] = field(default_factory=dict)
    _watched: set[Resource] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def follow(self, kinds: Iterable[tuple[str, str]]) -> None:
        """Kinds that are not served yet are left for the next call."""
        wanted = set(kinds) - {(r.api_version, r.kind) for r in self._watched}
        if not wanted:
            return
        served = self.server.resources()
        for resource in (served[kind] for kind in sorted(wanted) if kind in served):
            if "watch" in resource.verbs:
                self._watched.add(resource)
                threading.Thread(target=self._run, args=(resource,), daemon=True).start()

    def since(self, index: int) -> list[Event]:
        with self._lock:
            return self.events[index:]

    @property
    def count(self) -> int:
        return len(self.events)

    def snapshot(self) -> dict[Identity, Values]:
        with self._lock:
            return dict(self.live)

    def until(self, done: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if done():
                return True
            time.sleep(0.05)
        return done()

    def _run(self, resource: Resource) -> None:
        while True:
            try:
                self._follow(resource)
            except Unreachable:
                # The server is starting, or gone: who waits for it says so.
                time.sleep(0.2)

    def _follow(self, resource: Resource) -> None:
        answer = self.server.get(resource.path())
        if not answer.ok:
            time.sleep(0.2)
            return
        items = answer.body.get("items") or []
        self._replace(resource, items)
        version = answer.body["metadata"]["resourceVersion"]
        for event in self.server.watch(resource.path(), version):
            if event["type"] == "ERROR":
                return
            if event["type"] != "BOOKMARK":
                self._note(resource, event["type"], event["object"])

    def _replace(self, resource: Resource, items: list[Values]) -> None:
        there = {_identity(resource, item) for item in items}
        for item in items:
            self._note(resource, "MODIFIED", item)
        kind = (resource.api_version, resource.kind)
        for gone in [i for i in self.snapshot() if (i.api_version, i.kind) == kind]:
            if gone not in there:
                self._note(resource, "DELETED", self.live[gone])

    def _note(self, resource: Resource, what: What, value: Values) -> None:
        identity = _identity(resource, value)
        with self._lock:
            before = self.live.get(identity)
            if what == "DELETED":
                self.live.pop(identity, None)
            else:
                if before is not None and _version(before) == _version(value):
                    return
                what = "MODIFIED" if before is not None else "ADDED"
                self.live[identity] = value
            self.events.append(Event(time.monotonic(), what, identity, before, value))


def _identity(resource: Resource, value: Values) -> Identity:
    metadata = value["metadata"]
    place = metadata.get("namespace") or ""
    return Identity(resource.api_version, resource.kind, place, metadata["name"])


def _version(value: Values) -> str:
    return str(value["metadata"].get("resourceVersion"))


def paths(before: object, after: object, prefix: str = "") -> Iterator[tuple[str, object, object]]:
    """(path, before, after) of each difference, as deep as both sides are maps or equal lists."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}, key=str):
            yield from paths(before.get(key), after.get(key), f"{prefix}.{_key(key)}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, two) in enumerate(zip(before, after, strict=True)):
            yield from paths(one, two, f"{prefix}[{index}]")
    else:
        yield prefix.removeprefix("."), before, after


def _key(key: object) -> str:
    text = str(key)
    return f'"{text}"' if "." in text or "/" in text else text


_BOOKKEEPING = frozenset(
    {"managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"}
)


def content(value: Values) -> Values:
    """An object without what the server keeps for itself."""
    metadata = {k: v for k, v in value.get("metadata", {}).items() if k not in _BOOKKEEPING}
    notes = metadata.get("annotations") or {}
    own = {k: v for k, v in notes.items() if not k.startswith(_NOT_CONTENT)}
    metadata["annotations"] = own or None
    return {**{k: v for k, v in value.items() if k != "status"}, "metadata": metadata}


_NOT_CONTENT = (
    "argocd.argoproj.io/tracking-id",
    "argocd.argoproj.io/refresh",
    "deployment.kubernetes.io/",
    "kubectl.kubernetes.io/last-applied-configuration",
    "pv.kubernetes.io/",
    "volume.kubernetes.io/",
    "volume.beta.kubernetes.io/",
)
