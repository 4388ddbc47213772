"""Rules for StorageClasses and PriorityClasses."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components.storage import DEFAULT_TYPE, TYPES
from gitops_gen.model import Environment, Finding, Path, Related, Rule, Values

NAME = "platform"
IOPS_PER_MIB = 4
"""The number of operations per second that gp3 needs for each MiB per second of throughput."""

STORAGE_CLASS = Rule(
    "platform-storage-class",
    title="A StorageClass is valid for the EBS CSI driver and the cluster",
    why="EKS creates a class gp2 that cannot be changed, and the EBS CSI driver creates no volume "
    "if parameters contradict each other or are incomplete.",
    remedy="Correct the class as the message states.",
)
PRIORITY_CLASS = Rule(
    "platform-priority-class",
    title="A PriorityClass does not have a name that Kubernetes reserves",
    why="The API server rejects new classes whose names begin with `system-`.",
    remedy="Use another name.",
)
DEFAULT = Rule(
    "platform-default",
    title="At most one class of a kind is the default",
    why="With two default PriorityClasses or StorageClasses, the cluster chooses one of them or "
    "rejects the second.",
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
            text = "EKS creates a class with this name; use another name, for example gp3-retain"
            yield environment.finding(STORAGE_CLASS, path, text, key=True)
        for key, text in _performance_problems(entry):
            yield environment.finding(STORAGE_CLASS, (*path, key), text)
        if "kmsKeyId" in entry and entry.get("encrypted") is False:
            text = "has no effect with encrypted: false; remove one of the two"
            yield environment.finding(STORAGE_CLASS, (*path, "kmsKeyId"), text)
        yield from _key(environment, entry, path)
        if entry.get("type") in ("io1", "io2") and "iops" not in entry:
            text = f"is required for volumes of type {entry['type']}; set it"
            yield environment.finding(STORAGE_CLASS, (*path, "iops"), text)


def _key(environment: Environment, entry: Values, path: Path) -> Iterator[Finding]:
    """Yields a finding for a KMS key of another region, which EBS cannot use."""
    region, arn = environment.get("cluster", "region"), entry.get("kmsKeyId")
    if arn is not None and (of_key := arn.split(":")[3]) != region:
        place = environment.position(("cluster", "region"))
        text = (
            f"belongs to region {of_key}, but cluster.region is {region} ({place}), and EBS cannot "
            "use it; use a key of the cluster's region"
        )
        related = (Related(place, "cluster.region"),)
        yield environment.finding(STORAGE_CLASS, (*path, "kmsKeyId"), text, related=related)


def _performance_problems(entry: Values) -> Iterator[tuple[str, str]]:
    """Yields the key and the message of each amount that volumes of the type cannot have."""
    volume = entry.get("type", DEFAULT_TYPE)
    limits = {"iops": TYPES[volume].iops, "throughput": TYPES[volume].throughput}
    for key, limit in limits.items():
        if key in entry and limit is None:
            yield key, f"cannot be set for volumes of type {volume}; remove it"
        elif key in entry and limit is not None and not limit[0] <= entry[key] <= limit[1]:
            low, high = limit
            yield key, f"{entry[key]} is not in the range {low} to {high} of {volume}; change it"
    iops, throughput = entry.get("iops", 3000), entry.get("throughput", 0)
    if volume == "gp3" and throughput > iops / IOPS_PER_MIB:
        text = f"{throughput} needs at least {throughput * IOPS_PER_MIB} iops; increase iops"
        yield "throughput", text


def _priority_classes(environment: Environment) -> Iterator[Finding]:
    for name in environment.get(NAME, "priorityClasses", default={}):
        if name.startswith("system-"):
            text = "Kubernetes reserves names that begin with 'system-'; use another name"
            path = (NAME, "priorityClasses", name)
            yield environment.finding(PRIORITY_CLASS, path, text, key=True)


def _defaults(environment: Environment, section: str) -> Iterator[Finding]:
    entries = environment.get(NAME, section, default={})
    chosen = sorted(name for name, entry in entries.items() if entry.get("default"))
    for name in chosen[1:]:
        text = f"'{chosen[0]}' is already the default; keep only one default"
        path = (NAME, section, name, "default")
        yield environment.finding(DEFAULT, path, text)
