"""Recorded responses of real servers: watch events, Application statuses, lists of objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gitops_gen import yaml
from gitops_gen.model import ObjectId, Values
from gitops_gen.rehearse.result import ObjectReference
from gitops_gen.rehearse.watch import WatchEvent

FOLDER = Path(__file__).with_name("recordings")


def recording(name: str) -> Values:
    file = FOLDER / f"{name}.yaml"
    found: Values = yaml.yaml_load(file.read_bytes(), file.name)
    return found


def events(recorded: Values) -> Iterator[WatchEvent]:
    """Returns the events of a recording, each with the previous state of the object."""
    objects = {_reference(item): item["object"] for item in recorded.get("live", ())}
    for item in recorded["events"]:
        reference, after = _reference(item), item["object"]
        yield WatchEvent(item["at"], item["type"], reference, objects.get(reference), after)
        objects[reference] = after
        if item["type"] == "DELETED":
            del objects[reference]


def by_name(applications: Iterable[Values]) -> dict[str, Values]:
    return {item["metadata"]["name"]: item for item in applications}


def by_id(objects: Iterable[Values]) -> dict[ObjectId, Values]:
    return {_id(item["apiVersion"], item["kind"], item["metadata"]): item for item in objects}


def _reference(item: dict[str, Any]) -> ObjectReference:
    identity = _id(item["api_version"], item["kind"], item["object"]["metadata"])
    return ObjectReference(identity, item["api_version"])


def _id(api_version: str, kind: str, metadata: Values) -> ObjectId:
    group = api_version.rpartition("/")[0]
    return ObjectId(group, kind, metadata.get("namespace", ""), metadata["name"])
