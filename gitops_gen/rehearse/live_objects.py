"""All objects of a cluster, and those among them that nothing owns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from gitops_gen.model import ObjectId, Values
from gitops_gen.rehearse.result import ObjectReference
from gitops_gen.rehearse.servers.api import Resource, Server

# What Kubernetes itself creates in every cluster or namespace.
_KUBERNETES_KINDS = frozenset(
    {"Event", "Endpoints", "EndpointSlice", "Lease", "ControllerRevision", "Node", "CSINode"}
    | {"PersistentVolume", "PodMetrics", "IPAddress", "ServiceCIDR", "APIService"}
    | {"FlowSchema", "PriorityLevelConfiguration", "ComponentStatus", "StorageVersion"}
)
_KUBERNETES_NAMES = frozenset({("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")})

LiveObjects = Mapping[ObjectId, Values]


def live_objects(server: Server) -> LiveObjects:
    """The objects of all kinds that can be listed and watched."""
    resources = [r for r in _resources_once(server) if {"list", "watch"} <= r.verbs]
    with ThreadPoolExecutor(max_workers=4) as pool:
        lists = pool.map(lambda resource: (resource, server.get(resource.path())), resources)
        return {
            resource.id_of(item): {"apiVersion": resource.api_version, **item}
            for resource, answer in lists
            if answer.ok
            for item in answer.body.get("items") or ()
        }


def orphans(
    live: LiveObjects, before: Iterable[ObjectId], owned: Iterable[ObjectId]
) -> Iterator[ObjectReference]:
    """What was created since `before` and is owned neither by Git nor by another object."""
    expected = {*before, *owned}
    for identity, value in sorted(live.items(), key=lambda item: item[0]):
        if identity in expected or _is_of_kubernetes(identity):
            continue
        if not value["metadata"].get("ownerReferences") and not _is_claim_of(identity, live):
            yield ObjectReference(identity, str(value.get("apiVersion") or identity.group))


def _is_of_kubernetes(identity: ObjectId) -> bool:
    kind, name = identity.kind, identity.name
    return kind in _KUBERNETES_KINDS or (kind, name) in _KUBERNETES_NAMES


def _is_claim_of(claim: ObjectId, live: LiveObjects) -> bool:
    """Whether it comes from a StatefulSet's template: only its name ties it to the StatefulSet."""
    if claim.kind != "PersistentVolumeClaim":
        return False
    return any(
        claim.name.startswith(f"{template['metadata']['name']}-{identity.name}-")
        for identity, value in live.items()
        if (identity.kind, identity.namespace) == ("StatefulSet", claim.namespace)
        for template in value["spec"].get("volumeClaimTemplates") or ()
    )


def _resources_once(server: Server) -> list[Resource]:
    """Each kind once, in the version that the server names first."""
    found: dict[tuple[str, str], Resource] = {}
    for resource in server.resources().values():
        found.setdefault((resource.group, resource.kind), resource)
    return list(found.values())
