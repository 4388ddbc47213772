"""StorageClasses and the EBS volumes that they create."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_gen.model import Environment, Rule

CLASSES_OF_EKS = {"gp2": "gp2"}
"""The StorageClasses that EKS creates, each with the type of its volumes. Neither EKS nor the EBS
CSI driver creates a class gp3."""

VOLUME_SIZE = Rule(
    "volume-size",
    title="A volume has a size that EBS offers",
    why="AWS creates no volume outside the range of its type, so the PersistentVolumeClaim "
    "stays pending.",
    remedy="Write a size in the range that the message states, or use a StorageClass of another "
    "type.",
)


@dataclass(frozen=True, slots=True)
class VolumeType:
    """The limits of an EBS volume type; sizes in GiB, throughput in MiB per second."""

    sizes: tuple[int, int]
    iops: tuple[int, int] | None = None
    """The range that can be set; None if AWS derives it from the size."""
    throughput: tuple[int, int] | None = None


# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
TYPES = {
    "gp2": VolumeType((1, 16384)),
    "gp3": VolumeType((1, 65536), (3000, 80000), (125, 2000)),
    "io1": VolumeType((4, 16384), (100, 64000)),
    "io2": VolumeType((4, 65536), (100, 256000)),
    "st1": VolumeType((125, 16384)),
    "sc1": VolumeType((125, 16384)),
}
DEFAULT_TYPE = "gp3"
"""The type of a class in platform.storageClasses."""


def undeclared(environment: Environment, name: str) -> str | None:
    """Returns the message about a StorageClass that nothing creates, as far as the values show."""
    if name in CLASSES_OF_EKS or name in _declared(environment):
        return None
    return (
        f"StorageClass '{name}' is not in platform.storageClasses, and EKS does not create it; "
        "declare it there, or the PersistentVolumeClaim stays pending unless the class is created "
        "in another way"
    )


def size_problem(environment: Environment, name: str, size: str) -> str | None:
    """Returns the message about a size in Gi or Ti that the volumes of a class cannot have."""
    volume = _type(environment, name)
    low, high = TYPES[volume].sizes if volume else (1, max(t.sizes[1] for t in TYPES.values()))
    if low <= int(size[:-2]) * (1024 if size.endswith("Ti") else 1) <= high:
        return None
    described = f"EBS volumes of type {volume} have" if volume else "EBS volumes have"
    return f"{described} {low} to {high} GiB, not '{size}'; write a size in this range"


def _type(environment: Environment, name: str) -> str | None:
    """Returns the volume type of a class; None if the class is not in the values."""
    declared = _declared(environment)
    if name in declared:
        return str((declared[name] or {}).get("type", DEFAULT_TYPE))
    return CLASSES_OF_EKS.get(name)


def _declared(environment: Environment) -> dict[str, dict[str, object]]:
    if not environment.enabled("platform"):
        return {}
    return dict(environment.get("platform", "storageClasses", default={}))
