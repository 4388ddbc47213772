"""The charts of the user's own in a revision: each is scanned once, whoever asks about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gitops_gen.inputs import Loaded
from gitops_gen.inputs.load import require_none_of
from gitops_gen.model import Environment, Finding
from gitops_gen.render.plan.plan import Planned
from gitops_gen.revisions import Revision

if TYPE_CHECKING:
    from gitops_gen.render.helm_runs.repository_chart import ChartScan


@dataclass(frozen=True)
class ChartScans:
    revision: Revision
    _scans: dict[str, ChartScan] = field(default_factory=dict, repr=False)

    def added_to(self, loaded: Loaded, planned: Sequence[Planned]) -> Loaded:
        """A valid environment with what is found in its charts."""
        environment = loaded.environment
        if not (paths(planned) or environment.excuses):
            # No chart is read, and no excuse is judged by what is found in charts.
            return loaded
        from gitops_gen.render.helm_runs.repository_chart import applied_rules

        kept, excused = environment.split(self._findings(environment, planned))
        return replace(
            loaded,
            findings=(*loaded.findings, *kept),
            excused=(*loaded.excused, *excused),
            ran=loaded.ran | applied_rules(),
        )

    def require_usable(self, environment: Environment, planned: Iterable[Planned]) -> None:
        """Raises InvalidInput for a chart that must not be rendered."""
        require_none_of(environment.split(self._findings(environment, planned))[0])

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


def paths(planned: Iterable[Planned]) -> list[str]:
    """The folders of the charts."""
    found = (item.component.source.repository_path for item in planned)
    return [path for path in found if path is not None]
