"""The size of the folder that the Application of a chart reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_gen.components.types import Component, HydratedChart, RepositoryChart
from gitops_gen.model import Environment, Finding
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.layout import LARGEST_FOLDER
from gitops_gen.render.header import header
from gitops_gen.render.helm_runs.release_documents import too_large


def size_findings(
    environment: Environment, component: Component, objects: Sequence[KubeObject]
) -> Iterator[Finding]:
    """Yields a finding if Argo CD would refuse to read the folder of a chart."""
    chart = component.source
    if isinstance(chart, HydratedChart | RepositoryChart):
        first_line = len(header(environment).encode())
        if sum(len(item.content) + first_line for item in objects) > LARGEST_FOLDER:
            yield too_large(environment, component, chart)
