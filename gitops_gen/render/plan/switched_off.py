"""Components that are not rendered because their section is disabled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gitops_gen.components import Folder
from gitops_gen.components.delivery import delivered
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Path


def switched_off(environment: Environment, folders: Sequence[Folder]) -> tuple[Component, ...]:
    """The components of the sections that the user disabled (`enabled: false`).

    Their objects may still exist in the cluster, and Argo CD deletes only objects that the
    AppProject allows. Sections that are disabled by default are not included.
    """
    switched_on = environment
    for section in _off(environment, folders):
        if not environment.sources[(*section, "enabled")].default:
            switched_on = _with_enabled(switched_on, section)
    if switched_on is environment:
        return ()
    present = {component.name for component in _instances(environment, folders)}
    components = _instances(switched_on, folders)
    return tuple(component for component in components if component.name not in present)


def would_provide(environment: Environment, folders: Sequence[Folder]) -> dict[str, Path]:
    """Capability -> the disabled section that would provide it.

    The section is disabled by the user or by default, or is a user's chart removed by null.
    """
    providers: dict[str, Path] = {}
    for folder in folders:
        if folder.section in environment.removed:
            providers |= dict.fromkeys(folder.provides, folder.section)
    for section in _off(environment, folders):
        matching = [folder for folder in folders if _matches(section, folder.section)]
        for component in _instances(_with_enabled(environment, section), matching):
            if component.section[: len(section)] == section:
                providers |= dict.fromkeys(component.provides, section)
    return providers


def _off(environment: Environment, folders: Sequence[Folder]) -> Iterator[Path]:
    for path in environment.sources:
        section = path[:-1]
        if not path or path[-1] != "enabled":
            continue
        is_off = environment.get(*map(str, path)) is False
        if is_off and any(_matches(section, folder.section) for folder in folders):
            yield section


def _matches(section: Path, pattern: tuple[str, ...]) -> bool:
    same_length = len(section) == len(pattern)
    return same_length and all(p in ("*", key) for key, p in zip(section, pattern, strict=True))


def _with_enabled(environment: Environment, section: Path) -> Environment:
    values = dict(environment.values)
    at = values
    for key in map(str, section):
        at[key] = dict(at[key])
        at = at[key]
    at["enabled"] = True
    return replace(environment, values=values)


def _instances(environment: Environment, folders: Sequence[Folder]) -> list[Component]:
    components: list[Component] = []
    for folder in folders:
        try:
            components += folder.module.instances(environment, tuple(components))
        except InvalidInput:
            # With these values, the component cannot be enabled.
            continue
    return list(delivered(environment, components))
