"""What Helm prints -> the objects of a component."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen import yaml
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, ObjectId, Rule, Values
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.scan import identity
from gitops_gen.render.header import header
from gitops_gen.render.hydrate import protection
from gitops_gen.render.hydrate.documents import HelmDocument
from gitops_gen.render.hydrate.identity import NotAnObject, identity_of
from gitops_gen.render.hydrate.lists import flattened, is_list
from gitops_gen.render.hydrate.repeated_keys import repeated_key
from gitops_gen.render.hydrate.scope import require_explicit_namespace

MANIFEST = Rule(
    "manifest",
    title="A chart renders Kubernetes objects",
    why="Argo CD could not read the output of the chart, would drop it, or would read something "
    "else than Helm does.",
    remedy="Correct the template that the message names.",
)

# Anywhere in a file of a directory source, it makes Argo CD drop the whole file.
SKIP_MARKER = b"+argocd:skip-file-rendering"


def objects(
    environment: Environment, component: Component, documents: Iterable[HelmDocument]
) -> Iterator[KubeObject]:
    """The component's objects; lists are flattened, whatever they nest."""
    return _Hydration(environment, component).objects(documents)


def file_content(environment: Environment, item: KubeObject) -> bytes:
    """What the object's file holds: a header and the object alone."""
    return header(environment).encode() + item.content


@dataclass(frozen=True, slots=True)
class _Hydration:
    environment: Environment
    component: Component

    def objects(self, documents: Iterable[HelmDocument]) -> Iterator[KubeObject]:
        for document in documents:
            if SKIP_MARKER in document.content:
                marker = SKIP_MARKER.decode()
                raise self._refused(document, f"holds '{marker}', which makes Argo CD drop it")
            if self.component.source.is_first_party:
                yield from self._of_first_party(document)
            else:
                yield from self._parsed(document)

    def _of_first_party(self, document: HelmDocument) -> Iterator[KubeObject]:
        """First-party charts are known to give valid YAML, which need not be parsed."""
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
                yield self._identified(document, item, None)
        elif value is not None:
            yield self._identified(document, value, document.content)

    def _value(self, document: HelmDocument) -> Any:
        try:
            value = yaml.yaml_load(document.content)
            key = repeated_key(document.content)
        except InvalidInput as error:
            reason = error.findings[0].message
            text = f"gives no YAML that can be read: {reason}"
            raise self._refused(document, text) from error
        if key is not None:
            text = f"has the key '{key}' twice in one map; one would be lost"
            raise self._refused(document, text)
        return value

    def _identified(self, document: HelmDocument, value: Any, content: bytes | None) -> KubeObject:
        """The object with Helm's bytes, unless they hold several objects or it gets annotations."""
        try:
            identity, api_version = identity_of(value)
        except NotAnObject as error:
            raise self._refused(document, str(error)) from error
        protect = not self.component.source.is_first_party
        annotated = protection.annotated(identity.group_kind, value, protect_data=protect)
        if content is None or annotated is not value:
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
