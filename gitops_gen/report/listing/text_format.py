"""The format for a terminal: a table of the environments, and one of the components of each.

The components are printed if there are few environments. Otherwise the table of the environments
is the whole result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gitops_gen.model import printable
from gitops_gen.workspace.listing import ListedComponent, ListedEnvironment

MOST_WITH_COMPONENTS = 3
_DIGEST_SHOWN = len("@sha256:") + 12
_GAP = "  "


def listing(environments: Sequence[ListedEnvironment]) -> str:
    lines = list(_table(_overview(environments)))
    for one in environments if len(environments) <= MOST_WITH_COMPONENTS else ():
        if one.components:
            lines += ["", f"{one.name}:", *_table(_components(one.components))]
    return "".join(f"{printable(line)}\n" for line in lines)


def _overview(environments: Iterable[ListedEnvironment]) -> Iterator[tuple[str, ...]]:
    yield "ENVIRONMENT", "GROUPS", "CLUSTER", "REGION", "COMPONENTS"
    for one in environments:
        groups = ", ".join(one.groups) or "-"
        if one.errors:
            yield one.name, groups, "-", "-", f"not known: {_count(len(one.errors))}"
        else:
            yield one.name, groups, one.cluster, one.region, str(len(one.components))


def _count(errors: int) -> str:
    return "1 error" if errors == 1 else f"{errors} errors"


def _components(components: Iterable[ListedComponent]) -> Iterator[tuple[str, ...]]:
    yield "WAVE", "COMPONENT", "NAMESPACE", "SOURCE"
    for one in components:
        yield str(one.wave), one.name, one.namespace, _source(one)


def _source(component: ListedComponent) -> str:
    """Returns the chart of a component, or its images."""
    if component.chart is not None:
        chart = component.chart
        return f"{chart.chart} {chart.version} ({chart.repository})"
    return component.folder or ", ".join(map(_shortened, component.images)) or "-"


def _shortened(image: str) -> str:
    """Returns an image with the beginning of its digest, which identifies it."""
    name, separator, digest = image.partition("@")
    return f"{name}{f'{separator}{digest}'[:_DIGEST_SHOWN]}"


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yields the lines of a table. Every column but the last one is as wide as its widest cell."""
    cells = list(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield _GAP.join(padded).rstrip()
