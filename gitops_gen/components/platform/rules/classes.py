"""StorageClasses and PriorityClasses."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.model import Environment, Finding, Path, Rule

NAME = "platform"

STORAGE_CLASS = Rule(
    "platform-storage-class",
    title="A StorageClass is one that the EBS driver and the cluster admit",
    why="EKS has a class gp2 that cannot be changed, and the EBS driver makes no volume of "
    "parameters that contradict each other or are incomplete.",
    remedy="Correct the class as the message states.",
)
PRIORITY_CLASS = Rule(
    "platform-priority-class",
    title="A PriorityClass does not have a name of Kubernetes' own",
    why="The API server refuses new classes whose names begin with `system-`.",
    remedy="Use another name.",
)
DEFAULT = Rule(
    "platform-default",
    title="At most one class of a kind is the default",
    why="With two default PriorityClasses or StorageClasses the cluster chooses one of them, or "
    "refuses the second.",
    remedy="Keep `default: true` on one of them.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    if environment.enabled(NAME):
        yield from _storage_classes(environment)
        yield from _priority_classes(environment)
        for section in ("storageClasses", "priorityClasses"):
            yield from _defaults(environment, section)


def _storage_classes(environment: Environment) -> Iterator[Finding]:
    for name, entry in environment.get(NAME, "storageClasses", default={}).items():
        path: Path = (NAME, "storageClasses", name)
        if name == "gp2":
            text = "EKS has a class of this name, which cannot be changed; take another, gp3-retain"
            yield environment.finding(STORAGE_CLASS, path, text, key=True)
        if "throughput" in entry and entry.get("type", "gp3") != "gp3":
            text = f"only gp3 has a throughput of its own, not {entry['type']}; remove it"
            yield environment.finding(STORAGE_CLASS, (*path, "throughput"), text)
        if "kmsKeyId" in entry and entry.get("encrypted") is False:
            text = "a key without encryption; remove encrypted: false"
            yield environment.finding(STORAGE_CLASS, (*path, "kmsKeyId"), text)
        if entry.get("type") in ("io1", "io2") and "iops" not in entry:
            text = f"{entry['type']} needs to be told its iops; give them"
            yield environment.finding(STORAGE_CLASS, (*path, "iops"), text)


def _priority_classes(environment: Environment) -> Iterator[Finding]:
    for name in environment.get(NAME, "priorityClasses", default={}):
        if name.startswith("system-"):
            text = "names that begin with 'system-' are Kubernetes' own; take another"
            path = (NAME, "priorityClasses", name)
            yield environment.finding(PRIORITY_CLASS, path, text, key=True)


def _defaults(environment: Environment, section: str) -> Iterator[Finding]:
    entries = environment.get(NAME, section, default={})
    chosen = sorted(name for name, entry in entries.items() if entry.get("default"))
    for name in chosen[1:]:
        text = f"'{chosen[0]}' is the default already; keep one"
        path = (NAME, section, name, "default")
        yield environment.finding(DEFAULT, path, text)
