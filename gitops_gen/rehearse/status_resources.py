"""The objects in the status of an Application, and their manifests."""

from __future__ import annotations

from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects
from gitops_gen.rehearse.result import ObjectReference


def reference(resource: Values) -> ObjectReference:
    group = str(resource.get("group") or "")
    version = str(resource.get("version"))
    namespace = str(resource.get("namespace") or "")
    identity = ObjectId(group, str(resource["kind"]), namespace, str(resource["name"]))
    return ObjectReference(identity, f"{group}/{version}" if group else version)


def manifest_of(tree: EnvironmentObjects, identity: ObjectId) -> KubeObject | None:
    """Returns the manifest with this group, kind and name, or None.

    Namespaces are compared only if both have one.
    """
    for item in (*tree.objects, *tree.applications):
        namespaces = {item.id.namespace, identity.namespace} - {""}
        if _kind_and_name(item.id) == _kind_and_name(identity) and len(namespaces) < 2:
            return item
    return None


def _kind_and_name(identity: ObjectId) -> tuple[str, str, str]:
    return identity.group, identity.kind, identity.name
