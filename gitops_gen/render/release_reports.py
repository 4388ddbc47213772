"""What became of the objects that Helm printed for a locked chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gitops_gen.components.types import Component, HydratedChart, ReleasedChart
from gitops_gen.model import Excused
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.hydrate.hooks import Omission, is_hook


@dataclass(frozen=True, slots=True)
class HydratedComponent:
    """The objects of a component, the excused findings about them, and what was left out."""

    component: Component
    objects: tuple[KubeObject, ...]
    excused: tuple[Excused, ...] = ()
    left_out: Mapping[Omission, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """The objects of one release by what became of them. Their sum is what Helm printed."""

    component: str
    chart: str
    """The name and the version of the chart."""
    objects: int
    """The objects that were written, without CRDs."""
    crds: int
    hooks: int
    """How many of `objects` are hooks that Argo CD runs."""
    tests: int
    """Objects that were not written, because only `helm test` creates them."""
    unsupported_hooks: int
    """Objects that were not written, because Argo CD does not have the hook."""


def release_reports(
    releases: Sequence[tuple[Component, ReleasedChart]], parts: Sequence[HydratedComponent]
) -> Iterator[ReleaseReport]:
    """Yields one report per locked chart. `parts` are all components of the environment."""
    charts = [(one.name, source) for one, source in releases if isinstance(source, HydratedChart)]
    by_name = {part.component.name: part for part in parts}
    for name, source in charts:
        if source.part != "crds":
            of_release = [by_name[one] for one, chart in charts if chart.release == source.release]
            yield _report(name, source, of_release)


def _report(name: str, source: HydratedChart, parts: Sequence[HydratedComponent]) -> ReleaseReport:
    items = [item for part in parts for item in part.objects]
    crds = [item for item in items if item.id.kind == "CustomResourceDefinition"]
    left_out = {why: sum(part.left_out.get(why, 0) for part in parts) for why in Omission}
    return ReleaseReport(
        name,
        source.shown,
        objects=len(items) - len(crds),
        crds=len(crds),
        hooks=sum(1 for item in items if is_hook(item)),
        tests=left_out[Omission.TEST],
        unsupported_hooks=left_out[Omission.HOOK],
    )
