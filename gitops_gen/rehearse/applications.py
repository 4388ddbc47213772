"""Argo CD's Applications as values: where they are, and when all of them are at rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gitops_gen.model import Values
from gitops_gen.rehearse.result import Awaited

_ATTEMPT = re.compile(
    r"\(retried \d+ times?\)|attempt #\d+|Retrying.*$|\d\d:\d\d:\d\d\S*"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\"/[^\"]*/[0-9]+\""
)
"""What every further try words anew: its number, times, object ids, Argo CD's temporary files."""


@dataclass(frozen=True, slots=True)
class State:
    """What matters of an Application's status."""

    sync: str
    health: str
    phase: str
    """Of its last operation."""
    revision: str
    message: str
    operations: str
    """When its last operation began."""
    failed: frozenset[str] = frozenset()
    deleted: str = ""
    """What keeps it, where it is being deleted."""

    @property
    def running(self) -> bool:
        return self.phase == "Running"

    @property
    def at_rest(self) -> bool:
        return self.sync == "Synced" and self.health == "Healthy" and not self.running

    def __str__(self) -> str:
        phase = "" if self.phase in ("", "Succeeded") else f", {self.phase}"
        return f"{self.sync}, {self.health}{phase}"

    @property
    def salient(self) -> tuple[object, ...]:
        """The same for a further try that ends as the one before."""
        text = _ATTEMPT.sub("", self.message)
        said = self.sync, self.health, self.phase, self.revision, text
        return *said, self.failed, self.deleted


def state(application: Values) -> State:
    status = application.get("status") or {}
    sync = status.get("sync") or {}
    operation = status.get("operationState") or {}
    results = (operation.get("syncResult") or {}).get("resources") or ()
    failed = (
        f"{r.get('kind')}/{r.get('name')}" for r in results if r.get("status") == "SyncFailed"
    )
    conditions = "; ".join(str(c.get("message")) for c in status.get("conditions") or ())
    # Of a sync that went well it says nothing that the states do not.
    said = "" if operation.get("phase") == "Succeeded" else str(operation.get("message") or "")
    return State(
        sync=str(sync.get("status") or "Unknown"),
        health=str((status.get("health") or {}).get("status") or "Unknown"),
        phase=str(operation.get("phase") or ""),
        revision=str(sync.get("revision") or ""),
        message="; ".join(filter(None, (said.strip(), conditions))),
        operations=str(operation.get("startedAt") or ""),
        failed=frozenset(failed),
        deleted=kept_by(application) if application["metadata"].get("deletionTimestamp") else "",
    )


def kept_by(value: Values) -> str:
    """Why an object that is being deleted is still there, in words."""
    names = ", ".join(value["metadata"].get("finalizers") or ())
    return f"is being deleted, kept by {names}" if names else "is being deleted"


def settled(states: Mapping[str, State], expected: frozenset[str], revision: str) -> bool:
    """All that are expected, and no others, at rest on the revision."""
    return not awaited(states, expected, revision)


def awaited(
    states: Mapping[str, State], expected: frozenset[str], revision: str
) -> tuple[Awaited, ...]:
    """What keeps the Applications from rest on the revision."""
    return tuple(
        Awaited(name, text)
        for name in sorted({*states, *expected})
        for text in _reasons(states.get(name), name in expected, revision)
    )


def _reasons(now: State | None, expected: bool, revision: str) -> Iterator[str]:
    """At most one."""
    if now is None:
        yield "is not in the cluster yet"
    elif now.deleted:
        yield now.deleted
    elif not expected:
        yield "is not in Git any more and is still in the cluster"
    elif now.revision != revision:
        yield f"was not compared with commit {revision[:7]} yet ({now})"
    elif not now.at_rest:
        yield f"is {now}"
