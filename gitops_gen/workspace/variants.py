"""Variants of a valid environment: the same environment with a few other values, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.components import Folder
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import Loader
from gitops_gen.model import Environment, Finding, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.plan.plan import plan
from gitops_gen.render.rendering import Rendering
from gitops_gen.render.variants import (
    PartialRendering,
    Variant,
    VariantRequest,
    VariantRun,
    argocd_of,
    changed_components,
    render_variants,
)

__all__ = ["PartialRendering", "Variant", "VariantRequest", "Variants", "changed_components"]


@dataclass(frozen=True)
class Variants:
    """Plans, validates and renders variants of one environment. Nothing is written."""

    loader: Loader
    folders: Sequence[Folder]
    rendering: Rendering
    run: VariantRun

    @cached_property
    def base(self) -> Variant:
        return Variant(self.rendering.environment, self.rendering.planned)

    @cached_property
    def schema(self) -> Values:
        return self.loader.schema(self.base.environment.name)

    @cached_property
    def objects(self) -> Mapping[str, Sequence[KubeObject]]:
        """The rendered objects of the base by component."""
        found: dict[str, list[KubeObject]] = {}
        for item in self.rendering.objects:
            found.setdefault(item.component, []).append(item)
        return found

    @cached_property
    def argocd(self) -> tuple[KubeObject, ...]:
        """The Applications and AppProjects of the base."""
        return self.argocd_of(self.base, self.rendering.objects)

    def argocd_of(self, variant: Variant, rendered: Sequence[KubeObject]) -> tuple[KubeObject, ...]:
        return argocd_of(variant, rendered, self.folders)

    def planned(self, environment: Environment) -> Variant:
        """The variant without a validation of its values.

        Raises InvalidInput if the components contradict each other.
        """
        return Variant(environment, plan(environment, self.folders))

    def refusals(self, environment: Environment) -> tuple[Finding, ...]:
        """The errors in the values, before they are planned."""
        return self.loader.refusals(environment)

    def has_known_charts(self, variant: Variant) -> bool:
        """Whether every chart of the variant is one of the base, which was scanned.

        Helm must not open any other folder or archive.
        """
        sources = [item.component.source for item in variant.planned]
        paths = {one.repository_path for one in sources} - {None}
        digests = {one.archive for one in sources} - {None}
        return paths <= set(self.rendering.charts) and digests <= self.run.archives.keys()

    def render(self, requests: Sequence[VariantRequest]) -> list[PartialRendering | InvalidInput]:
        """The objects of the requested components, or the findings about a refused variant."""
        return render_variants(requests, self.run) if requests else []
