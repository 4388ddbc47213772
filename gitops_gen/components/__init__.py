"""The catalogue of components: every folder beside this file that holds a `component.py`.

A component folder holds
    component.py   SECTION, instances(environment, planned); where a schema cannot say everything
                   rules(environment); LAST = True where it is planned from the others
    schema.json    the JSON Schema of its section of the values
    defaults.yaml  laid under its section
    chart/         its Helm chart, for a first-party component
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from gitops_gen.components.types import Component
from gitops_gen.model import Document, Environment, Finding, Values

HERE = Path(__file__).resolve().parent


class ComponentModule(Protocol):
    """What a folder's `component.py` defines."""

    SECTION: tuple[str, ...]
    """Its section of the values; "*" stands for any key, as in ("tiers", "*")."""

    @staticmethod
    def instances(environment: Environment, planned: tuple[Component, ...]) -> Iterable[Component]:
        """This environment's components; `planned` are those of the folders before it."""


@dataclass(frozen=True)
class Folder:
    """One component folder of the package."""

    name: str
    module: ComponentModule

    @property
    def path(self) -> Path:
        return HERE / self.name

    @property
    def section(self) -> tuple[str, ...]:
        return self.module.SECTION

    @cached_property
    def schema(self) -> Values:
        return cast(Values, json.loads((self.path / "schema.json").read_bytes()))

    @property
    def defaults(self) -> Document:
        return _defaults(self.path, f"gitops_gen/components/{self.name}/defaults.yaml")

    @property
    def last(self) -> bool:
        """Planned after the others, from what they declare."""
        return getattr(self.module, "LAST", False)

    def rules(self, environment: Environment) -> Iterable[Finding]:
        rules = getattr(self.module, "rules", None)
        return rules(environment) if rules else ()


@cache
def _defaults(folder: Path, name: str) -> Document:
    """Add-ons ask for theirs again in every environment."""
    from gitops_gen import yaml

    return yaml.parse((folder / "defaults.yaml").read_bytes(), name)


def catalogue() -> tuple[Folder, ...]:
    """Every component folder, those that are planned last at the end, else by name."""
    return tuple(sorted(_folders(), key=lambda folder: (folder.last, folder.name)))


def _folders() -> Iterator[Folder]:
    for path in sorted(HERE.glob("*/component.py")):
        name = path.parent.name
        module = import_module(f"gitops_gen.components.{name}.component")
        yield Folder(name, cast(ComponentModule, module))
