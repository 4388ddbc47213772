"""Renders variants of an environment: the same environment with a few other values.

A variant renders only the components whose input for Helm differs from that of the base, and one
run of Helm renders the components of many variants. All other objects are those of the base, so
the result is the same as that of a whole render.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gitops_gen.components import Folder
from gitops_gen.components.addon_kinds import known_api_versions
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.helm import Executable
from gitops_gen.model import Environment
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.render.argocd.files import argocd_objects
from gitops_gen.render.helm_runs import interruptible
from gitops_gen.render.helm_runs.prepared import Prepared
from gitops_gen.render.helm_runs.release_documents import Archives, Documents, HelmContext
from gitops_gen.render.helm_runs.releases import ReleaseRuns
from gitops_gen.render.helm_runs.runs import documents
from gitops_gen.render.helm_runs.scratch import scratch
from gitops_gen.render.helm_runs.umbrella import umbrella
from gitops_gen.render.hydrate.custom_kinds import CustomKind
from gitops_gen.render.hydrate.objects import objects
from gitops_gen.render.plan.plan import Planned
from gitops_gen.render.plan.switched_off import switched_off

# The charts of one run of Helm. More need more memory, but save no more time.
LARGEST = 48

ARGOCD = ""
"""The key of the objects that belong to no component: the AppProjects and the root Application."""


@dataclass(frozen=True)
class Variant:
    """An environment with its plan. `inputs` tells what Helm and Argo CD would render."""

    environment: Environment
    planned: tuple[Planned, ...]

    @cached_property
    def inputs(self) -> Mapping[str, object]:
        """Component name -> everything that its rendered objects depend on."""
        version = self.environment.values["cluster"]["kubernetesVersion"]
        return {
            item.component.name: (item.component.source, item.component.namespace, version)
            for item in self.planned
            if item.component.source.is_hydrated
        }

    @cached_property
    def first_party(self) -> frozenset[str]:
        """The components whose charts are in the umbrella."""
        components = (item.component for item in self.planned)
        return frozenset(one.name for one in components if one.source.is_first_party)

    def component(self, name: str) -> Component:
        return next(item.component for item in self.planned if item.component.name == name)


@dataclass(frozen=True)
class PartialRendering:
    """The objects of some components, by the name of the component."""

    objects: Mapping[str, Sequence[KubeObject]]


@dataclass(frozen=True, slots=True)
class VariantRequest:
    """A variant, and the names of the components to render. All of them are in its plan."""

    variant: Variant
    components: frozenset[str]


@dataclass(frozen=True, slots=True)
class VariantRun:
    """What the renders of variants need: the folders of components, Helm, and the repository."""

    folders: Sequence[Folder]
    helm: Executable
    root: str
    jobs: int
    archives: Archives = field(default_factory=dict)
    kinds: frozenset[CustomKind] = frozenset()
    """The kinds that the CRDs of the base define."""


def changed_components(base: Variant, variant: Variant) -> frozenset[str]:
    """The components that Helm would render differently, or that only one of both contains."""
    before, after = base.inputs, variant.inputs
    return frozenset(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )


def argocd_of(
    variant: Variant, rendered: Sequence[KubeObject], folders: Sequence[Folder]
) -> tuple[KubeObject, ...]:
    """The Applications and AppProjects of a variant. `rendered` are the objects of all components.

    The Application of a component has the component's name as its `component`.
    """
    off = switched_off(variant.environment, folders)
    return tuple(argocd_objects(variant.environment, variant.planned, rendered, off))


def render_variants(
    requests: Sequence[VariantRequest], run: VariantRun
) -> list[PartialRendering | InvalidInput]:
    """The renderings in the given order, or the findings about a variant that Helm refuses."""
    inputs = [_prepared(number, request) for number, request in enumerate(requests)]
    try:
        with scratch() as folder:
            # Two renders of each repository chart were compared when the base was rendered.
            runs = ReleaseRuns(run.helm, folder, run.jobs, compares=False)
            context = HelmContext(run.helm, run.root, folder, runs, run.archives, run.kinds)
            printed = interruptible.run(_all(context, inputs, run.jobs))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise ToolFailed(f"{place}{error.strerror} while preparing charts for Helm") from error
    return [_rendering(request, printed[n]) for n, request in enumerate(requests)]


def _prepared(number: int, request: VariantRequest) -> Prepared:
    """The input for Helm. A number replaces the name of the environment, which must be unique in
    a run of Helm and occurs in no template."""
    variant = request.variant
    planned = tuple(p for p in variant.planned if p.component.name in request.components)
    environment = replace(variant.environment, name=f"v{number}")
    chart = umbrella(environment, [item.component for item in planned])
    available = known_api_versions(environment, [item.component for item in variant.planned])
    return Prepared(environment, planned, (), chart, available)


async def _all(
    context: HelmContext, inputs: Sequence[Prepared], jobs: int
) -> dict[int, Documents | InvalidInput]:
    slots = asyncio.Semaphore(jobs)
    found: dict[int, Documents | InvalidInput] = {}

    async def render_batch(batch: Sequence[tuple[int, Prepared]]) -> None:
        async with slots:
            results = await documents(context, [item for _, item in batch])
        found.update(zip((number for number, _ in batch), results, strict=True))

    await asyncio.gather(*(render_batch(batch) for batch in _batches(inputs)))
    return found


def _batches(inputs: Sequence[Prepared]) -> Iterator[Sequence[tuple[int, Prepared]]]:
    """Yields the inputs with their numbers, in batches of the same Kubernetes version."""
    batches: dict[str, list[tuple[int, Prepared]]] = {}
    for number, item in enumerate(inputs):
        batch = batches.setdefault(item.kube_version, [])
        if batch and sum(len(one.first_party) for _, one in batch) >= LARGEST:
            yield batch
            batch = batches[item.kube_version] = []
        batch.append((number, item))
    yield from batches.values()


def _rendering(
    request: VariantRequest, printed: Documents | InvalidInput
) -> PartialRendering | InvalidInput:
    if isinstance(printed, InvalidInput):
        return printed
    variant = request.variant
    try:
        return PartialRendering(
            {
                name: tuple(
                    objects(
                        variant.environment,
                        variant.component(name),
                        printed.of_component[name],
                        printed.kinds,
                    )
                )
                for name in request.components
            }
        )
    except InvalidInput as error:
        return error
