"""Scans each repository chart of a revision once, and caches the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gitops_gen.inputs import Loaded
from gitops_gen.inputs.load import raise_for_errors
from gitops_gen.model import Environment, Finding
from gitops_gen.render.plan.plan import Planned, repository_charts
from gitops_gen.revisions import Revision

if TYPE_CHECKING:
    from gitops_gen.render.helm_runs.repository_chart import ChartScan


@dataclass(frozen=True)
class ChartScans:
    revision: Revision
    _scans: dict[str, ChartScan] = field(default_factory=dict, repr=False)

    def added_to(self, loaded: Loaded, planned: Sequence[Planned]) -> Loaded:
        """The environment with the findings about its repository charts."""
        environment = loaded.environment
        if not (repository_charts(planned) or environment.excuses):
            # Without repository charts, no chart is read and no excuse depends on one.
            return loaded
        from gitops_gen.render.helm_runs.repository_chart import applied_rules

        kept, excused = environment.split(self._findings(environment, planned))
        return replace(
            loaded,
            findings=(*loaded.findings, *kept),
            excused=(*loaded.excused, *excused),
            applied_rules=loaded.applied_rules | applied_rules(),
        )

    def require_usable(self, environment: Environment, planned: Iterable[Planned]) -> None:
        """Raises InvalidInput if a chart must not be rendered."""
        raise_for_errors(environment.split(self._findings(environment, planned))[0])

    def _findings(self, environment: Environment, planned: Iterable[Planned]) -> Iterator[Finding]:
        for component in (item.component for item in planned):
            path = component.source.repository_path
            if path is not None:
                from gitops_gen.render.helm_runs.repository_chart import findings

                yield from findings(environment, component, self._scan(path))

    def _scan(self, path: str) -> ChartScan:
        if path not in self._scans:
            from gitops_gen.render.helm_runs.repository_chart import scan

            self._scans[path] = scan(self.revision.on_disk([path]), path)
        return self._scans[path]
