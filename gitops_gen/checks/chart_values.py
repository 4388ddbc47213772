"""Which values of add-ons were not checked, because only Argo CD reads the chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_gen.components.types import Component
from gitops_gen.model import Environment, NotChecked, Path

_REASON = (
    "Argo CD downloads the chart, so it is unknown whether the chart has the keys; compare "
    "them with its values.yaml"
)


def unchecked_values(
    environment: Environment, components: Iterable[Component]
) -> Iterator[NotChecked]:
    """Yields how many values the user set for each chart that Argo CD renders."""
    for component in components:
        if not component.source.is_hydrated:
            path = component.values_path
            values = environment.chart_values(*map(str, path))
            number = sum(
                1 for place, value in _leaves(values, path) if _set(environment, place, value)
            )
            if number:
                yield NotChecked(f"values of {component.name}", number, _REASON)


def _set(environment: Environment, path: Path, value: object) -> bool:
    """Whether a file of the user sets the value. Defaults contain no nulls."""
    return value is None or environment.written(*path)


def _leaves(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """Yields the values that are no maps."""
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inner in value.items():
        yield from _leaves(inner, (*path, key))
