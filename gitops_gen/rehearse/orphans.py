"""Objects that nothing owns: not in Git, not made by a controller, not the cluster's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from gitops_gen.model import Values
from gitops_gen.rehearse.result import Identity
from gitops_gen.rehearse.servers.api import Resource, Server

# What the cluster makes by itself for whoever is there.
_OWN_KINDS = frozenset(
    {"Event", "Endpoints", "EndpointSlice", "Lease", "ControllerRevision", "Node", "CSINode"}
    | {"PersistentVolume", "PodMetrics", "IPAddress", "ServiceCIDR", "APIService"}
    | {"FlowSchema", "PriorityLevelConfiguration", "ComponentStatus", "StorageVersion"}
)
_OWN_NAMES = frozenset({("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")})

Everything = Mapping[tuple[str, str, str, str], Values]


def everything(server: Server) -> Everything:
    """All objects of all kinds, the cluster's own and Pods of controllers left out."""
    resources = [r for r in _preferred(server) if {"list", "watch"} <= r.verbs]
    with ThreadPoolExecutor(max_workers=4) as pool:
        lists = pool.map(lambda r: (r, server.get(r.path())), resources)
        return {
            _key(resource, item): item
            for resource, answer in lists
            if answer.ok
            for item in answer.body.get("items") or ()
        }


def orphans(now: Everything, before: Everything, owned: Iterable[Identity]) -> Iterator[Identity]:
    """What is new since `before`, and neither owned by Git nor by another object."""
    ours = {identity.key for identity in owned}
    for key, value in sorted(now.items()):
        group, kind, namespace, name = key
        if key in before or key in ours or kind in _OWN_KINDS or (kind, name) in _OWN_NAMES:
            continue
        if value["metadata"].get("ownerReferences") or _claim_of(value, kind, now):
            continue
        version = str(value.get("apiVersion") or group)
        yield Identity(version, kind, namespace, name)


def _claim_of(value: Values, kind: str, now: Everything) -> bool:
    """A claim made from a StatefulSet's template: Kubernetes ties them by name alone."""
    if kind != "PersistentVolumeClaim":
        return False
    namespace, name = value["metadata"]["namespace"], value["metadata"]["name"]
    for (_, owner, place, owner_name), item in now.items():
        if owner == "StatefulSet" and place == namespace:
            templates = item["spec"].get("volumeClaimTemplates") or ()
            starts = (f"{t['metadata']['name']}-{owner_name}-" for t in templates)
            if any(name.startswith(start) for start in starts):
                return True
    return False


def _preferred(server: Server) -> list[Resource]:
    """Each kind once, in the version that the server names first."""
    found: dict[tuple[str, str], Resource] = {}
    for resource in server.resources().values():
        found.setdefault((resource.group, resource.kind), resource)
    return list(found.values())


def _key(resource: Resource, value: Values) -> tuple[str, str, str, str]:
    value.setdefault("apiVersion", resource.api_version)
    metadata = value["metadata"]
    return resource.group, resource.kind, str(metadata.get("namespace") or ""), metadata["name"]
