"""The catalogue of components: every folder beside this file that holds a `component.py`.

A component folder holds
    component.py   SECTION, instances(environment, planned);
                   LAST = True where it is planned from the others
    rules/         where a schema cannot say everything: one file a theme, each with
                   findings(environment) and the rules that it applies
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
from types import ModuleType
from typing import Protocol, cast

from gitops_gen.components.types import Component
from gitops_gen.model import Document, Environment, Finding, Rule, Values
from gitops_gen.rule_registry import defined_in, rule_files

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

    def rules(self, environment: Environment) -> Iterator[Finding]:
        """What the rules of the folder, and those for every folder, find in its section."""
        for file in self._rule_files:
            yield from file.findings(environment)
        for file in rule_files(f"{__name__}.rules"):
            yield from file.findings(environment, self)

    def applied_rules(self) -> frozenset[Rule]:
        files = (*self._rule_files, *rule_files(f"{__name__}.rules"))
        return frozenset(rule for file in files for rule in defined_in(file))

    @property
    def _rule_files(self) -> tuple[ModuleType, ...]:
        has_rules = (self.path / "rules").is_dir()
        return rule_files(f"{__name__}.{self.name}.rules") if has_rules else ()


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
