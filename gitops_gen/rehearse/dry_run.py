"""A server-side dry run of every object, with strict field validation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from gitops_gen.model import Position
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects
from gitops_gen.rehearse.result import ObjectReference, Remark, RemarkVerdict
from gitops_gen.rehearse.servers.api import Answer, Resource, Server

API = "kube-apiserver"
MANAGER = "argocd-controller"
"""The field manager of Argo CD. A dry run must use it, because Argo CD owns fields of objects."""

_MISSING_PERMISSION = re.compile(r'is forbidden: User "[^"]*" cannot [a-z]+ resource')
"""A message about a missing permission, after which the object may still be valid.

A dry run requires the permission to change the object.
"""

_ABOUT_FINALIZER = re.compile(
    r'"resources-finalizer\.argocd\.argoproj\.io": prefer a domain-qualified finalizer name'
)
"""The warning about the finalizer of Argo CD, whose name a user cannot change."""

Section = Callable[[KubeObject], Position | None]
"""Returns the section of the values of an object's component."""
ServedKinds = Mapping[tuple[str, str], Resource]
"""The resources that the API server serves, by API version and kind."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """A dry run on one API server.

    With `read_only`, an object that the server cannot validate is `not checked`.
    """

    server: Server
    section: Section
    read_only: bool = False

    def remarks(self, objects: Sequence[KubeObject]) -> tuple[Remark, ...]:
        served = self.server.resources()
        with ThreadPoolExecutor(max_workers=4) as pool:
            answers = pool.map(lambda item: self._remarks(item, served), objects)
            return tuple(remark for remarks in answers for remark in remarks)

    def _remarks(self, item: KubeObject, served: ServedKinds) -> Iterable[Remark]:
        resource = served.get((item.api_version, item.id.kind))
        if resource is None:
            text = f'no matches for kind "{item.id.kind}" in version "{item.api_version}"'
            return [self._not_validated(item, text)]
        answer = apply(self.server, resource, item, dry_run=True)
        if answer.status == 404 or (self.read_only and _MISSING_PERMISSION.search(answer.message)):
            return [self._not_validated(item, answer.message)]
        if not answer.ok:
            return [self._remark(RemarkVerdict.REFUSED, item, answer.message)]
        warnings = (text for text in answer.warnings if not _ABOUT_FINALIZER.search(text))
        return [self._remark(RemarkVerdict.WARNED, item, text) for text in warnings]

    def _not_validated(self, item: KubeObject, message: str) -> Remark:
        verdict = RemarkVerdict.NOT_CHECKED if self.read_only else RemarkVerdict.REFUSED
        return self._remark(verdict, item, message)

    def _remark(self, verdict: RemarkVerdict, item: KubeObject, message: str) -> Remark:
        values = self.section(item)
        return Remark(verdict, API, ObjectReference.to(item), message, item.file, values)


def apply(server: Server, resource: Resource, item: KubeObject, *, dry_run: bool) -> Answer:
    namespace = item.id.namespace if resource.namespaced else ""
    path = resource.path(namespace, item.id.name)
    return server.apply(path, json.dumps(item.value).encode(), MANAGER, dry_run=dry_run)


def tree_as_served(tree: EnvironmentObjects, served: ServedKinds) -> EnvironmentObjects:
    return replace(tree, objects=tuple(as_served(item, served) for item in tree.objects))


def as_served(item: KubeObject, served: ServedKinds) -> KubeObject:
    """Returns the object, without its namespace if its kind is cluster-scoped."""
    resource = served.get((item.api_version, item.id.kind))
    if resource is None or resource.namespaced or not item.id.namespace:
        return item
    return replace(item, id=replace(item.id, namespace=""))
