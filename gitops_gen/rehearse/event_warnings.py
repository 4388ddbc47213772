"""The warning Events of a cluster about an object and what it owns.

A Pod that the API server refuses never exists: only an Event of its owner says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import ObjectId
from gitops_gen.rehearse.live_objects import LiveObjects

_MOST_WARNINGS = 3
_GENERATIONS = 4
"""Generations of owners: Deployment, ReplicaSet, Pod."""

KindAndName = tuple[str, str, str]
"""Kind, namespace, name: what an Event and an owner reference have in common."""


def event_warnings(live: LiveObjects, identity: ObjectId) -> tuple[str, ...]:
    """The last warnings about an object and what it owns, each wording once."""
    subjects = _with_owned(live, (identity.kind, identity.namespace, identity.name))
    texts = dict.fromkeys(text for subject, text in _warnings(live) if subject in subjects)
    return tuple(texts)[-_MOST_WARNINGS:]


def _with_owned(live: LiveObjects, first: KindAndName) -> set[KindAndName]:
    subjects = {first}
    for _ in range(_GENERATIONS):
        subjects |= {
            (identity.kind, identity.namespace, identity.name)
            for identity, value in live.items()
            for owner in value["metadata"].get("ownerReferences") or ()
            if (owner["kind"], identity.namespace, owner["name"]) in subjects
        }
    return subjects


def _warnings(live: LiveObjects) -> Iterator[tuple[KindAndName, str]]:
    events = [
        value
        for identity, value in live.items()
        if (identity.group, identity.kind) == ("", "Event")
    ]
    for event in sorted(events, key=lambda event: str(event.get("lastTimestamp") or "")):
        if event.get("type") == "Warning":
            involved = event.get("involvedObject") or {}
            subject = (
                involved.get("kind", ""),
                involved.get("namespace", ""),
                involved.get("name", ""),
            )
            yield subject, f"{event.get('reason')}: {str(event.get('message')).strip()}"
