"""The Pod template of an object, as the controls of the Pod Security Standards read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from gitops_gen.checks.pods import CONTAINERS, containers_of, pod_specification
from gitops_gen.model import Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at

CONTEXT = "securityContext"
NEWEST = 1000
"""The minor version that stands for `latest`."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A field of a Pod that a control does not admit, or that it requires and that is missing."""

    path: Path
    text: str
    missing: bool = False


@dataclass(frozen=True, eq=False)
class PodTemplate:
    """The Pods of one object. `minor` is the version of the standard that is applied."""

    item: KubeObject
    path: Path
    specification: Values
    minor: int = NEWEST

    @classmethod
    def of(cls, item: KubeObject, minor: int = NEWEST) -> PodTemplate | None:
        found = pod_specification(item)
        return cls(item, *found, minor) if found else None

    @cached_property
    def containers(self) -> Sequence[tuple[Path, Values]]:
        return list(containers_of(self.item))

    @property
    def is_windows(self) -> bool:
        """Whether the controls for Linux do not apply."""
        return str(self.field_value("os", "name")) == "windows"

    @property
    def has_user_namespace(self) -> bool:
        """Whether root in its containers is not root on the node."""
        return self.specification.get("hostUsers") is False

    def field_value(self, *path: str | int) -> Any:
        return value_at(self.specification, *path)

    def contexts(self) -> Iterator[tuple[Path, str, Values]]:
        """Yields the security contexts that exist, each with its path and what it belongs to."""
        pod = self.field_value(CONTEXT)
        if isinstance(pod, dict):
            yield (*self.path, CONTEXT), "the Pod", pod
        for path, container in self.containers:
            context = container.get(CONTEXT)
            if isinstance(context, dict):
                yield (*path, CONTEXT), named(path, container), context


_KINDS_OF_CONTAINERS = dict(
    zip(CONTAINERS, ("init container", "container", "ephemeral container"), strict=True)
)


def named(path: Path, container: Values) -> str:
    """The name of a container at a path, for messages."""
    return f"the {_KINDS_OF_CONTAINERS[str(path[-2])]} {container.get('name')}"


Control: TypeAlias = Callable[[PodTemplate], Iterator[Violation]]
