"""Converts the output of Helm to the objects of a component."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gitops_gen import yaml
from gitops_gen.components.types import ChartPart, Component, HydratedChart
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, ObjectId, Rule, Values
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.scan import identity
from gitops_gen.render.header import header
from gitops_gen.render.hydrate import protection
from gitops_gen.render.hydrate.custom_kinds import CRD, CustomKind
from gitops_gen.render.hydrate.documents import HelmDocument
from gitops_gen.render.hydrate.hooks import Omission, left_out
from gitops_gen.render.hydrate.identity import NotAnObject, identity_of
from gitops_gen.render.hydrate.lists import flattened, is_list
from gitops_gen.render.hydrate.repeated_keys import repeated_key
from gitops_gen.render.hydrate.scope import Scopes, require_explicit_namespace

MANIFEST = Rule(
    "manifest",
    title="A chart renders Kubernetes objects",
    why="Argo CD could not read the output of the chart, would ignore it, or would read it "
    "differently than Helm.",
    remedy="Correct the template that the message names.",
)

# Argo CD ignores a file of a directory source that contains this text anywhere.
SKIP_MARKER = b"+argocd:skip-file-rendering"


@dataclass(frozen=True, slots=True)
class Hydrated:
    """The objects of a component, and how many objects that Helm printed were left out, and why."""

    objects: Sequence[KubeObject]
    left_out: Mapping[Omission, int]


def hydrated(
    environment: Environment,
    component: Component,
    documents: Iterable[HelmDocument],
    kinds: Iterable[CustomKind] = (),
) -> Hydrated:
    """The objects of a component. Lists are flattened, including nested ones.

    `kinds` are those that the CRDs of the environment define.
    """
    hydration = _Hydration(environment, component, Scopes.of(component, kinds))
    return Hydrated(list(hydration.objects(documents)), hydration.left_out)


def objects(
    environment: Environment,
    component: Component,
    documents: Iterable[HelmDocument],
    kinds: Iterable[CustomKind] = (),
) -> Iterator[KubeObject]:
    """Yields the objects of a component, as `hydrated` returns them."""
    return iter(hydrated(environment, component, documents, kinds).objects)


def file_content(environment: Environment, item: KubeObject) -> bytes:
    """The content of the file of an object: a header and the object."""
    return header(environment).encode() + item.content


@dataclass(frozen=True, slots=True)
class _Hydration:
    environment: Environment
    component: Component
    scopes: Scopes
    left_out: Counter[Omission] = field(default_factory=Counter)

    def objects(self, documents: Iterable[HelmDocument]) -> Iterator[KubeObject]:
        for document in documents:
            if self._belongs_to_other_part(document):
                continue
            if SKIP_MARKER in document.content:
                marker = SKIP_MARKER.decode()
                raise self._refused(document, f"contains '{marker}', so Argo CD would ignore it")
            if self.component.source.is_first_party:
                yield from self._of_first_party(document)
            else:
                yield from self._parsed(document)

    def _belongs_to_other_part(self, document: HelmDocument) -> bool:
        """Whether the other component of the release has the document, without parsing it."""
        part = self._part
        if part == "crds":
            return CRD.encode() not in document.content
        scanned = identity(document.content) if part == "objects" else None
        return scanned is not None and scanned[0].kind == CRD

    @property
    def _part(self) -> ChartPart:
        source = self.component.source
        return source.part if isinstance(source, HydratedChart) else "all"

    def _of_first_party(self, document: HelmDocument) -> Iterator[KubeObject]:
        """The objects of a built-in chart, whose output is valid and need not be parsed."""
        small = protection.certainly_small(document.content)
        scanned = identity(document.content) if small else None
        if scanned is not None:
            items: Iterable[KubeObject] = [self._object(document, *scanned, document.content)]
        else:
            items = self._parsed(document)
        for item in items:
            require_explicit_namespace(item, self.component)
            yield item

    def _parsed(self, document: HelmDocument) -> Iterator[KubeObject]:
        value = self._value(document)
        if is_list(value):
            for item in flattened(value):
                yield from self._wanted(document, item, None)
        elif value is not None:
            yield from self._wanted(document, value, document.content)

    def _wanted(
        self, document: HelmDocument, value: Any, content: bytes | None
    ) -> Iterator[KubeObject]:
        """Yields the object, unless it belongs to another component or nothing would run it."""
        is_crd = isinstance(value, dict) and value.get("kind") == CRD
        if self._part not in ("all", "crds" if is_crd else "objects"):
            return
        if not self.component.source.is_first_party and (why := left_out(value)):
            self.left_out[why] += 1
            return
        yield self._identified(document, value, content)

    def _value(self, document: HelmDocument) -> Any:
        try:
            value = yaml.yaml_load(document.content)
            key = repeated_key(document.content)
        except InvalidInput as error:
            reason = error.findings[0].message
            text = f"renders invalid YAML: {reason}"
            raise self._refused(document, text) from error
        if key is not None:
            text = f"renders the key '{key}' twice in one map, and one of the two would be lost"
            raise self._refused(document, text)
        return value

    def _identified(self, document: HelmDocument, value: Any, content: bytes | None) -> KubeObject:
        """The object with the bytes of Helm, unless they contain several objects or it is
        annotated.
        """
        original = value
        try:
            identity, api_version = identity_of(value)
            if self.component.source.is_upstream:
                identity, value = self.scopes.placed(identity, value)
        except NotAnObject as error:
            raise self._refused(document, str(error)) from error
        protect = not self.component.source.is_first_party
        annotated = protection.annotated(identity.group_kind, value, protect_data=protect)
        if content is None or annotated is not original:
            return self._object(document, identity, api_version, annotated)
        return self._object(document, identity, api_version, content, value)

    def _object(
        self,
        helm_document: HelmDocument,
        identity: ObjectId,
        api_version: str,
        document: bytes | Values,
        parsed: Values | None = None,
    ) -> KubeObject:
        return KubeObject(
            identity,
            api_version,
            document,
            self._file(identity),
            self.component.name,
            helm_document.template,
            parsed=parsed,
        )

    def _file(self, identity: ObjectId) -> str:
        folder = layout.manifests(self.environment.name, self.component.name)
        return f"{folder}/{layout.manifest(identity)}"

    def _refused(self, document: HelmDocument, reason: str) -> InvalidInput:
        text = f"{document.template} {reason}"
        section = self.component.section
        return InvalidInput([self.environment.finding(MANIFEST, section, text, key=True)])
