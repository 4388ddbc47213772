"""Each object has one owner, and each file one object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gitops_gen.components.types import Component, Subchart
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, ObjectId, Related, Rule, dotted
from gitops_gen.render.hydrate.objects import Rendered

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
    environment: Environment, components: Components, found: Sequence[Rendered]
) -> None:
    """Raises InvalidInput for what two components render, or one of them twice."""
    # What our own charts render is theirs; who else renders it is told so.
    ours = sorted(found, key=lambda item: not _is_ours(components[item.component]))
    findings = [
        *_shared_objects(environment, components, ours),
        *_shared_files(environment, components, ours),
    ]
    if findings:
        raise InvalidInput(findings)


def _is_ours(component: Component) -> bool:
    return isinstance(component.source, Subchart)


def _shared_objects(
    environment: Environment, components: Components, found: Sequence[Rendered]
) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str, str], Rendered] = {}
    for item in found:
        component = components[item.component]
        scoped = item.is_cluster_scoped(component)
        namespace = "" if scoped else item.namespace or component.namespace
        other = seen.setdefault((item.group, item.kind, namespace, item.name), item)
        if other is not item:
            text = f"renders {item}, which {_owner(components, item, other)}"
            text += "; each object has one owner: give one another name or namespace"
            yield environment.finding(
                OBJECT_CLASH,
                component.section,
                text,
                key=True,
                rendered=ObjectId(item.group, item.kind, namespace, item.name),
                related=_related(environment, components, other),
            )


def _related(
    environment: Environment, components: Components, other: Rendered
) -> tuple[Related, ...]:
    section = components[other.component].section
    text = f"{dotted(section)} renders {other}"
    return (Related(environment.place(section, key=True), text),)


def _owner(components: Components, item: Rendered, other: Rendered) -> str:
    if item.component == other.component:
        return "it renders once more"
    return f"{dotted(components[other.component].section)} renders too"


def _shared_files(
    environment: Environment, components: Components, found: Sequence[Rendered]
) -> Iterator[Finding]:
    """Some file systems take two names that differ in letter case for one."""
    seen: dict[str, Rendered] = {}
    for item in found:
        other = seen.setdefault(item.path.casefold(), item)
        if (other.kind, other.name) != (item.kind, item.name):
            at = components[item.component].section
            text = f"renders {item} and {other}, which would share {item.path}; rename one"
            related = _related(environment, components, other)
            yield environment.finding(FILE_CLASH, at, text, key=True, related=related)
