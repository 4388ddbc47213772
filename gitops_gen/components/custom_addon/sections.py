"""Which sections under `addons` are the user's own."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import catalogue
from gitops_gen.model import Environment, Values


def known() -> frozenset[str]:
    """The add-ons that have a folder of their own."""
    sections = (folder.section for folder in catalogue())
    return frozenset(keys[1] for keys in sections if keys[0] == "addons") - {"*"}


def named(environment: Environment) -> Iterator[tuple[str, Values]]:
    ours = known()
    addons: Values = environment.get("addons", default={})
    for name, section in addons.items():
        if name not in ours or ("addons", name) in environment.replaced:
            yield name, section
