"""How the objects of an add-on from an upstream chart reach the cluster (`delivery`).

    manifests   gitops-gen renders the locked archive, and Argo CD syncs the committed manifests
    chart       Argo CD downloads and renders the chart

Without `delivery`, an add-on whose chart is in charts/upstream/charts.lock has manifests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gitops_gen.charts.sources import normalized
from gitops_gen.components.types import ChartPart, Component, HydratedChart, UpstreamChart
from gitops_gen.model import Environment, Pin

KEY = "delivery"
MANIFESTS, CHART = "manifests", "chart"
CRDS_SUFFIX = "-crds"
_CRDS = frozenset({("apiextensions.k8s.io", "CustomResourceDefinition")})
# The wave of CRDs, before the namespaces (-20) and all operators.
_CRD_WAVE = -30


def delivered(environment: Environment, components: Iterable[Component]) -> Iterator[Component]:
    """Yields the components, with two for each locked chart: its CRDs, and its other objects."""
    for component in components:
        source = component.source
        if isinstance(source, UpstreamChart) and (digest := _digest(environment, component)):
            yield from _hydrated(component, source, digest)
        else:
            yield component


def _digest(environment: Environment, component: Component) -> str | None:
    if not isinstance(component.source, UpstreamChart):
        return None
    if environment.get(*map(str, component.section), KEY) == CHART:
        return None
    return locked_digest(environment, component.source.pin)


def locked_digest(environment: Environment, pin: Pin) -> str | None:
    """The digest of a chart's archive, or None if charts.lock does not contain the chart."""
    return environment.locked.get(replace(pin, repository=normalized(pin.repository)))


def locked_app_version(environment: Environment, pin: Pin) -> str | None:
    """The version of the application in a locked chart; None if it is not known."""
    return environment.app_versions.get(replace(pin, repository=normalized(pin.repository)))


def _hydrated(component: Component, source: UpstreamChart, digest: str) -> Iterator[Component]:
    # A chart of CRDs alone needs no second Application.
    only_crds = component.name.endswith(CRDS_SUFFIX)

    def chart(part: ChartPart) -> HydratedChart:
        return HydratedChart(source.pin, digest, source.values, source.release, part)

    yield replace(component, source=chart("all" if only_crds else "objects"))
    if not only_crds:
        yield Component(
            name=f"{component.name}{CRDS_SUFFIX}",
            namespace=component.namespace,
            wave=min(_CRD_WAVE, component.wave - 1),
            source=chart("crds"),
            section=component.section,
            cluster_kinds=_CRDS,
        )


def is_crd_part(component: Component) -> bool:
    """Whether the component has the CRDs of a chart whose other objects are another component."""
    return isinstance(component.source, HydratedChart) and component.source.part == "crds"
