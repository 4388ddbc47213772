"""The rendered tier of each values file in valid/, compared with the `.expected` next to it.

`objects` contains all objects, each with the relevant part: the given keys of a map and all items
of a list are compared, and a null means that the key must be missing. `component` is the relevant
part of the Component.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from gitops_gen.components.types import Component
from tests.cases import beside, each


@each(Path(__file__).parent, "valid")
def test_a_tier_renders_the_expected_objects(case: Path, render: Any) -> None:
    expected = yaml.safe_load(beside(case, ".expected").read_text())
    tiers = render(case.read_text())
    tier = tiers[expected.get("tier", next(iter(tiers)))]
    assert sorted(tier.objects) == sorted(expected["objects"])
    assert list(_differences(expected["objects"], tier.objects, "")) == []
    actual = _summary(tier.component)
    assert list(_differences(expected.get("component", {}), actual, "component")) == []


def _differences(expected: Any, actual: Any, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            yield from _differences(value, actual.get(key), f"{path}/{key}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (value, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _differences(value, other, f"{path}/{index}")
    elif expected != actual:
        yield f"{path}: expected {expected!r}, is {actual!r}"


def _summary(component: Component) -> dict[str, Any]:
    return {
        "wave": component.wave,
        "requires": sorted(component.requires),
        "namespaces": [[n.name, n.load_balanced, n.isolated] for n in component.namespaces],
        "secrets": [[secret.name, list(secret.keys)] for secret in component.secrets],
        "ignore_differences": list(component.ignore_differences),
    }
