"""Discovers all rules of the package in the modules that define them.

A rule is a module-level constant of the module that applies it. There is no list of the rules: this
module imports every module that defines one by its name, and therefore depends on no other package.
Only `explain`, the documentation and the check of excuses use it, because the imports take time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from gitops_gen.model import Rule

PACKAGE = Path(__file__).resolve().parent
_DEFINITION = re.compile(rb"\bRule\(")
"""Text that every definition contains, so that other modules are not imported."""


class DuplicateRule(Exception):
    """Two rules have the same ID, so that excuses could not distinguish them."""


@cache
def rules() -> Mapping[str, Rule]:
    """Returns all rules by their IDs, sorted by ID."""
    found: dict[str, Rule] = {}
    for module in _defining_modules():
        for rule in defined_in(module):
            if found.setdefault(rule.id, rule) is not rule:
                raise DuplicateRule(f"{module.__name__} defines the rule {rule.id} again")
    return dict(sorted(found.items()))


@cache
def rules_of(*packages: str) -> Mapping[str, Rule]:
    """Returns the rules of some packages of the project by their IDs, sorted by ID."""
    modules = (
        module for module in _defining_modules() if module.__name__.split(".")[1] in packages
    )
    found = {rule.id: rule for module in modules for rule in defined_in(module)}
    return dict(sorted(found.items()))


@cache
def defined_in(module: ModuleType) -> tuple[Rule, ...]:
    """Returns the rules that are constants of a module, including those that it imports."""
    return tuple(value for value in vars(module).values() if isinstance(value, Rule))


@cache
def rule_files(package: str) -> tuple[ModuleType, ...]:
    """Returns the modules of a rules folder, sorted by name. To add a rule, add a file."""
    path = import_module(package).__path__
    names = sorted(module.name for module in iter_modules(path))
    return tuple(import_module(f"{package}.{name}") for name in names)


def _defining_modules() -> Iterator[ModuleType]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != Path(__file__).resolve() and _DEFINITION.search(path.read_bytes()):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            yield import_module(".".join(parts).removesuffix(".__init__"))
