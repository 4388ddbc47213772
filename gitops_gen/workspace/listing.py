"""What the environments of a revision consist of, from their values alone, without Helm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gitops_gen.components.images import reference
from gitops_gen.components.types import Component, Subchart
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.groups import Groups, in_values
from gitops_gen.inputs.images import Place
from gitops_gen.inputs.layers import value_at
from gitops_gen.inputs.load import raise_for_errors
from gitops_gen.model import Finding, Pin
from gitops_gen.secrets.places import looks_secret
from gitops_gen.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ListedComponent:
    """A component, as its values describe it."""

    name: str
    wave: int
    namespace: str
    chart: Pin | None
    """Its upstream chart."""
    folder: str | None
    """The folder of its chart in the repository. A first-party component has neither chart."""
    images: tuple[str, ...]
    """The images of a first-party component. The images of other charts are not known here."""


@dataclass(frozen=True, slots=True)
class ListedEnvironment:
    """An environment with its components, or with the errors because of which it has none."""

    name: str
    groups: tuple[str, ...]
    """The weakest first."""
    cluster: str = ""
    region: str = ""
    components: tuple[ListedComponent, ...] = ()
    """In the order of their sync waves."""
    errors: tuple[Finding, ...] = ()


def listed(workspace: Workspace, names: Sequence[str]) -> Iterator[ListedEnvironment]:
    """Yields the given environments, or all of them, sorted by name.

    Raises InvalidInput for an unknown name, and for a file that cannot be an environment.
    """
    groups = Groups(workspace.revision)
    for name in workspace.chosen(names):
        yield _environment(workspace, name, groups)


def _environment(workspace: Workspace, name: str, groups: Groups) -> ListedEnvironment:
    try:
        loaded = workspace.examine(name)
        raise_for_errors(loaded.errors)
        planned = workspace.plan(loaded.environment)
    except InvalidInput as error:
        # The values may be unknown, but the file may still name groups.
        return ListedEnvironment(name, _shown(groups.of(name)), errors=error.findings)
    shown = _shown(in_values(loaded.environment.values))
    cluster, places = loaded.environment.values["cluster"], workspace.loader.image_places
    components = (_component(one.component, one.wave, places) for one in planned)
    return ListedEnvironment(name, shown, cluster["name"], cluster["region"], tuple(components))


def _shown(groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(group for group in groups if not looks_secret(group))


def _component(component: Component, wave: int, places: Sequence[Place]) -> ListedComponent:
    source = component.source
    return ListedComponent(
        component.name,
        wave,
        component.namespace,
        getattr(source, "pin", None),
        source.repository_path,
        tuple(_images(component, places)) if isinstance(source, Subchart) else (),
    )


def _images(component: Component, places: Sequence[Place]) -> Iterator[str]:
    """Yields the images among the values of a first-party chart, which have an effect."""
    section, values = component.section, component.source.values
    for place in places:
        above, below = place[: len(section)], place[len(section) :]
        matches = all(key in ("*", part) for key, part in zip(above, section, strict=False))
        image: Any = value_at(values, below) if matches and below else None
        if isinstance(image, dict) and "repository" in image:
            yield reference(image)
