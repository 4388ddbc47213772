"""StorageClasses and PriorityClasses, with the defaults of their entries."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Values


def storage_classes(section: Values) -> list[Values]:
    return [
        {
            "name": name,
            "default": entry.get("default", False),
            "reclaimPolicy": entry.get("reclaimPolicy", "Retain"),
            "parameters": dict(sorted(_parameters(entry))),
        }
        for name, entry in sorted(section.get("storageClasses", {}).items())
    ]


def _parameters(entry: Values) -> Iterator[tuple[str, str]]:
    yield "type", entry.get("type", "gp3")
    yield "encrypted", "true" if entry.get("encrypted", True) else "false"
    yield "csi.storage.k8s.io/fstype", entry.get("fileSystem", "ext4")
    for name in ("iops", "throughput", "kmsKeyId"):
        if name in entry:
            yield name, str(entry[name])


def priority_classes(section: Values) -> list[Values]:
    return [
        {
            "name": name,
            "value": str(entry["value"]),
            "default": entry.get("default", False),
            "preemptionPolicy": "PreemptLowerPriority" if entry.get("preempt", True) else "Never",
            "description": entry.get("description", ""),
        }
        for name, entry in sorted(section.get("priorityClasses", {}).items())
    ]
