"""Whether an environment's components go together, as far as can be told without Helm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gitops_gen.components import Folder
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding
from gitops_gen.render.plan.plan import Planned, plan


@dataclass(frozen=True, slots=True)
class Precheck:
    """For a Loader to ask: what a render would refuse of values that are right in themselves."""

    root: str
    folders: Sequence[Folder]
    plans: dict[str, tuple[Planned, ...]] = field(default_factory=dict)
    """Of the environments that it was asked about, by name: a render need not plan them again."""

    def __call__(self, environment: Environment) -> tuple[Finding, ...]:
        try:
            planned = plan(environment, self.folders)
        except InvalidInput as error:
            return error.findings
        self.plans[environment.name] = planned
        return tuple(self._charts(environment, planned))

    def _charts(self, environment: Environment, planned: Sequence[Planned]) -> Iterator[Finding]:
        for component in (item.component for item in planned):
            path = component.source.repository_path
            if path is not None:
                from gitops_gen.render.helm_runs.repository_chart import chart_folder

                try:
                    chart_folder(environment, component, self.root, path)
                except InvalidInput as error:
                    yield from error.findings
