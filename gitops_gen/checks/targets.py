"""Finds the objects that references name: rendered ones, and those that exist for other reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.checks.pods import containers_of
from gitops_gen.checks.references import Reference, ReferenceKind, references_of
from gitops_gen.checks.view import (
    EnvironmentView,
    ObjectIssue,
    Undetermined,
    annotations_of,
    maps_in,
    not_hydrated_reason,
)
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import ObjectId, Path
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at

NAMED_SECRET = "the values name the Secret, and it must exist in the cluster"  # noqa: S105  # A reason.
NAMED_BY_JOB = "a Job names the Secret in its arguments, and may create it"

_OF_EVERY_NAMESPACE = frozenset({("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")})
_CLUSTER_FORMS = frozenset({"ClusterIssuer", "ClusterRole", "Issuer", "Role"})
"""Kinds that are often confused, because there is another one for the whole cluster."""
_OF_KUBERNETES = {
    "PriorityClass": re.compile(r"system-(cluster|node)-critical"),
    "ClusterRole": re.compile(r"cluster-admin|admin|edit|view|(system|eks):.*"),
    "Role": re.compile(r"(system|eks):.*|extension-apiserver-authentication-reader"),
    # Every EKS cluster has this class.
    "StorageClass": re.compile(r"gp2"),
}


@dataclass(frozen=True, eq=False)
class Targets:
    """Resolves the references of one environment."""

    view: EnvironmentView

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        return tuple(one for item in self.view.objects for one in references_of(item))

    def rendered(self, target: ObjectId) -> KubeObject | None:
        """The rendered object that is the target, or that makes a controller create it."""
        return self.view.by_id.get(target) or self._creators.get(target) or self._of_claim(target)

    def problem(self, reference: Reference) -> ObjectIssue | Undetermined | None:
        """What is wrong with a reference, or why that cannot be determined."""
        item = self.view.by_id.get(reference.target)
        if item is not None:
            return _missing_key(reference, item)
        if self.rendered(reference.target) or _exists_in_every_cluster(reference.target):
            return None
        kind = f"references to {reference.target.kind}"
        if reference.target in self._named_secrets:
            return Undetermined(kind, NAMED_SECRET)
        if reference.target in self._named_by_jobs:
            return Undetermined(kind, NAMED_BY_JOB)
        if owner := self.view.possible_owner(reference.target):
            return Undetermined(kind, not_hydrated_reason(owner))
        return self._unresolved(reference)

    def _unresolved(self, reference: Reference) -> ObjectIssue:
        target = reference.target
        path, hint = self._probable_mistake(reference)
        text = f"{reference.source.id} refers to {target}, which nothing creates{hint}"
        fields = (reference.path, reference.namespace_path, reference.kind_path)
        alternatives = tuple((reference.source, one) for one in fields if one and one != path)
        return ObjectIssue(reference.source, text, path, alternatives=alternatives)

    def _probable_mistake(self, reference: Reference) -> tuple[Path, str]:
        """Returns the field that is probably wrong, and a hint."""
        target = reference.target
        for one in self._by_name.get((target.group, target.name), ()):
            if reference.kind_path and one.kind != target.kind and one.kind in _CLUSTER_FORMS:
                return reference.kind_path, f"; {one} exists"
            if one.kind == target.kind:
                return reference.namespace_path or reference.path, f"; {one} exists"
        names = self._names.get((target.group_kind, target.namespace), ())
        return reference.path, did_you_mean(target.name, names)

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Sequence[ObjectId]]:
        """The rendered objects by group and name."""
        found: dict[tuple[str, str], list[ObjectId]] = {}
        for one in self.view.by_id:
            found.setdefault((one.group, one.name), []).append(one)
        return found

    @cached_property
    def _names(self) -> Mapping[tuple[tuple[str, str], str], Sequence[str]]:
        """The names of the rendered objects by kind and namespace."""
        found: dict[tuple[tuple[str, str], str], list[str]] = {}
        for one in self.view.by_id:
            found.setdefault((one.group_kind, one.namespace), []).append(one.name)
        return found

    @cached_property
    def _named_secrets(self) -> frozenset[ObjectId]:
        """The Secrets that values name, which must exist in the cluster."""
        return frozenset(
            ObjectId("", "Secret", secret.namespace, secret.name)
            for component in self.view.components.values()
            for secret in component.secrets
        )

    @cached_property
    def _named_by_jobs(self) -> frozenset[ObjectId]:
        """The Secrets that Jobs may create, such as the certificates of webhooks."""
        return frozenset(
            ObjectId("", "Secret", item.id.namespace, word)
            for item in self.view.of_kind(("batch", "Job"))
            for _, container in containers_of(item)
            for text in (*as_list(container.get("command")), *as_list(container.get("args")))
            for word in re.findall(r"[a-z0-9.-]+", str(text))
        )

    @cached_property
    def _creators(self) -> Mapping[ObjectId, KubeObject]:
        """The objects that a controller creates, and the rendered objects that cause it."""
        return {target: item for item in self.view.objects for target, _ in created_by(item)}

    def _of_claim(self, target: ObjectId) -> KubeObject | None:
        """The StatefulSet with a claim template that creates a claim of this name."""
        if target.group_kind != ("", "PersistentVolumeClaim"):
            return None
        name = re.sub(r"-[0-9]+$", "", target.name)
        return self._claim_templates.get((target.namespace, name))

    @cached_property
    def _claim_templates(self) -> Mapping[tuple[str, str], KubeObject]:
        """The StatefulSets with claim templates, by namespace and the beginning of the names."""
        return {
            (item.id.namespace, f"{value_at(template, 'metadata', 'name')}-{item.id.name}"): item
            for item in self.view.of_kind(("apps", "StatefulSet"))
            for _, template in maps_in(item.value, "spec", "volumeClaimTemplates")
        }


def unresolved(
    view: EnvironmentView, kind: ReferenceKind, *, of_charts: bool = False
) -> Iterator[ObjectIssue | Undetermined]:
    """Yields what is wrong with the references of a kind, and what cannot be determined.

    `of_charts` leaves out first-party components, if rules over their values report the same.
    """
    for reference in view.targets.references:
        if reference.kind is not kind or (of_charts and view.is_first_party(reference.source)):
            continue
        found = view.targets.problem(reference)
        if found is not None:
            yield found


def created_by(item: KubeObject) -> Iterator[tuple[ObjectId, Path]]:
    """Yields the Secrets that a controller creates because of an object, and the fields that name
    them."""
    names = _CREATED.get(item.id.group_kind)
    for place in names or ():
        name = value_at(item.value, *place)
        if isinstance(name, str) and name:
            yield ObjectId("", "Secret", item.id.namespace, name), place
            return
    if item.id.group_kind == ("networking.k8s.io", "Ingress") and any(
        name.startswith("cert-manager.io/") and name.endswith("issuer")
        for name in annotations_of(item)
    ):
        for index, part in maps_in(item.value, "spec", "tls"):
            path: Path = ("spec", "tls", index, "secretName")
            yield ObjectId("", "Secret", item.id.namespace, str(part.get("secretName"))), path


_CREATED: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("external-secrets.io", "ExternalSecret"): (("spec", "target", "name"), ("metadata", "name")),
    ("bitnami.com", "SealedSecret"): (
        ("spec", "template", "metadata", "name"),
        ("metadata", "name"),
    ),
    ("cert-manager.io", "Certificate"): (("spec", "secretName"),),
}


def _exists_in_every_cluster(target: ObjectId) -> bool:
    if (target.kind, target.name) in _OF_EVERY_NAMESPACE and not target.group:
        return True
    pattern = _OF_KUBERNETES.get(target.kind)
    return pattern is not None and pattern.fullmatch(target.name) is not None


def _missing_key(reference: Reference, item: KubeObject) -> ObjectIssue | None:
    """Returns a problem if the ConfigMap does not have a key that the reference uses."""
    if reference.kind is not ReferenceKind.CONFIG_MAP:
        return None
    keys = [*as_map(item.value.get("data")), *as_map(item.value.get("binaryData"))]
    for key, path in reference.keys:
        if key not in keys:
            hint = did_you_mean(key, map(str, keys))
            text = f"{reference.source.id} uses the key {key} of {item.id}, which does not exist"
            keys_of_map: tuple[tuple[KubeObject, Path], ...] = ((item, ("data",)),)
            return ObjectIssue(reference.source, f"{text}{hint}", path, (item,), keys_of_map)
    return None
