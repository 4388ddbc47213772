"""The sections under `addons` that are user-defined charts."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder, catalogue
from gitops_gen.model import Environment, Values


def built_in_addon_names() -> frozenset[str]:
    """Returns the names of the add-ons of gitops-gen."""
    return frozenset(folder.section[1] for folder in _built_in_addons())


def built_in_addon(name: str) -> Folder | None:
    """Returns the add-on of gitops-gen with this name, if any."""
    return next((one for one in _built_in_addons() if one.section[1] == name), None)


def _built_in_addons() -> Iterator[Folder]:
    found = (folder for folder in catalogue() if folder.section[0] == "addons")
    return (folder for folder in found if folder.section[1] != "*")


def named(environment: Environment) -> Iterator[tuple[str, Values]]:
    """Yields the name and the section of each user-defined chart."""
    built_in = built_in_addon_names()
    addons: Values = environment.get("addons", default={})
    for name, section in addons.items():
        if name not in built_in or ("addons", name) in environment.replaced:
            yield name, section
