"""The catalogue of components. Every folder here with a `component.py` is discovered automatically.

A component folder contains
    component.py   SECTION, instances(environment, planned);
                   LAST = True if it is planned after the others, from what they declare
    rules/         rules that a schema cannot express, in one file per subject. Each file has its
                   rules and findings(environment), or across(layers) for rules that compare the
                   layers of an environment
    schema.json    the JSON Schema of its section of the values
    defaults.yaml  the default values of its section
    chart/         its Helm chart, for a first-party component

`Folder` and `backing` describe what else component.py may define.
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
    """The required content of a folder's `component.py`."""

    SECTION: tuple[str, ...]
    """Its section of the values; "*" matches any key, as in ("tiers", "*")."""

    @staticmethod
    def instances(environment: Environment, planned: tuple[Component, ...]) -> Iterable[Component]:
        """Returns its components; `planned` are the components of the folders before it."""


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
        """The names of its components, unless the values name them."""
        last = self.section[-1]
        return getattr(self.module, "NAMES", () if last == "*" else (last,))

    @property
    def overridable_names(self) -> tuple[str, ...]:
        """Names that user entries may have, which disables the component."""
        return () if self.last else self.names

    @property
    def keys_of_user_charts(self) -> tuple[str, ...]:
        return getattr(self.module, "KEYS_OF_USER_CHARTS", ())

    @property
    def addon(self) -> Addon | None:
        """The description of the upstream chart, for the folder of an add-on."""
        return getattr(self.module, "ADDON", None)

    @property
    def provides(self) -> frozenset[str]:
        """The capabilities that others may require of an add-on, in every environment."""
        declared = self.addon.provides if self.addon else frozenset[str]()
        return getattr(self.module, "PROVIDES", declared)

    @property
    def aws_role(self) -> AddonRole | None:
        """The IAM role of the add-on's Pods."""
        return getattr(self.module, "AWS_ROLE", None)

    @property
    def external_namespaces(self) -> frozenset[str]:
        """Its namespaces that EKS or Argo CD creates, and that `platform` never creates."""
        return getattr(self.module, "EXTERNAL_NAMESPACES", frozenset())

    @property
    def last(self) -> bool:
        """Whether it is planned after the others, from what they declare."""
        return getattr(self.module, "LAST", False)

    def rules(self, environment: Environment) -> Iterator[Finding]:
        """Yields the findings of the folder's rules, and of the rules for every folder."""
        for file in self._rule_files:
            if hasattr(file, "findings"):
                yield from file.findings(environment)
        for file in rule_files(f"{__name__}.rules"):
            yield from file.findings(environment, self)

    def across(self, layers: Sequence[Document]) -> Iterator[Finding]:
        """Yields the findings of its rules that compare the layers of an environment."""
        for file in self._rule_files:
            if hasattr(file, "across"):
                yield from file.across(layers)

    def handed_over(self, facts: Values) -> Values:
        """Returns the values of its section that are derived from Terraform's facts."""
        values = getattr(self.module, "handed_over", None)
        return values(facts) if values else {}

    def applied_rules(self, environment: Environment) -> frozenset[Rule]:
        """Returns the rules that `rules` applies, without those that lack facts."""
        shared = rule_files(f"{__name__}.rules")
        applied = {rule for file in (*self._rule_files, *shared) for rule in defined_in(file)}
        for file in shared:
            if hasattr(file, "rules_not_applied"):
                applied -= file.rules_not_applied(environment)
        return frozenset(applied)

    @cached_property
    def _rule_files(self) -> tuple[ModuleType, ...]:
        has_rules = (self.path / "rules").is_dir()
        return rule_files(f"{__name__}.{self.name}.rules") if has_rules else ()


@cache
def catalogue() -> tuple[Folder, ...]:
    """Returns all component folders, sorted by name; those that are planned last at the end."""
    return tuple(sorted(_folders(), key=lambda folder: (folder.last, folder.name)))


def handed_over(facts: Values) -> Values:
    """Returns the values of all components that are derived from Terraform's facts."""
    values: Values = {}
    for folder in catalogue():
        if section_values := folder.handed_over(facts):
            *above, last = folder.section
            parent = values
            for key in above:
                parent = parent.setdefault(key, {})
            parent[last] = section_values
    return values


def schema_of(folder: str) -> Values:
    """Returns the schema of the section of a component folder, given the path of the folder."""
    name = Path(folder).name
    return next(one.schema for one in catalogue() if one.name == name)


def _folders() -> Iterator[Folder]:
    for path in sorted(FOLDER.glob("*/component.py")):
        name = path.parent.name
        module = import_module(f"gitops_gen.components.{name}.component")
        yield Folder(name, cast(ComponentModule, module))
