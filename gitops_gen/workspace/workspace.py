"""The environments of one revision: loaded, planned, rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from gitops_gen.components import Folder, catalogue
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import Executable
from gitops_gen.inputs import Loaded, Loader, chosen, environments
from gitops_gen.inputs.assign import Assigned, edited
from gitops_gen.inputs.excuse_use import ExcuseUse, UseOf, needless
from gitops_gen.inputs.files import strays
from gitops_gen.inputs.load import in_order, schema_file_findings
from gitops_gen.model import Checked, Environment, Finding
from gitops_gen.render.plan.plan import Planned, plan
from gitops_gen.render.rendering import Rendering
from gitops_gen.revisions import Revision
from gitops_gen.workspace.chart_scans import ChartScans, paths

Examine: TypeAlias = Callable[[str], Loaded]
"""A stage of loading an environment, valid or not. Raises InvalidInput for what cannot be read."""


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
    folders: Sequence[Folder] = field(default_factory=catalogue, repr=False)
    _plans: dict[str, tuple[Planned, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def loader(self) -> Loader:
        return Loader(self.revision, self.folders)

    @cached_property
    def _charts(self) -> ChartScans:
        return ChartScans(self.revision)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all environments."""
        return environments(self.revision)

    def chosen(self, names: Iterable[str]) -> tuple[str, ...]:
        """The environments named, or all. Raises InvalidInput for one that is not there."""
        return chosen(self.revision, names)

    # Loading

    def load(self, name: str) -> Loaded:
        """An environment with valid values. Raises InvalidInput with all that is wrong."""
        [found] = self._all_valid([name], self.examine)
        return found

    def examine(self, name: str) -> Loaded:
        """An environment whatever is wrong with its values, as long as they can be read."""
        return self.loader.examine(name)

    def load_to_render(self, name: str) -> Loaded:
        """As `load`. Raises InvalidInput also for what a render would refuse, short of Helm."""
        [found] = self._all_valid([name], self._examine_to_render)
        return found

    def load_all_to_render(self, names: Iterable[str]) -> list[Loaded]:
        """Raises InvalidInput with the findings of all of them, each once."""
        return self._all_valid(names, self._examine_to_render)

    def planned(self, name: str) -> tuple[Loaded, tuple[Planned, ...]]:
        """A valid environment and its components. Raises InvalidInput for an unknown name too."""
        self.chosen([name])
        loaded = self.load(name)
        return loaded, self.plan(loaded.environment)

    def plan(self, environment: Environment) -> tuple[Planned, ...]:
        """Its components. Raises InvalidInput where they do not go together."""
        if environment.name not in self._plans:
            self._plans[environment.name] = plan(environment, self.folders)
        return self._plans[environment.name]

    def check(self, names: Sequence[str]) -> Checked:
        """Everything that is wrong or unwise in these environments (in all, if none is named)."""
        checked = self.chosen(names)
        examined, findings = self._examine_all(checked, self._examine_to_render)
        findings += [*strays(self.revision), *schema_file_findings(self.loader)]
        findings += (finding for one in examined for finding in one.findings)
        excused = dict.fromkeys(excuse for one in examined for excuse in one.excused)
        return Checked(checked, tuple(in_order(findings)), tuple(excused))

    def set_values(self, name: str, assignments: Sequence[str]) -> Assigned:
        """What the environment's file is to hold; it must be one that can be rendered."""
        edit = edited(self.loader, name, assignments)
        try:
            loaded = Workspace(edit.revision, self.folders).load_to_render(name)
        except InvalidInput as error:
            raise edit.refused(error.findings) from error
        return edit.assigned(loaded, self._findings_now(name))

    def _findings_now(self, name: str) -> tuple[Finding, ...]:
        """Of the values as they are, valid or not."""
        try:
            return self._examine_to_render(name).findings
        except InvalidInput as error:
            return error.findings

    def _all_valid(self, names: Iterable[str], examine: Examine) -> list[Loaded]:
        """Raises InvalidInput with the findings of all of them, each once."""
        examined, findings = self._examine_all(names, examine)
        findings += (finding for one in examined if one.errors for finding in one.findings)
        if findings:
            raise InvalidInput(in_order(findings))
        return examined

    def _examine_all(
        self, names: Iterable[str], examine: Examine
    ) -> tuple[list[Loaded], list[Finding]]:
        """The environments, and what is wrong besides: unreadable files, needless excuses."""
        examined: list[Loaded] = []
        findings: list[Finding] = []
        for name in names:
            try:
                examined.append(examine(name))
            except InvalidInput as error:
                findings += error.findings
        uses = [one.excuse_use for one in examined]
        findings += self._needless_excuses(uses, lambda name: examine(name).excuse_use)
        return examined, findings

    def _examine_to_render(self, name: str) -> Loaded:
        """With what a render would refuse."""
        found = self.examine(name)
        if found.errors:
            return found
        try:
            planned = self.plan(found.environment)
        except InvalidInput as error:
            return replace(found, findings=(*found.findings, *error.findings))
        return self._charts.added_to(found, planned)

    # Excuses

    def require_needed_excuses(self, uses: Sequence[ExcuseUse], use_of: UseOf) -> None:
        """Raises InvalidInput for excuses that no environment needs, after some rules ran.

        `use_of` is asked about environments that are not among `uses` and read the same files.
        """
        if findings := list(self._needless_excuses(uses, use_of)):
            raise InvalidInput(in_order(findings))

    def _needless_excuses(self, uses: Sequence[ExcuseUse], use_of: UseOf) -> Iterator[Finding]:
        def known_use(name: str) -> ExcuseUse | None:
            try:
                return use_of(name)
            except InvalidInput:
                # What is wrong with it is told when it is asked for.
                return None

        return needless(uses, self.revision, known_use)

    # Rendering

    def render(self, loaded: Sequence[Loaded], run: HelmRun) -> list[Rendering]:
        """In the order given. Raises InvalidInput with the findings of all, and for excuses of
        what charts render that no environment needs."""
        renderings = self._render([item.environment for item in loaded], run)
        uses = [rendering.excuse_use for rendering in renderings]
        self.require_needed_excuses(uses, lambda name: self._use_in_rendering(name, run))
        return renderings

    def _use_in_rendering(self, name: str, run: HelmRun) -> ExcuseUse | None:
        found = self._examine_to_render(name)
        return None if found.errors else self._render([found.environment], run)[0].excuse_use

    def _render(self, environments: Sequence[Environment], run: HelmRun) -> list[Rendering]:
        from gitops_gen.render.render_all import render_all

        plans = {environment.name: self.plan(environment) for environment in environments}
        for environment in environments:
            self._charts.require_usable(environment, plans[environment.name])
        charts = [path for planned in plans.values() for path in paths(planned)]
        return render_all(
            environments,
            self.folders,
            run.helm,
            root=self.revision.on_disk(charts),
            jobs=run.jobs,
            progress=run.progress,
            plans=plans,
        )
