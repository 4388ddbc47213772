"""All rules of the package, found in the modules that define them.

A rule is a constant at the top of the module that applies it. No list of them is kept: this module
imports whatever defines one, by name, so that it stands below all packages and any may ask it.
Only `explain`, the documentation and the check of excuses need it; no other command pays for it.
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
"""What every definition has, so that no other module has to be imported."""


class DuplicateRule(Exception):
    """Two rules have one id: an excuse or a reader could not tell them apart."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the ids."""
    found: dict[str, Rule] = {}
    for module in _defining_modules():
        for rule in defined_in(module):
            if found.setdefault(rule.id, rule) is not rule:
                raise DuplicateRule(f"{module.__name__} defines the rule {rule.id} once more")
    return dict(sorted(found.items()))


def defined_in(module: ModuleType) -> tuple[Rule, ...]:
    """The rules that a module has as constants, those that it imports included."""
    return tuple(value for value in vars(module).values() if isinstance(value, Rule))


@cache
def rule_files(package: str) -> tuple[ModuleType, ...]:
    """The modules of a folder of rules, by name: a rule is added by adding a file."""
    path = import_module(package).__path__
    names = sorted(module.name for module in iter_modules(path))
    return tuple(import_module(f"{package}.{name}") for name in names)


def _defining_modules() -> Iterator[ModuleType]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != Path(__file__).resolve() and _DEFINITION.search(path.read_bytes()):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            yield import_module(".".join(parts).removesuffix(".__init__"))
