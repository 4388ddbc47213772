"""The output of Helm for the releases of one environment, and the findings about its errors."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

from gitops_gen import yaml
from gitops_gen.components.kubernetes_api import api_versions
from gitops_gen.components.types import Component, HydratedChart, ReleasedChart, RepositoryChart
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import Executable, HelmRefused, OutputTooLarge
from gitops_gen.model import Environment, Finding, Rule
from gitops_gen.objects.layout import LARGEST_FOLDER
from gitops_gen.render.helm_runs import interruptible
from gitops_gen.render.helm_runs.chart_files import API_VERSIONS
from gitops_gen.render.helm_runs.chart_secrets import defaults_in, without_defaults
from gitops_gen.render.helm_runs.prepared import Prepared
from gitops_gen.render.helm_runs.random_output import random_output
from gitops_gen.render.helm_runs.refusals import refused
from gitops_gen.render.helm_runs.releases import (
    FolderContent,
    Release,
    ReleaseOutput,
    ReleaseRuns,
    RenderedDifferently,
)
from gitops_gen.render.helm_runs.upstream_chart import UpstreamArchive
from gitops_gen.render.hydrate.custom_kinds import CustomKind, custom_kinds
from gitops_gen.render.hydrate.documents import HelmDocument

TOO_LARGE = Rule(
    "repository-chart-size",
    title="The output of a chart is at most 10 MB",
    why="Argo CD refuses to read a folder whose manifests have more than 10 MB in total.",
    remedy="Divide the chart into several charts, or render fewer objects.",
)


@dataclass(frozen=True, slots=True)
class Documents:
    """The output of Helm for an environment."""

    of_component: Mapping[str, Sequence[HelmDocument]]
    """Component name -> documents. The components of one release have the same documents."""
    kinds: frozenset[CustomKind] = frozenset()
    """The kinds that the CRDs of all components define."""


SeenKinds: TypeAlias = dict[tuple[str, bool], frozenset[CustomKind]]
"""Name of a release, and whether the CRDs are in its folder crds/ -> the kinds that they define."""
Archives: TypeAlias = Mapping[str, UpstreamArchive]
"""Digest -> the archive of a locked chart."""


@dataclass(frozen=True, slots=True)
class HelmContext:
    """The Helm to run, the repository, and an empty temporary folder for the input."""

    helm: Executable
    root: str
    scratch: str
    runs: ReleaseRuns
    archives: Archives = field(default_factory=dict)
    kinds: frozenset[CustomKind] = frozenset()
    """Kinds that exist although no rendered document defines them."""
    _folders: dict[str, FolderContent] = field(default_factory=dict)

    def folder_content(self, path: str) -> FolderContent:
        """The content of a repository chart, which is read once for all environments."""
        if path not in self._folders:
            self._folders[path] = FolderContent.of(os.path.join(self.root, path))
        return self._folders[path]


async def with_releases(
    context: HelmContext, item: Prepared, first_party: Mapping[str, Sequence[HelmDocument]]
) -> Documents | InvalidInput:
    """The documents of all components. `first_party` are those of the umbrella."""
    try:
        return await _Releases(context, item).documents(first_party)
    except InvalidInput as error:
        return error


@dataclass(frozen=True, slots=True)
class _Releases:
    context: HelmContext
    item: Prepared

    async def documents(self, first_party: Mapping[str, Sequence[HelmDocument]]) -> Documents:
        with interruptible.synchronous_work():
            kinds = custom_kinds(chain.from_iterable(first_party.values()))
        outputs, kinds = await self._settled(kinds | self.context.kinds)
        found = {name: output.documents for name, output in outputs.items()}
        return Documents({**first_party, **found}, kinds)

    async def _settled(
        self, kinds: frozenset[CustomKind]
    ) -> tuple[Mapping[str, ReleaseOutput], frozenset[CustomKind]]:
        """The outputs and all kinds. A chart whose output depends on kinds that another chart
        defines is rendered again with these kinds."""
        seen: SeenKinds = {}
        while True:
            outputs = await self._outputs(kinds, seen)
            before = dict(seen)
            for component, chart in self.item.releases:
                output = outputs[component.name]
                for first, found in ((False, output.kinds), (True, output.kinds_in_crds_folder)):
                    place = chart.release, first
                    seen[place] = seen.get(place, frozenset()) | found
            if seen == before:
                return outputs, kinds.union(*(output.kinds for output in outputs.values()))

    async def _outputs(
        self, kinds: frozenset[CustomKind], seen: SeenKinds
    ) -> Mapping[str, ReleaseOutput]:
        """The output of each release by the name of its component."""
        releases = self.item.releases
        outputs = await asyncio.gather(
            *(
                self._output(component, chart, self._available(kinds, seen, chart))
                for component, chart in releases
            )
        )
        return {component.name: out for (component, _), out in zip(releases, outputs, strict=True)}

    def _available(
        self, kinds: frozenset[CustomKind], seen: SeenKinds, chart: ReleasedChart
    ) -> frozenset[str]:
        """What the cluster serves when a chart is installed: of its own CRDs, only those in the
        folder crds/, which Helm installs first."""
        of_others = (
            found for (name, first), found in seen.items() if first or name != chart.release
        )
        served = frozenset(one for kind in kinds.union(*of_others) for one in kind.api_versions)
        return api_versions(self.item.kube_version) | self.item.api_versions | served

    async def _output(
        self, component: Component, chart: ReleasedChart, available: frozenset[str]
    ) -> ReleaseOutput:
        environment = self.item.environment
        release = self._release(component, chart, available)
        try:
            return await self.context.runs.output(release)
        except RenderedDifferently as error:
            raise InvalidInput([random_output(environment, component, error)]) from error
        except OutputTooLarge as error:
            raise InvalidInput([too_large(environment, component, chart)]) from error
        except HelmRefused as error:
            masked = HelmRefused(self._masked(str(error), chart, release))
            raise refused(environment, [component], masked) from error

    def _release(
        self, component: Component, chart: ReleasedChart, available: frozenset[str]
    ) -> Release:
        values = yaml.dump(chart.values).encode()
        reads = self._reads_api_versions(chart) or API_VERSIONS in values
        return Release(
            chart=self._chart(chart),
            digest=self._digest(chart),
            name=chart.release,
            namespace=component.namespace,
            kube_version=self.item.kube_version,
            values=values,
            api_versions=available if reads else frozenset(),
            # The scan of a repository chart refuses templates that ask for the time.
            pauses=isinstance(chart, HydratedChart),
        )

    def _chart(self, chart: ReleasedChart) -> str:
        if isinstance(chart, RepositoryChart):
            return os.path.join(self.context.root, chart.path)
        archive = self.context.archives[chart.digest]
        path = os.path.join(self.context.scratch, f"{chart.digest}.tgz")
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(archive.data)
        return path

    def _digest(self, chart: ReleasedChart) -> str:
        if isinstance(chart, HydratedChart):
            return chart.digest
        return self.context.folder_content(chart.path).digest

    def _reads_api_versions(self, chart: ReleasedChart) -> bool:
        if isinstance(chart, HydratedChart):
            return self.context.archives[chart.digest].reads_api_versions
        return self.context.folder_content(chart.path).reads_api_versions

    def _masked(self, text: str, chart: ReleasedChart, release: Release) -> str:
        """A message of Helm without secrets of the default values and without temporary paths."""
        if isinstance(chart, HydratedChart):
            archive = self.context.archives[chart.digest]
            return archive.without_defaults(text.replace(release.chart, archive.locked.file_name))
        return without_defaults(text, defaults_in(release.chart))


def too_large(environment: Environment, component: Component, chart: ReleasedChart) -> Finding:
    text = (
        f"{chart.shown} renders more than {LARGEST_FOLDER // 1_000_000} MB, which Argo CD "
        "refuses to read; divide the chart, or render fewer objects"
    )
    return environment.finding(TOO_LARGE, component.section, text, key=True)
