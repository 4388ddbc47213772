"""The kinds that the CustomResourceDefinitions of a chart define."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.objects.plain import as_list, value_at
from gitops_gen.render.hydrate.documents import HelmDocument
from gitops_gen.render.hydrate.lists import flattened, is_list

CRD = "CustomResourceDefinition"
_CRD = CRD.encode()


@dataclass(frozen=True, slots=True)
class CustomKind:
    """A kind, its scope, and the versions that are served."""

    group: str
    kind: str
    is_namespaced: bool
    versions: tuple[str, ...]

    @property
    def group_kind(self) -> tuple[str, str]:
        return self.group, self.kind

    @property
    def api_versions(self) -> Iterator[str]:
        """Yields its entries of `.Capabilities.APIVersions`."""
        for version in self.versions:
            yield f"{self.group}/{version}"
            yield f"{self.group}/{version}/{self.kind}"


def custom_kinds(documents: Iterable[HelmDocument]) -> frozenset[CustomKind]:
    """The kinds that documents define. Documents that are not valid are reported elsewhere."""
    return frozenset(kind for document in documents for kind in _in_document(document))


def _in_document(document: HelmDocument) -> Iterator[CustomKind]:
    if _CRD not in document.content:
        return
    try:
        value = yaml.yaml_load(document.content)
    except InvalidInput:
        return
    for item in flattened(value) if is_list(value) else (value,):
        if isinstance(item, dict) and item.get("kind") == CRD:
            yield from _defined(item)


def _defined(definition: dict[str, Any]) -> Iterator[CustomKind]:
    group, kind = (
        value_at(definition, "spec", "group"),
        value_at(definition, "spec", "names", "kind"),
    )
    scope = value_at(definition, "spec", "scope")
    if isinstance(group, str) and isinstance(kind, str):
        versions = as_list(value_at(definition, "spec", "versions"))
        served = [one for one in versions if isinstance(one, dict) and one.get("served") is True]
        names = tuple(str(one.get("name")) for one in served)
        yield CustomKind(group, kind, scope == "Namespaced", names)
