"""Loads, plans and renders the environments of one revision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.components import Folder, catalogue
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import Executable, executable
from gitops_gen.inputs import Loaded, Loader, chosen, environments
from gitops_gen.inputs.excuse_use import ExcuseUse, UseOf, needless
from gitops_gen.inputs.load import schema_file_findings, sorted_by_position
from gitops_gen.inputs.unused_files import strays
from gitops_gen.model import Checked, Environment, Finding
from gitops_gen.render import Listener
from gitops_gen.render.plan.plan import Planned, archives, plan, repository_charts
from gitops_gen.render.rendering import Rendering
from gitops_gen.revisions import Revision
from gitops_gen.workspace.chart_scans import ChartScans
from gitops_gen.workspace.upstream_archives import UpstreamArchives
from gitops_gen.workspace.upstream_charts import pinned_charts

if TYPE_CHECKING:
    from gitops_gen.inputs.assign import Assigned
    from gitops_gen.workspace.variants import Variants

Examine: TypeAlias = Callable[[str], Loaded]
"""Loads an environment, which may be invalid. Raises InvalidInput for files that cannot be read."""


@dataclass(frozen=True, slots=True)
class HelmRun:
    """The Helm to use, the number of parallel processes, and the function that reports progress."""

    helm: Executable
    jobs: int = 1
    progress: Callable[[str], None] = lambda _text: None

    @classmethod
    def of_installed(cls, jobs: int, listener: Listener) -> HelmRun:
        """Uses the Helm of `helm.executable`, which may be downloaded first."""
        helm = executable(listener.note)
        if helm.note:
            listener.note(helm.note)
        return cls(helm, jobs, listener.progress)


@dataclass(frozen=True, slots=True)
class CheckedValues:
    """The result of `Workspace.check`."""

    checked: Checked
    valid: tuple[Loaded, ...]
    """The environments that a render would not refuse before it runs Helm."""
    shared: tuple[Finding, ...]
    """The findings of `checked` that no single environment has."""


@dataclass(frozen=True)
class Workspace:
    """The environments of a revision. Results are cached, so use a new one after files changed."""

    revision: Revision
    folders: Sequence[Folder] = field(default_factory=catalogue, repr=False)
    _plans: dict[str, tuple[Planned, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def loader(self) -> Loader:
        locked, app_versions = self.archives.digests, self.archives.app_versions
        pinned = pinned_charts(self.revision)
        return Loader(self.revision, self.folders, pinned, locked, app_versions)

    @cached_property
    def _charts(self) -> ChartScans:
        return ChartScans(self.revision, self.archives)

    @cached_property
    def archives(self) -> UpstreamArchives:
        """The archives of the locked charts of this revision."""
        return UpstreamArchives(self.revision)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all environments."""
        return environments(self.revision)

    def chosen(self, names: Iterable[str]) -> tuple[str, ...]:
        """The given environments, or all by default. Raises InvalidInput for an unknown name."""
        return chosen(self.revision, names)

    # Loading

    def load(self, name: str) -> Loaded:
        """Loads an environment. Raises InvalidInput with all findings if it is not valid."""
        [found] = self._all_valid([name], self.examine)
        return found

    def examine(self, name: str) -> Loaded:
        """Loads an environment even if its values are not valid, as long as they can be read."""
        return self.loader.examine(name)

    def load_to_render(self, name: str) -> Loaded:
        """Like `load`, but also raises InvalidInput for what a render refuses before Helm."""
        [found] = self._all_valid([name], self._examine_to_render)
        return found

    def load_all_to_render(self, names: Iterable[str]) -> list[Loaded]:
        """Loads environments. Raises InvalidInput with the findings about all, each once."""
        return self._all_valid(names, self._examine_to_render)

    def planned(self, name: str) -> tuple[Loaded, tuple[Planned, ...]]:
        """A valid environment and its components. Raises InvalidInput, also for an unknown name."""
        self.chosen([name])
        loaded = self.load(name)
        return loaded, self.plan(loaded.environment)

    def plan(self, environment: Environment) -> tuple[Planned, ...]:
        """The components of an environment. Raises InvalidInput if they contradict each other."""
        if environment.name not in self._plans:
            self._plans[environment.name] = plan(environment, self.folders)
        return self._plans[environment.name]

    def check(self, names: Sequence[str]) -> CheckedValues:
        """The errors and warnings about these environments, or about all if `names` is empty."""
        chosen_names = self.chosen(names)
        examined, shared = self._examine_all(chosen_names, self._examine_to_render)
        shared += [*strays(self.revision), *schema_file_findings(self.loader)]
        found = sorted_by_position(
            [*shared, *(finding for one in examined for finding in one.findings)]
        )
        excused = dict.fromkeys(excuse for one in examined for excuse in one.excused)
        checked = Checked(chosen_names, tuple(found), tuple(excused))
        valid = tuple(one for one in examined if not one.errors)
        return CheckedValues(checked, valid, tuple(shared))

    def set_values(self, name: str, assignments: Sequence[str]) -> Assigned:
        """The new content of the environment's file, which is validated as for a render."""
        from gitops_gen.workspace.changed_values import assign

        self.chosen([name])
        return assign(self, [name], assignments)[0]

    def findings_now(self, name: str) -> tuple[Finding, ...]:
        """The findings about the current values, which may be invalid."""
        try:
            return self._examine_to_render(name).findings
        except InvalidInput as error:
            return error.findings

    def _all_valid(self, names: Iterable[str], examine: Examine) -> list[Loaded]:
        """Loads environments. Raises InvalidInput with the findings about all, each once."""
        examined, findings = self._examine_all(names, examine)
        findings += (finding for one in examined if one.errors for finding in one.findings)
        if findings:
            raise InvalidInput(sorted_by_position(findings))
        return examined

    def _examine_all(
        self, names: Iterable[str], examine: Examine
    ) -> tuple[list[Loaded], list[Finding]]:
        """The environments, and further findings: unreadable files and unused excuses."""
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
        """Loads an environment with the findings for which a render would refuse it."""
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
        """Raises InvalidInput for excuses of the applied rules that no environment needs.

        `use_of` is called for environments that are not in `uses` and read the same files.
        """
        if findings := list(self._needless_excuses(uses, use_of)):
            raise InvalidInput(sorted_by_position(findings))

    def _needless_excuses(self, uses: Sequence[ExcuseUse], use_of: UseOf) -> Iterator[Finding]:
        def known_use(name: str) -> ExcuseUse | None:
            try:
                return use_of(name)
            except InvalidInput:
                # Its errors are reported when that environment itself is checked.
                return None

        return needless(uses, self.revision, known_use)

    # Rendering

    def render(self, loaded: Sequence[Loaded], run: HelmRun) -> list[Rendering]:
        """Renders environments, in the given order.

        Raises InvalidInput with the findings about all, and for unused excuses of chart findings.
        """
        renderings = self._render([item.environment for item in loaded], run)
        uses = [rendering.excuse_use for rendering in renderings]
        self.require_needed_excuses(uses, lambda name: self._use_in_rendering(name, run))
        return renderings

    def variants(self, loaded: Loaded, run: HelmRun) -> Variants:
        """Renders an environment, of which variants can then be rendered in memory.

        Raises InvalidInput like `render`.
        """
        from gitops_gen.render.variants import VariantRun
        from gitops_gen.workspace.variants import Variants

        [rendering] = self.render([loaded], run)
        root = self.revision.on_disk(list(rendering.charts))
        return Variants(
            self.loader,
            self.folders,
            rendering,
            VariantRun(
                self.folders,
                run.helm,
                root,
                run.jobs,
                self.archives.all(archives(rendering.planned)),
                rendering.kinds,
            ),
        )

    def _use_in_rendering(self, name: str, run: HelmRun) -> ExcuseUse | None:
        found = self._examine_to_render(name)
        return None if found.errors else self._render([found.environment], run)[0].excuse_use

    def _render(self, environments: Sequence[Environment], run: HelmRun) -> list[Rendering]:
        from gitops_gen.render.render_all import render_all

        plans = {environment.name: self.plan(environment) for environment in environments}
        for environment in environments:
            self._charts.require_usable(environment, plans[environment.name])
        charts = [path for planned in plans.values() for path in repository_charts(planned)]
        return render_all(
            environments,
            self.folders,
            run.helm,
            root=self.revision.on_disk(charts),
            jobs=run.jobs,
            progress=run.progress,
            plans=plans,
            archives=self.archives.all(
                digest for planned in plans.values() for digest in archives(planned)
            ),
        )
