"""What Helm prints -> one file an object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from gitops_gen import yaml
from gitops_gen.components.types import Component, RepositoryChart, Subchart
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Rule, Values
from gitops_gen.objects import layout
from gitops_gen.objects.scan import Identity, identity
from gitops_gen.render.hydrate import protection
from gitops_gen.render.hydrate.documents import HelmDocument
from gitops_gen.render.hydrate.scope import is_cluster_scoped
from gitops_gen.yaml.lenient import LIMITS, RENDERED
from gitops_gen.yaml.nodes import Mapping, Scalar, Sequence, compose

MANIFEST = Rule(
    "manifest",
    title="A chart renders Kubernetes objects",
    why="Argo CD could not read the output of the chart, would drop it, or would read something "
    "else than Helm does.",
    remedy="Correct the template that the message names.",
)

# Anywhere in a file of a directory source, it makes Argo CD drop the whole file.
SKIP_MARKER = b"+argocd:skip-file-rendering"


# The API server's own rules for them.
_NAMESPACE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?")
_KIND = re.compile(r"[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_API_VERSION = re.compile(
    r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
# A part of a URL: RBAC's names are that and no more, those of other kinds stricter.
_NAME = re.compile(r"(?!\.{1,2}$)[!-$&-.0-~]{1,253}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One object of a component: what it is, its file, and the file's content."""

    component: str
    api_version: str
    kind: str
    namespace: str
    """Empty where the manifest names none."""
    name: str
    path: str
    content: bytes

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    def is_cluster_scoped(self, component: Component) -> bool | None:
        """None where nobody can tell."""
        return is_cluster_scoped(component, self.group, self.kind, self.namespace)

    def __str__(self) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {place}{self.name}"


def objects(
    environment: Environment, component: Component, documents: Iterable[HelmDocument]
) -> Iterator[Rendered]:
    """The component's objects; lists are flattened, whatever they nest."""
    return _Hydration(environment, component).objects(documents)


@dataclass(frozen=True, slots=True)
class _Hydration:
    environment: Environment
    component: Component

    def objects(self, documents: Iterable[HelmDocument]) -> Iterator[Rendered]:
        # Our own charts are known to give sound YAML; what others wrote is read.
        ours = isinstance(self.component.source, Subchart)
        for chunk in documents:
            if SKIP_MARKER in chunk.content:
                marker = SKIP_MARKER.decode()
                raise self._refused(chunk, f"holds '{marker}', which makes Argo CD drop it")
            known = ours and protection.certainly_small(chunk.content)
            seen = identity(chunk.content) if known else None
            if seen is not None:
                yield self._rendered(seen, chunk.content)
            else:
                yield from self._parsed(chunk)

    def _parsed(self, chunk: HelmDocument) -> Iterator[Rendered]:
        try:
            value = yaml.yaml_load(chunk.content)
            twice = repeated_key(chunk.content)
        except InvalidInput as error:
            reason = error.findings[0].message
            raise self._refused(chunk, f"gives no YAML that can be read: {reason}") from error
        if twice is not None:
            raise self._refused(chunk, f"has the key '{twice}' twice in one map; one would be lost")
        if _is_list(value):
            for item in _flat(value):
                yield self._named(chunk, item, yaml.dump_manifest(item).encode())
        elif value is not None:
            yield self._named(chunk, value, chunk.content)

    def _named(self, chunk: HelmDocument, value: Any, content: bytes) -> Rendered:
        metadata = value.get("metadata") if isinstance(value, dict) else None
        if not isinstance(metadata, dict):
            raise self._refused(chunk, "gives something that is no object")
        api_version, kind, name = value.get("apiVersion"), value.get("kind"), metadata.get("name")
        if not (_is_text(api_version) and _is_text(kind) and _is_text(name)):
            raise self._refused(chunk, "gives an object without apiVersion, kind or name as text")
        if not _KIND.fullmatch(kind):
            raise self._refused(chunk, f"gives an object of the impossible kind {_short(kind)}")
        if not _API_VERSION.fullmatch(api_version):
            text = f"gives a {kind} of the impossible apiVersion {_short(api_version)}"
            raise self._refused(chunk, text)
        if not _NAME.fullmatch(name):
            raise self._refused(chunk, f"gives a {kind} of the impossible name {_short(name)}")
        namespace = metadata.get("namespace")
        namespace = "" if namespace is None else namespace
        if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
            raise self._refused(
                chunk, f"puts {kind} {name!r} into {_short(namespace)}, no namespace"
            )
        return self._annotated(Identity(api_version, kind, namespace, name), value, content)

    def _annotated(self, found: Identity, value: Values, content: bytes) -> Rendered:
        """Helm's own bytes, unless the object gets annotations besides."""
        own_chart = isinstance(self.component.source, RepositoryChart)
        wanted = protection.annotated((found.group, found.kind), value, own_chart=own_chart)
        if wanted is not value:
            content = yaml.dump_manifest(wanted).encode()
        return self._rendered(found, content)

    def _rendered(self, found: Identity, content: bytes) -> Rendered:
        folder = layout.manifests(self.environment.name, self.component.name)
        file = layout.manifest(found.group, found.kind, found.namespace, found.name)
        header = f"# Generated by gitops-gen from {self.environment.file}: do not edit.\n"
        return Rendered(self.component.name, *found, f"{folder}/{file}", header.encode() + content)

    def _refused(self, chunk: HelmDocument, reason: str) -> InvalidInput:
        text = f"{chunk.source} {reason}"
        at = self.component.section
        return InvalidInput([self.environment.finding(MANIFEST, at, text, key=True)])


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}…"


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def _is_list(value: Any) -> bool:
    """A kind of lists, as Argo CD sees it; one of nothing (`items: null`) gives no object.

    Others end so too and are objects like any: ManagedPrefixList, with a spec and no items.
    """
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or not kind.endswith("List"):
        return False
    if value.get("items") is None and value.keys() & {"spec", "status"}:
        return False
    if "items" not in value:
        return bool(value.keys() <= {"apiVersion", "kind"})
    return isinstance(value["items"], list | None)


def _flat(value: Any) -> Iterator[Any]:
    for item in value.get("items") or ():
        if _is_list(item):
            yield from _flat(item)
        else:
            yield item


def repeated_key(content: bytes) -> str | None:
    """A key that one map of a document has twice: readers would keep one, whichever."""
    for root in compose(content.decode(), RENDERED, LIMITS):
        waiting = [root.node]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Mapping):
                keys = [key.text for key, _ in node.pairs() if isinstance(key, Scalar)]
                if len(set(keys)) < len(keys):
                    return next(key for key in keys if keys.count(key) > 1)
            if isinstance(node, Mapping | Sequence):
                waiting += node.children
    return None
