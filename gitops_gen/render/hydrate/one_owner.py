"""Each object has one owner, and each file one object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, ObjectId, Related, Rule, dotted
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.scope import stored_identity

OBJECT_CLASH = Rule(
    "object-clash",
    title="Each object has one owner",
    why="Two Applications that render the same object undo each other's changes for ever.",
    remedy="Give one of the objects another name or namespace.",
)
FILE_CLASH = Rule(
    "file-clash",
    title="Each object has a file of its own",
    why="File systems that ignore letter case would keep only one of the two files.",
    remedy="Rename one of the objects.",
)

Components = Mapping[str, Component]


def require_one_owner(
    environment: Environment, components: Components, objects: Sequence[KubeObject]
) -> None:
    """Raises InvalidInput for an object that is rendered twice, by two components or by one.

    Objects of first-party charts come first, so that the finding is about the other chart.
    """
    ordered = sorted(objects, key=lambda item: not components[item.component].source.is_first_party)
    findings = [
        *_shared_objects(environment, components, ordered),
        *_shared_files(environment, components, ordered),
    ]
    if findings:
        raise InvalidInput(findings)


def _shared_objects(
    environment: Environment, components: Components, objects: Sequence[KubeObject]
) -> Iterator[Finding]:
    owners: dict[ObjectId, KubeObject] = {}
    for item in objects:
        component = components[item.component]
        owner = owners.setdefault(stored_identity(item.id, component), item)
        if owner is not item:
            text = f"renders {item}, which {_owner(components, item, owner)}"
            text += "; each object has one owner: give one another name or namespace"
            yield environment.finding(
                OBJECT_CLASH,
                component.section,
                text,
                key=True,
                rendered=stored_identity(item.id, component),
                related=_related(environment, components, owner),
            )


def _related(
    environment: Environment, components: Components, owner: KubeObject
) -> tuple[Related, ...]:
    section = components[owner.component].section
    text = f"{dotted(section)} renders {owner} (template {owner.template})"
    return (Related(environment.place(section, key=True), text),)


def _owner(components: Components, item: KubeObject, owner: KubeObject) -> str:
    if item.component == owner.component:
        return f"it renders once more (templates {owner.template} and {item.template})"
    return f"{dotted(components[owner.component].section)} renders too"


def _shared_files(
    environment: Environment, components: Components, objects: Sequence[KubeObject]
) -> Iterator[Finding]:
    """Some file systems take two names that differ in letter case for one."""
    owners: dict[str, KubeObject] = {}
    for item in objects:
        owner = owners.setdefault(item.file.casefold(), item)
        if (owner.id.kind, owner.id.name) != (item.id.kind, item.id.name):
            section = components[item.component].section
            text = f"renders {item} and {owner}, which would share {item.file}; rename one"
            related = _related(environment, components, owner)
            yield environment.finding(FILE_CLASH, section, text, key=True, related=related)
