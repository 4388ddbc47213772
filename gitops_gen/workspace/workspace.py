"""The environments of one revision: loaded, planned, rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gitops_gen.components import Folder, catalogue
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import Executable
from gitops_gen.inputs import Loaded, Loader, check_all, chosen, environments, load_all
from gitops_gen.inputs.assign import Assigned, set_values
from gitops_gen.inputs.load import require_none_of
from gitops_gen.model import Checked, Environment, Finding
from gitops_gen.render.plan.plan import Planned, plan
from gitops_gen.render.rendering import Rendering
from gitops_gen.revisions import Revision


@dataclass(frozen=True, slots=True)
class HelmRun:
    """Which Helm renders, how many of its processes at once, and who hears of each step."""

    helm: Executable
    jobs: int = 1
    progress: Callable[[str], None] = lambda _text: None


@dataclass(frozen=True)
class Workspace:
    """What is made of a revision is made once: use a new one where files may have changed."""

    revision: Revision
    _plans: dict[str, tuple[Planned, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def folders(self) -> Sequence[Folder]:
        return catalogue()

    @cached_property
    def loader(self) -> Loader:
        return Loader(self.revision, self.folders)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all environments."""
        return environments(self.revision)

    def chosen(self, names: Iterable[str]) -> tuple[str, ...]:
        """The environments named, or all. Raises InvalidInput for one that is not there."""
        return chosen(self.revision, names)

    def load(self, name: str) -> Loaded:
        """An environment with valid values. Raises InvalidInput with all that is wrong."""
        return self.loader.load(name)

    def examine(self, name: str) -> Loaded:
        """An environment whatever is wrong with its values, as long as they can be read."""
        return self.loader.examine(name)

    def plan(self, environment: Environment) -> tuple[Planned, ...]:
        """Its components. Raises InvalidInput where they do not go together."""
        if environment.name not in self._plans:
            self._plans[environment.name] = plan(environment, self.folders)
        return self._plans[environment.name]

    def load_to_render(self, name: str) -> Loaded:
        """As `load`. Raises InvalidInput also for what a render would refuse, short of Helm."""
        found = self._examined(self.loader, name)
        require_none_of(found.findings)
        return found

    def load_all_to_render(self, names: Iterable[str]) -> list[Loaded]:
        """Raises InvalidInput with the findings of all of them, each once."""
        return load_all(self.loader, names, self._examined)

    def check(self, names: Sequence[str]) -> Checked:
        """Everything that is wrong or unwise in these environments (in all, if none is named)."""
        return check_all(self.loader, names, self._examined)

    def set_values(self, name: str, assignments: Sequence[str]) -> Assigned:
        """What the environment's file is to hold; it must be one that can be rendered."""
        return set_values(self.loader, name, assignments, self._examined)

    def render(self, loaded: Sequence[Loaded], run: HelmRun) -> list[Rendering]:
        """In the order given. Raises InvalidInput with the findings of all."""
        from gitops_gen.render.render_all import render_all

        environments = [item.environment for item in loaded]
        plans = {environment.name: self.plan(environment) for environment in environments}
        charts = [path for planned in plans.values() for path in _chart_paths(planned)]
        return render_all(
            environments,
            self.folders,
            run.helm,
            root=self.revision.on_disk(charts),
            jobs=run.jobs,
            progress=run.progress,
            plans=plans,
        )

    def chart_warnings(self, rendering: Rendering) -> Iterator[Finding]:
        """What is unwise about charts of the user's own that it was rendered from."""
        from gitops_gen.render.helm_runs.repository_chart import warnings

        root = self.revision.on_disk(_chart_paths(rendering.planned))
        for planned in rendering.planned:
            yield from warnings(rendering.environment, planned.component, root)

    def _examined(self, loader: Loader, name: str) -> Loaded:
        """With what a render would refuse; by another loader where files would be changed first."""
        workspace = self if loader is self.loader else Workspace(loader.revision)
        found = workspace.examine(name)
        if found.errors:
            return found
        further = workspace._plan_findings(found.environment)
        return replace(found, findings=(*found.findings, *further))

    def _plan_findings(self, environment: Environment) -> Iterator[Finding]:
        try:
            planned = self.plan(environment)
        except InvalidInput as error:
            yield from error.findings
            return
        for component in (item.component for item in planned):
            path = component.source.repository_path
            if path is not None:
                from gitops_gen.render.helm_runs.repository_chart import chart_folder

                try:
                    chart_folder(environment, component, self.revision.on_disk([path]), path)
                except InvalidInput as error:
                    yield from error.findings


def _chart_paths(planned: Iterable[Planned]) -> list[str]:
    paths = (item.component.source.repository_path for item in planned)
    return [path for path in paths if path is not None]
