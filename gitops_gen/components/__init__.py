"""The catalogue of components: every folder beside this file that holds a `component.py`.

A component folder holds
    component.py   SECTION, instances(environment, planned);
                   LAST = True where it is planned from the others
    rules/         where a schema cannot say everything: one file a theme, each with the rules
                   that it applies and findings(environment), or across(layers) for what the
                   layers of an environment say of one another
    schema.json    the JSON Schema of its section of the values
    defaults.yaml  laid under its section
    chart/         its Helm chart, for a first-party component

What else component.py may define, `Folder` and `backing` say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, cast

from gitops_gen.components.types import AddonRole, Component
from gitops_gen.model import Document, Environment, Finding, Rule, Values
from gitops_gen.rule_registry import defined_in, rule_files

if TYPE_CHECKING:
    from gitops_gen.components.addon import Addon

FOLDER = Path(__file__).resolve().parent


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
        return FOLDER / self.name

    @property
    def section(self) -> tuple[str, ...]:
        return self.module.SECTION

    @cached_property
    def schema(self) -> Values:
        written: Values = json.loads((self.path / "schema.json").read_bytes())
        completed = getattr(self.module, "schema", None)
        return completed(written) if completed else written

    @cached_property
    def defaults(self) -> Document:
        from gitops_gen import yaml

        name = f"gitops_gen/components/{self.name}/defaults.yaml"
        written = yaml.parse((self.path / "defaults.yaml").read_bytes(), name)
        completed = getattr(self.module, "defaults", None)
        return completed(written) if completed else written

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its components, where values do not name them."""
        last = self.section[-1]
        return getattr(self.module, "NAMES", () if last == "*" else (last,))

    @property
    def names_it_yields(self) -> tuple[str, ...]:
        """What all others stand on yields to nobody."""
        return () if self.last else self.names

    @property
    def keys_of_own_charts(self) -> tuple[str, ...]:
        return getattr(self.module, "KEYS_OF_OWN_CHARTS", ())

    @property
    def addon(self) -> Addon | None:
        """What an add-on's folder says of its upstream chart."""
        return getattr(self.module, "ADDON", None)

    @property
    def provides(self) -> frozenset[str]:
        """What others may need of it, as an add-on: known without an environment."""
        declared = self.addon.provides if self.addon else frozenset[str]()
        return getattr(self.module, "PROVIDES", declared)

    @property
    def aws_role(self) -> AddonRole | None:
        """The AWS role of the add-on's Pods."""
        return getattr(self.module, "AWS_ROLE", None)

    @property
    def namespaces_made_elsewhere(self) -> frozenset[str]:
        """Namespaces of its own that EKS or Argo CD makes, and that `platform` never owns."""
        return getattr(self.module, "NAMESPACES_MADE_ELSEWHERE", frozenset())

    @property
    def last(self) -> bool:
        """Planned after the others, from what they declare."""
        return getattr(self.module, "LAST", False)

    def rules(self, environment: Environment) -> Iterator[Finding]:
        """What the rules of the folder, and those for every folder, find in its section."""
        for file in self._rule_files:
            if hasattr(file, "findings"):
                yield from file.findings(environment)
        for file in rule_files(f"{__name__}.rules"):
            yield from file.findings(environment, self)

    def across(self, layers: Sequence[Document]) -> Iterator[Finding]:
        """What its rules find in what the layers of an environment say of one another."""
        for file in self._rule_files:
            if hasattr(file, "across"):
                yield from file.across(layers)

    def handed_over(self, facts: Values) -> Values:
        """The values of its section that follow from Terraform's facts."""
        values = getattr(self.module, "handed_over", None)
        return values(facts) if values else {}

    def applied_rules(self) -> frozenset[Rule]:
        files = (*self._rule_files, *rule_files(f"{__name__}.rules"))
        return frozenset(rule for file in files for rule in defined_in(file))

    @property
    def _rule_files(self) -> tuple[ModuleType, ...]:
        has_rules = (self.path / "rules").is_dir()
        return rule_files(f"{__name__}.{self.name}.rules") if has_rules else ()


@cache
def catalogue() -> tuple[Folder, ...]:
    """Every component folder, those that are planned last at the end, else by name."""
    return tuple(sorted(_folders(), key=lambda folder: (folder.last, folder.name)))


def handed_over(facts: Values) -> Values:
    """What follows from Terraform's facts for the components, where values have it."""
    whole: Values = {}
    for folder in catalogue():
        if values := folder.handed_over(facts):
            *above, last = folder.section
            at = whole
            for key in above:
                at = at.setdefault(key, {})
            at[last] = values
    return whole


def schema_of(folder: str) -> Values:
    """The schema of the section of a component folder, which is given by its path."""
    name = Path(folder).name
    return next(one.schema for one in catalogue() if one.name == name)


def _folders() -> Iterator[Folder]:
    for path in sorted(FOLDER.glob("*/component.py")):
        name = path.parent.name
        module = import_module(f"gitops_gen.components.{name}.component")
        yield Folder(name, cast(ComponentModule, module))
