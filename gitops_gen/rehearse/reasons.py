"""Why an object does not come to rest: what the cluster's Events say of it and of what it made.

A Pod that the API server refuses never is; only the Event of who wanted to make it has its words.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.rehearse.orphans import Everything
from gitops_gen.rehearse.result import Identity

_MOST = 3
_DEEP = 4
"""Owners of owners that are looked at: Deployment, ReplicaSet, Pod."""

Place = tuple[str, str, str]
"""Kind, namespace, name: what an Event and an owner's reference have in common."""


def reasons(now: Everything, identity: Identity) -> tuple[str, ...]:
    """The warnings about an object and what it owns, each wording once, the last ones."""
    family = _family(now, (identity.kind, identity.namespace, identity.name))
    found = dict.fromkeys(text for place, text in _warnings(now) if place in family)
    return tuple(found)[-_MOST:]


def _family(now: Everything, first: Place) -> set[Place]:
    found = {first}
    for _ in range(_DEEP):
        found |= {
            (kind, namespace, name)
            for (_, kind, namespace, name), value in now.items()
            for owner in value["metadata"].get("ownerReferences") or ()
            if (owner["kind"], namespace, owner["name"]) in found
        }
    return found


def _warnings(now: Everything) -> Iterator[tuple[Place, str]]:
    events = [v for (group, kind, *_), v in now.items() if (group, kind) == ("", "Event")]
    for event in sorted(events, key=lambda event: str(event.get("lastTimestamp") or "")):
        if event.get("type") == "Warning":
            about = event.get("involvedObject") or {}
            place = (about.get("kind", ""), about.get("namespace", ""), about.get("name", ""))
            yield place, f"{event.get('reason')}: {str(event.get('message')).strip()}"
