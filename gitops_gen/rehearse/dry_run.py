"""What an API server says to each object: server-side dry run, strict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from gitops_gen.model import Position
from gitops_gen.rehearse.manifests import Manifest, Manifests
from gitops_gen.rehearse.result import Identity, Remark, Verdict
from gitops_gen.rehearse.servers.api import Answer, Resource, Server

API = "kube-apiserver"
MANAGER = "argocd-controller"
"""As Argo CD applies: so that a dry run meets the fields that it owns."""

_NO_RIGHT = re.compile(r'is forbidden: User "[^"]*" cannot [a-z]+ resource')
"""Says who asks, and nothing of the object: a dry run needs the right to change it."""

Place = Callable[[Manifest, str], Position | None]
"""Which values line is behind an object, given what was said about it."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Asks one server. With `read_only`, what cannot be judged there is `not checked`."""

    server: Server
    place: Place
    read_only: bool = False

    def remarks(self, manifests: Sequence[Manifest]) -> tuple[Remark, ...]:
        served = self.server.resources()
        with ThreadPoolExecutor(max_workers=4) as pool:
            asked = pool.map(lambda item: self._said(item, served), manifests)
            return tuple(remark for remarks in asked for remark in remarks)

    def _said(self, item: Manifest, served: Mapping[tuple[str, str], Resource]) -> Iterable[Remark]:
        own = item.object
        resource = served.get((own.api_version, own.kind))
        if resource is None:
            text = f'no matches for kind "{own.kind}" in version "{own.api_version}"'
            return [self._missing(item, text)]
        answer = apply(self.server, resource, item, dry_run=True)
        if answer.status == 404 or (self.read_only and _NO_RIGHT.search(answer.message)):
            return [self._missing(item, answer.message)]
        if not answer.ok:
            return [self._remark(Verdict.REFUSED, item, answer.message)]
        return [self._remark(Verdict.WARNED, item, text) for text in answer.warnings]

    def _missing(self, item: Manifest, message: str) -> Remark:
        verdict = Verdict.NOT_CHECKED if self.read_only else Verdict.REFUSED
        return self._remark(verdict, item, message)

    def _remark(self, verdict: Verdict, item: Manifest, message: str) -> Remark:
        values = self.place(item, message)
        return Remark(verdict, API, item.object, message, item.file, values)


def apply(server: Server, resource: Resource, item: Manifest, *, dry_run: bool) -> Answer:
    own = item.object
    namespace = own.namespace if resource.namespaced else ""
    return server.apply(resource.path(namespace, own.name), item.body, MANAGER, dry_run=dry_run)


def located_tree(tree: Manifests, served: Mapping[tuple[str, str], Resource]) -> Manifests:
    return replace(tree, objects=tuple(located(item, served) for item in tree.objects))


def located(item: Manifest, resources: Mapping[tuple[str, str], Resource]) -> Manifest:
    """Without the namespace that a cluster-scoped kind does not have."""
    own = item.object
    resource = resources.get((own.api_version, own.kind))
    if resource is None or resource.namespaced or not own.namespace:
        return item
    return replace(item, object=Identity(own.api_version, own.kind, "", own.name))
