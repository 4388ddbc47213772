"""The fields of objects that name other objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from gitops_gen.checks.pods import containers_of, pod_specification
from gitops_gen.checks.view import annotations_of, maps_in
from gitops_gen.model import FieldPath, ObjectId, Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at

RBAC = "rbac.authorization.k8s.io"
CERTIFICATES = "cert-manager.io"
_ISSUER_ANNOTATIONS = {
    f"{CERTIFICATES}/issuer": "Issuer",
    f"{CERTIFICATES}/cluster-issuer": "ClusterIssuer",
}


Keys: TypeAlias = tuple[tuple[str, Path], ...]


class ReferenceKind(StrEnum):
    CONFIG_MAP = "ConfigMap"
    SECRET = "Secret"  # noqa: S105  # The kind, and no secret.
    SERVICE_ACCOUNT = "ServiceAccount"
    STORAGE_CLASS = "StorageClass"
    PRIORITY_CLASS = "PriorityClass"
    VOLUME_CLAIM = "PersistentVolumeClaim"
    ISSUER = "issuer"
    ROLE = "role"
    SCALE_TARGET = "scale target"


@dataclass(frozen=True, eq=False)
class Reference:
    """A field of an object that names another object. Optional references are left out."""

    source: KubeObject
    path: Path
    target: ObjectId
    kind: ReferenceKind
    keys: Keys = ()
    """The keys of the ConfigMap or the Secret that must exist, with the fields that name them."""
    blocks: bool = True
    """Whether the source is not healthy, or refused, as long as the target does not exist."""
    kind_path: Path = ()
    """The field that states the kind of the target; empty if there is none."""
    namespace_path: Path = ()

    @property
    def field(self) -> FieldPath:
        return FieldPath(self.path)


def references_of(item: KubeObject) -> Iterator[Reference]:
    """Yields the references of one object."""
    yield from _of_pods(item)
    extractor = _EXTRACTORS.get(item.id.group_kind)
    if extractor is not None:
        yield from extractor(item)


# Pods


def _of_pods(item: KubeObject) -> Iterator[Reference]:
    pod = pod_specification(item)
    if pod is None:
        return
    path, specification = pod
    yield from _account(item, path, specification)
    yield from _named(
        item,
        (*path, "priorityClassName"),
        ("scheduling.k8s.io", "PriorityClass"),
        ReferenceKind.PRIORITY_CLASS,
    )
    for index, _ in maps_in(specification, "imagePullSecrets"):
        yield from _secret(item, (*path, "imagePullSecrets", index, "name"), blocks=False)
    for index, volume in maps_in(specification, "volumes"):
        yield from _volume(item, (*path, "volumes", index), volume)
    for place, container in containers_of(item):
        yield from _variables(item, place, container)


def _account(item: KubeObject, path: Path, specification: Values) -> Iterator[Reference]:
    key = "serviceAccountName" if "serviceAccountName" in specification else "serviceAccount"
    yield from _named(item, (*path, key), ("", "ServiceAccount"), ReferenceKind.SERVICE_ACCOUNT)


def _volume(item: KubeObject, path: Path, volume: Values) -> Iterator[Reference]:
    yield from _source(item, (*path, "configMap"), "name")
    yield from _source(item, (*path, "secret"), "secretName")
    claim = ("", "PersistentVolumeClaim")
    place = (*path, "persistentVolumeClaim", "claimName")
    yield from _named(item, place, claim, ReferenceKind.VOLUME_CLAIM)
    for index, _ in maps_in(volume, "projected", "sources"):
        projected = (*path, "projected", "sources", index)
        yield from _source(item, (*projected, "configMap"), "name")
        yield from _source(item, (*projected, "secret"), "name")


def _source(item: KubeObject, path: Path, name: str) -> Iterator[Reference]:
    """Yields the reference of a volume to a ConfigMap or a Secret."""
    source = as_map(value_at(item.value, *path))
    if source.get("optional") is True:
        return
    keys = tuple(
        (str(entry.get("key")), (*path, "items", index, "key"))
        for index, entry in maps_in(source, "items")
    )
    yield from _content(item, (*path, name), path[-1] == "secret", keys)


def _variables(item: KubeObject, path: Path, container: Values) -> Iterator[Reference]:
    for index, _ in maps_in(container, "envFrom"):
        for key in ("configMapRef", "secretRef"):
            yield from _variable(item, (*path, "envFrom", index, key))
    for index, _ in maps_in(container, "env"):
        for key in ("configMapKeyRef", "secretKeyRef"):
            yield from _variable(item, (*path, "env", index, "valueFrom", key))


def _variable(item: KubeObject, path: Path) -> Iterator[Reference]:
    source = as_map(value_at(item.value, *path))
    if source.get("optional") is not True:
        keys: Keys = ((str(source["key"]), (*path, "key")),) if "key" in source else ()
        yield from _content(item, (*path, "name"), str(path[-1]).startswith("secret"), keys)


def _content(item: KubeObject, path: Path, is_secret: bool, keys: Keys) -> Iterator[Reference]:
    if is_secret:
        yield from _secret(item, path, keys)
    else:
        yield from _named(item, path, ("", "ConfigMap"), ReferenceKind.CONFIG_MAP, keys)


def _secret(
    item: KubeObject, path: Path, keys: Keys = (), *, blocks: bool = True
) -> Iterator[Reference]:
    yield from _named(item, path, ("", "Secret"), ReferenceKind.SECRET, keys, blocks=blocks)


def _named(
    item: KubeObject,
    path: Path,
    kind: tuple[str, str],
    of: ReferenceKind,
    keys: Keys = (),
    *,
    blocks: bool = True,
) -> Iterator[Reference]:
    """Yields the reference to an object of a built-in kind whose name is at a path, if any."""
    name = value_at(item.value, *path)
    if isinstance(name, str) and name:
        is_global = of in (ReferenceKind.STORAGE_CLASS, ReferenceKind.PRIORITY_CLASS)
        target = ObjectId(*kind, "" if is_global else item.id.namespace, name)
        yield Reference(item, path, target, of, keys, blocks)


# Other kinds


def _of_service_account(item: KubeObject) -> Iterator[Reference]:
    for index, _ in maps_in(item.value, "imagePullSecrets"):
        yield from _secret(item, ("imagePullSecrets", index, "name"), blocks=False)


def _of_claim(item: KubeObject) -> Iterator[Reference]:
    yield from _storage_class(item, ("spec", "storageClassName"))


def _of_stateful_set(item: KubeObject) -> Iterator[Reference]:
    for index, _ in maps_in(item.value, "spec", "volumeClaimTemplates"):
        path = ("spec", "volumeClaimTemplates", index, "spec", "storageClassName")
        yield from _storage_class(item, path)


def _storage_class(item: KubeObject, path: Path) -> Iterator[Reference]:
    kind = ("storage.k8s.io", "StorageClass")
    yield from _named(item, path, kind, ReferenceKind.STORAGE_CLASS)


def _of_autoscaler(item: KubeObject) -> Iterator[Reference]:
    path = ("spec", "scaleTargetRef")
    target = as_map(value_at(item.value, *path))
    names = [target.get(key) for key in ("apiVersion", "kind", "name")]
    if all(isinstance(name, str) and name for name in names):
        version, kind, name = map(str, names)
        group = version.rpartition("/")[0]
        identity = ObjectId(group, kind, item.id.namespace, name)
        yield Reference(
            item,
            (*path, "name"),
            identity,
            ReferenceKind.SCALE_TARGET,
            kind_path=(*path, "kind"),
        )


def _of_binding(item: KubeObject) -> Iterator[Reference]:
    role = as_map(value_at(item.value, "roleRef"))
    kind, name = role.get("kind"), role.get("name")
    if kind in ("Role", "ClusterRole") and isinstance(name, str):
        namespace = item.id.namespace if kind == "Role" else ""
        identity = ObjectId(RBAC, str(kind), namespace, name)
        yield Reference(
            item,
            ("roleRef", "name"),
            identity,
            ReferenceKind.ROLE,
            blocks=False,
            kind_path=("roleRef", "kind"),
        )
    yield from _subjects(item)


def _subjects(item: KubeObject) -> Iterator[Reference]:
    for index, subject in maps_in(item.value, "subjects"):
        name, namespace = subject.get("name"), subject.get("namespace")
        if subject.get("kind") == "ServiceAccount" and isinstance(name, str):
            identity = ObjectId("", "ServiceAccount", str(namespace or item.id.namespace), name)
            path = ("subjects", index)
            yield Reference(
                item,
                (*path, "name"),
                identity,
                ReferenceKind.SERVICE_ACCOUNT,
                blocks=False,
                namespace_path=(*path, "namespace"),
            )


def _of_certificate(item: KubeObject) -> Iterator[Reference]:
    issuer = as_map(value_at(item.value, "spec", "issuerRef"))
    group = str(issuer.get("group") or CERTIFICATES)
    name = issuer.get("name")
    if group == CERTIFICATES and isinstance(name, str):
        kind = str(issuer.get("kind") or "Issuer")
        path = ("spec", "issuerRef")
        yield _issuer(item, (*path, "name"), kind, (*path, "kind"))


def _issuer(item: KubeObject, path: Path, kind: str, kind_path: Path = ()) -> Reference:
    namespace = item.id.namespace if kind == "Issuer" else ""
    name = str(value_at(item.value, *path))
    target = ObjectId(CERTIFICATES, kind, namespace, name)
    # An Ingress does not wait for its certificate.
    blocks = item.id.group == CERTIFICATES
    return Reference(item, path, target, ReferenceKind.ISSUER, blocks=blocks, kind_path=kind_path)


def _of_ingress(item: KubeObject) -> Iterator[Reference]:
    found = annotations_of(item)
    for name, kind in _ISSUER_ANNOTATIONS.items():
        if found.get(name):
            yield _issuer(item, ("metadata", "annotations", name), kind)
    for index, _ in enumerate(as_list(value_at(item.value, "spec", "tls"))):
        yield from _secret(item, ("spec", "tls", index, "secretName"), blocks=False)


_EXTRACTORS = {
    ("", "PersistentVolumeClaim"): _of_claim,
    ("", "ServiceAccount"): _of_service_account,
    ("apps", "StatefulSet"): _of_stateful_set,
    ("autoscaling", "HorizontalPodAutoscaler"): _of_autoscaler,
    ("networking.k8s.io", "Ingress"): _of_ingress,
    (CERTIFICATES, "Certificate"): _of_certificate,
    (CERTIFICATES, "CertificateRequest"): _of_certificate,
    (RBAC, "ClusterRoleBinding"): _of_binding,
    (RBAC, "RoleBinding"): _of_binding,
}
