"""Each object has one owner, and each file one object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, ObjectId, dotted
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.scope import stored_identity

Components = Mapping[str, Component]


def require_one_owner(
    environment: Environment, components: Components, found: Sequence[KubeObject]
) -> None:
    """Raises InvalidInput for what two components render, or one of them twice."""
    # Objects of first-party charts come first: whoever else renders one of them is told so.
    ordered = sorted(found, key=lambda item: not components[item.component].source.is_first_party)
    findings = [
        *_shared_objects(environment, components, ordered),
        *_shared_files(environment, components, ordered),
    ]
    if findings:
        raise InvalidInput(findings)


def _shared_objects(
    environment: Environment, components: Components, found: Sequence[KubeObject]
) -> Iterator[Finding]:
    owners: dict[ObjectId, KubeObject] = {}
    for item in found:
        component = components[item.component]
        owner = owners.setdefault(stored_identity(item.id, component), item)
        if owner is not item:
            text = f"renders {item}, which {_owner(components, item, owner)}"
            text += "; each object has one owner: give one another name or namespace"
            yield environment.finding("object-clash", component.section, text, key=True)


def _owner(components: Components, item: KubeObject, owner: KubeObject) -> str:
    if item.component == owner.component:
        return "it renders once more"
    return f"{dotted(components[owner.component].section)} renders too"


def _shared_files(
    environment: Environment, components: Components, found: Sequence[KubeObject]
) -> Iterator[Finding]:
    """Some file systems take two names that differ in letter case for one."""
    owners: dict[str, KubeObject] = {}
    for item in found:
        owner = owners.setdefault(item.file.casefold(), item)
        if (owner.id.kind, owner.id.name) != (item.id.kind, item.id.name):
            at = components[item.component].section
            text = f"renders {item} and {owner}, which would share {item.file}; rename one"
            yield environment.finding("file-clash", at, text, key=True)
