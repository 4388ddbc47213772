"""Scans each chart that gitops-gen renders once, and caches the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gitops_gen.components.delivery import is_crd_part, locked_digest
from gitops_gen.components.types import Component, UpstreamChart
from gitops_gen.inputs import Loaded
from gitops_gen.inputs.load import raise_for_errors
from gitops_gen.model import Environment, Finding, Rule
from gitops_gen.render.plan.plan import Planned
from gitops_gen.revisions import Revision
from gitops_gen.workspace.upstream_archives import UpstreamArchives

if TYPE_CHECKING:
    from gitops_gen.render.helm_runs.repository_chart import ChartScan


@dataclass(frozen=True)
class ChartScans:
    revision: Revision
    archives: UpstreamArchives
    _scans: dict[str, ChartScan] = field(default_factory=dict, repr=False)

    def added_to(self, loaded: Loaded, planned: Sequence[Planned]) -> Loaded:
        """The environment with the findings about its charts.

        Locked charts whose archives are not on this machine are not scanned: a render requires
        them, and files that are up to date can be checked without them.
        """
        environment = loaded.environment
        charts = [item.component for item in planned if _is_scanned(item.component)]
        if not (charts or environment.excuses or environment.locked):
            # Without such charts, no chart is read and no excuse depends on one.
            return loaded
        scanned = [one for one in charts if self._is_available(one)]
        components = [item.component for item in planned]
        found = (*self._findings(environment, scanned), *self._of_values(environment, components))
        kept, excused = environment.split(found)
        return replace(
            loaded,
            findings=(*loaded.findings, *kept),
            excused=(*loaded.excused, *excused),
            applied_rules=loaded.applied_rules
            | _applied_rules(all_scanned=scanned == charts)
            | self._rules_of_values(environment, components),
        )

    def require_usable(self, environment: Environment, planned: Iterable[Planned]) -> None:
        """Raises InvalidInput if a chart must not be rendered."""
        components = [item.component for item in planned]
        found = (
            *self._findings(environment, components),
            *self._of_values(environment, components),
        )
        raise_for_errors(environment.split(found)[0])

    def _is_available(self, component: Component) -> bool:
        digest = component.source.archive
        return digest is None or self.archives.holds(digest)

    def _findings(
        self, environment: Environment, components: Iterable[Component]
    ) -> Iterator[Finding]:
        for component in components:
            path, digest = component.source.repository_path, component.source.archive
            if path is not None:
                from gitops_gen.render.helm_runs.repository_chart import findings

                yield from findings(environment, component, self._scan(path))
            elif digest is not None and not is_crd_part(component):
                yield from self._of_archive(environment, component, digest)

    def _of_archive(
        self, environment: Environment, component: Component, digest: str
    ) -> Iterator[Finding]:
        from gitops_gen.render.helm_runs.upstream_chart import findings

        yield from findings(environment, component, self.archives.get(digest))

    def _of_values(
        self, environment: Environment, components: Iterable[Component]
    ) -> Iterator[Finding]:
        """Yields the findings about the values of locked charts, also of those that Argo CD
        renders."""
        for component, digest in _locked_charts(environment, components):
            from gitops_gen.render.helm_runs.upstream_values import findings, not_compared

            if digest is None:
                continue
            if self.archives.holds(digest):
                yield from findings(environment, component, self.archives.get(digest).chart)
            else:
                yield not_compared(environment, component, self.archives.label(digest))

    def _rules_of_values(
        self, environment: Environment, components: Iterable[Component]
    ) -> frozenset[Rule]:
        """The rules about values, unless an archive is missing, so that an excuse may be needed."""
        from gitops_gen.render.helm_runs.upstream_values import applied_rules

        digests = [digest for _, digest in _locked_charts(environment, components)]
        compared = all(one is None or self.archives.holds(one) for one in digests)
        return applied_rules() if compared else frozenset()

    def _scan(self, path: str) -> ChartScan:
        if path not in self._scans:
            from gitops_gen.render.helm_runs.repository_chart import scan

            self._scans[path] = scan(self.revision.on_disk([path]), path)
        return self._scans[path]


def _locked_charts(
    environment: Environment, components: Iterable[Component]
) -> Iterator[tuple[Component, str | None]]:
    """Yields the components of upstream charts, each chart once, with the locked digests."""
    for component in components:
        source = component.source
        if isinstance(source, UpstreamChart):
            yield component, locked_digest(environment, source.pin)
        elif source.archive is not None and not is_crd_part(component):
            yield component, source.archive


def _is_scanned(component: Component) -> bool:
    source = component.source
    return source.repository_path is not None or source.archive is not None


def _applied_rules(*, all_scanned: bool) -> frozenset[Rule]:
    from gitops_gen.render.helm_runs import repository_chart, upstream_chart

    upstream = upstream_chart.applied_rules() if all_scanned else frozenset[Rule]()
    return repository_chart.applied_rules() | upstream
