"""The warning Events of a cluster about an object and what it owns.

A Pod that the API server refuses never exists: only an Event of its owner says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import ObjectId
from gitops_gen.rehearse.live_objects import LiveObjects

_MOST = 3
_DEEP = 4
"""Generations of owners: Deployment, ReplicaSet, Pod."""

KindAndName = tuple[str, str, str]
"""Kind, namespace, name: what an Event and an owner reference have in common."""


def event_warnings(live: LiveObjects, identity: ObjectId) -> tuple[str, ...]:
    """The last warnings about an object and what it owns, each wording once."""
    family = _with_owned(live, (identity.kind, identity.namespace, identity.name))
    texts = dict.fromkeys(text for about, text in _warnings(live) if about in family)
    return tuple(texts)[-_MOST:]


def _with_owned(live: LiveObjects, first: KindAndName) -> set[KindAndName]:
    family = {first}
    for _ in range(_DEEP):
        family |= {
            (identity.kind, identity.namespace, identity.name)
            for identity, value in live.items()
            for owner in value["metadata"].get("ownerReferences") or ()
            if (owner["kind"], identity.namespace, owner["name"]) in family
        }
    return family


def _warnings(live: LiveObjects) -> Iterator[tuple[KindAndName, str]]:
    events = [value for i, value in live.items() if (i.group, i.kind) == ("", "Event")]
    for event in sorted(events, key=lambda event: str(event.get("lastTimestamp") or "")):
        if event.get("type") == "Warning":
            about = event.get("involvedObject") or {}
            subject = (about.get("kind", ""), about.get("namespace", ""), about.get("name", ""))
            yield subject, f"{event.get('reason')}: {str(event.get('message')).strip()}"
