"""The state of Argo CD Applications, and the reasons why they are not Synced and Healthy."""

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
"""The parts of a message that differ between retries.

They are the number of the retry, times, object ids, and the names of temporary files.
"""


@dataclass(frozen=True, slots=True)
class ApplicationState:
    """The parts of an Application's status that a rehearsal evaluates."""

    sync: str
    health: str
    phase: str
    """The phase of the last operation."""
    revision: str
    message: str
    operation_started: str
    """The time at which the last operation began."""
    failed: frozenset[str] = frozenset()
    deletion: str = ""
    """Why the Application still exists, if it is being deleted; otherwise empty."""

    @property
    def running(self) -> bool:
        return self.phase == "Running"

    @property
    def is_synced_and_healthy(self) -> bool:
        return self.sync == "Synced" and self.health == "Healthy" and not self.running

    def __str__(self) -> str:
        phase = "" if self.phase in ("", "Succeeded") else f", {self.phase}"
        return f"{self.sync}, {self.health}{phase}"

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """A value that is equal for two retries with the same result."""
        message = _ATTEMPT.sub("", self.message)
        states = self.sync, self.health, self.phase, self.revision
        return *states, message, self.failed, self.deletion


def state_of(application: Values) -> ApplicationState:
    status = application.get("status") or {}
    sync = status.get("sync") or {}
    operation = status.get("operationState") or {}
    results = (operation.get("syncResult") or {}).get("resources") or ()
    failed = (
        f"{r.get('kind')}/{r.get('name')}" for r in results if r.get("status") == "SyncFailed"
    )
    return ApplicationState(
        sync=str(sync.get("status") or "Unknown"),
        health=str((status.get("health") or {}).get("status") or "Unknown"),
        phase=str(operation.get("phase") or ""),
        revision=str(sync.get("revision") or ""),
        message=_message(status, operation),
        operation_started=str(operation.get("startedAt") or ""),
        failed=frozenset(failed),
        deletion=deletion(application) if application["metadata"].get("deletionTimestamp") else "",
    )


def _message(status: Values, operation: Values) -> str:
    conditions = "; ".join(str(c.get("message")) for c in status.get("conditions") or ())
    succeeded = operation.get("phase") == "Succeeded"
    # The message of a successful sync only repeats the states.
    message = "" if succeeded else str(operation.get("message") or "")
    return "; ".join(filter(None, (message.strip(), conditions)))


def deletion(value: Values) -> str:
    """Returns why an object that is being deleted still exists."""
    names = ", ".join(value["metadata"].get("finalizers") or ())
    return f"is being deleted, blocked by finalizers: {names}" if names else "is being deleted"


def settled(
    states: Mapping[str, ApplicationState], expected: frozenset[str], revision: str
) -> bool:
    """Returns whether only the expected Applications exist, Synced and Healthy at the revision."""
    return not awaited(states, expected, revision)


def awaited(
    states: Mapping[str, ApplicationState], expected: frozenset[str], revision: str
) -> tuple[Awaited, ...]:
    """Returns the Applications that are not Synced and Healthy at the revision.

    Applications that should not exist are also included.
    """
    return tuple(
        Awaited(name, text)
        for name in sorted({*states, *expected})
        for text in _reasons(states.get(name), name in expected, revision)
    )


def _reasons(state: ApplicationState | None, expected: bool, revision: str) -> Iterator[str]:
    """Yields the reason why an Application is not ready; at most one."""
    if state is None:
        yield "is not in the cluster yet"
    elif state.deletion:
        yield state.deletion
    elif not expected:
        yield "was removed from Git but still exists in the cluster"
    elif state.revision != revision:
        yield f"was not compared with commit {revision[:7]} yet ({state})"
    elif not state.is_synced_and_healthy:
        yield f"is {state}"
