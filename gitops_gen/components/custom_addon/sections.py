"""Which sections under `addons` are the user's own."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder, catalogue
from gitops_gen.model import Environment, Values


def names_of_add_ons() -> frozenset[str]:
    """The add-ons that have a folder of their own."""
    return frozenset(folder.section[1] for folder in _add_ons_of_ours())


def add_on_of_ours(name: str) -> Folder | None:
    """The add-on in whose place a chart of the user's own with this name stands."""
    return next((one for one in _add_ons_of_ours() if one.section[1] == name), None)


def _add_ons_of_ours() -> Iterator[Folder]:
    found = (folder for folder in catalogue() if folder.section[0] == "addons")
    return (folder for folder in found if folder.section[1] != "*")


def named(environment: Environment) -> Iterator[tuple[str, Values]]:
    ours = names_of_add_ons()
    addons: Values = environment.get("addons", default={})
    for name, section in addons.items():
        if name not in ours or ("addons", name) in environment.replaced:
            yield name, section
