"""The Pods that an object runs: their labels, their specification and their containers."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.view import maps_in
from gitops_gen.model import Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.list_types import pod_spec_path
from gitops_gen.objects.plain import as_map, value_at

CONTAINERS = ("initContainers", "containers", "ephemeralContainers")


def pod_specification(item: KubeObject) -> tuple[Path, Values] | None:
    """The path and the value of the Pod specification; None for a kind without Pods."""
    path = pod_spec_path(item.id.group_kind)
    found = value_at(item.value, *path) if path else None
    return (path, found) if path and isinstance(found, dict) else None


def containers_of(item: KubeObject) -> Iterator[tuple[Path, Values]]:
    """Yields all containers with their paths in the object."""
    pod = pod_specification(item)
    if pod is None:
        return
    path, specification = pod
    for key in CONTAINERS:
        for index, container in maps_in(specification, key):
            yield (*path, key, index), container


def pod_labels(item: KubeObject) -> Values:
    """The labels of the Pods; empty for a kind without Pods."""
    return as_map(value_at(item.value, *pod_labels_path(item))) if _has_pods(item) else {}


def pod_labels_path(item: KubeObject) -> Path:
    """The path of the labels of the Pods."""
    return (*(pod_spec_path(item.id.group_kind) or ())[:-1], "metadata", "labels")


def _has_pods(item: KubeObject) -> bool:
    return pod_spec_path(item.id.group_kind) is not None


def image_digest(image: str) -> str:
    """The digest in an image reference such as `host/name:tag@sha256:…`, or an empty string."""
    return image.partition("@")[2]


def image_tag(image: str) -> str:
    """The tag in an image reference, or an empty string. A host may have a port."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]
