"""Checks environments of a work tree: their values, then the objects that they render to."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property

from gitops_gen.checks import clean_stamps
from gitops_gen.checks.api.rules import api_rules
from gitops_gen.checks.api.stage import ApiStage
from gitops_gen.checks.clean_stamps import CleanDigests, CleanStamp
from gitops_gen.checks.garbage_collector import without_collection
from gitops_gen.checks.judged import JudgedEnvironment
from gitops_gen.checks.object_problems import (
    ProblemFindings,
    RenderedField,
    judged_by_rules,
)
from gitops_gen.checks.rendered_files import RenderedFiles, foreign_charts
from gitops_gen.checks.request import CheckRequest, CheckResult
from gitops_gen.checks.selection import EVERY_RULE, RuleSelection
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.inputs import Loaded, groups, placeholders
from gitops_gen.inputs.excuse_use import ExcuseUse
from gitops_gen.inputs.files import GROUPS
from gitops_gen.inputs.load import sorted_by_position
from gitops_gen.model import Checked, Excused, Finding, ObjectCounts, Severity
from gitops_gen.provenance import Line, Provenance
from gitops_gen.render import Listener
from gitops_gen.render.plan.plan import repository_charts
from gitops_gen.render.rendering import Rendering
from gitops_gen.render.write import up_to_date
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import CheckedValues, HelmRun

_RENDERED_TOGETHER = 20
"""How many environments are rendered, and are in memory, at the same time."""
_INVALID = "its values are not valid"
_NOT_RENDERABLE = "it cannot be rendered"


@dataclass
class EnvironmentsCheck:
    """One run. `names` are existing environments."""

    request: CheckRequest
    listener: Listener
    names: tuple[str, ...]
    _found: list[Finding] = field(default_factory=list)
    _excused: list[Excused] = field(default_factory=list)
    _placeholders: list[Finding] = field(default_factory=list)
    _judged: dict[str, JudgedEnvironment] = field(default_factory=dict)
    _not_rendered: dict[str, str] = field(default_factory=dict)

    @cached_property
    def api(self) -> ApiStage:
        return ApiStage(rules=self._selection.applied(api_rules()))

    @cached_property
    def _selection(self) -> RuleSelection:
        return self.request.selection or EVERY_RULE

    @cached_property
    def _workspace(self) -> Workspace:
        return Workspace(WorkTree(self.request.root))

    @cached_property
    def _helm(self) -> HelmRun:
        return HelmRun.of_installed(self.request.jobs, self.listener)

    def result(self) -> CheckResult:
        stamping = _Stamping(self.request.root, self.names)
        values = self._workspace.check(self.names)
        self._add_values(values)
        self._add_placeholders(values.valid)
        with closing(self.api):
            self._judge(values.valid)
            self._require_needed_excuses()
        incomplete = self._selection.is_partial or self.api.failure
        if not (values.shared or self._placeholders or incomplete):
            stamping.write(self._clean(values.valid))
        return self._result()

    def _add_values(self, values: CheckedValues) -> None:
        self._found += self._selection.reported(values.checked.findings)
        self._excused += self._selection.reported_excuses(values.checked.excused)
        valid = {loaded.environment.name for loaded in values.valid}
        self._not_rendered |= {name: _INVALID for name in self.names if name not in valid}

    def _add_placeholders(self, valid: Sequence[Loaded]) -> None:
        """Adds errors that do not make values invalid: a render accepts placeholders."""
        revision = self._workspace.revision
        self._placeholders += placeholders.in_values(revision, self.names)
        for loaded in valid[:1]:
            folder = loaded.environment.get("repository", "path", default="")
            self._placeholders += placeholders.in_other_files(revision, folder)
        self._found += self._placeholders

    def _judge(self, valid: Sequence[Loaded]) -> None:
        for environment, files in self._rendered(sorted(valid, key=_session_order)):
            judged = self._judged_environment(environment, files)
            self._judged[environment.environment.name] = judged
            self._found += judged.findings
            self._excused += judged.excused

    def _judged_environment(self, loaded: Loaded, files: RenderedFiles) -> JudgedEnvironment:
        environment = loaded.environment
        planned = self._workspace.plan(environment)
        components = {one.component.name: one.component for one in planned}
        self.listener.progress(f"checking {environment.name}")
        api = self.api.judge(environment, components, files)
        with without_collection():
            view = EnvironmentView.of(environment, components, files)
            rules = judged_by_rules(view, self._selection)

        def lines_behind(fields: Sequence[RenderedField]) -> Sequence[Line | None]:
            return self._lines_behind(loaded, fields)

        findings = ProblemFindings(environment, components, lines_behind)
        found = findings.of((*api.problems, *rules.problems))
        return JudgedEnvironment(environment, api, rules, self._selection, found)

    def _lines_behind(
        self, loaded: Loaded, fields: Sequence[RenderedField]
    ) -> Sequence[Line | None]:
        """Returns the line of the values behind each field; none if the values cannot be rendered.

        This renders the environment, which takes longer than all rules.
        """
        self.listener.progress(f"finding the lines of the values of {loaded.environment.name}")
        try:
            return Provenance.of(self._workspace, loaded, self._helm).lines_behind(fields)
        except (InvalidInput, ToolFailed):
            # Up-to-date generated files are checked without Helm.
            return [None] * len(fields)

    # Objects

    def _rendered(self, valid: Sequence[Loaded]) -> Iterator[tuple[Loaded, RenderedFiles]]:
        """Yields the environments that can be rendered, in the given order, with their files."""
        outdated = set(up_to_date.stale(self.request.root, self.names))
        for start in range(0, len(valid), _RENDERED_TOGETHER):
            together = valid[start : start + _RENDERED_TOGETHER]
            changed = [one for one in together if one.environment.name in outdated]
            rendered = self._renderings(changed) if changed else {}
            for loaded in together:
                name = loaded.environment.name
                if name not in outdated:
                    yield loaded, RenderedFiles.of_revision(name, self._workspace.revision)
                elif name in rendered:
                    yield loaded, self._in_memory(rendered[name])

    def _renderings(self, loaded: Sequence[Loaded]) -> dict[str, Rendering]:
        """Renders all, or each on its own if one cannot be rendered."""
        names = [one.environment.name for one in loaded]
        try:
            found = self._workspace.render(loaded, self._helm)
        except InvalidInput as error:
            if len(loaded) > 1:
                alone = (self._renderings([one]) for one in loaded)
                return {name: one for part in alone for name, one in part.items()}
            self._found += error.findings
            self._not_rendered[names[0]] = _NOT_RENDERABLE
            return {}
        for rendering in found:
            self._excused += self._selection.reported_excuses(rendering.excused)
        return dict(zip(names, found, strict=True))

    # Excuses

    def _require_needed_excuses(self) -> None:
        uses = [judged.excuse_use for judged in self._judged.values()]
        try:
            self._workspace.require_needed_excuses(uses, self._excuse_use)
        except InvalidInput as error:
            self._found += error.findings

    def _excuse_use(self, name: str) -> ExcuseUse | None:
        """Judges another environment, because it reads a file with an excuse."""
        if name in self.names:
            # It is not valid, or it could not be judged.
            return None
        loaded = self._workspace.load_to_render(name)
        [rendering] = self._workspace.render([loaded], self._helm)
        return self._judged_environment(loaded, self._in_memory(rendering)).excuse_use

    def _in_memory(self, rendering: Rendering) -> RenderedFiles:
        name = rendering.environment.name
        charts = foreign_charts(name, self._workspace.revision)
        return RenderedFiles.of_rendering(name, rendering.tree, charts)

    # The result

    def _clean(self, valid: Sequence[Loaded]) -> Iterator[CleanStamp]:
        """Yields stamps, without their digests, of the environments in which nothing was found."""
        for loaded in valid:
            judged = self._judged.get(loaded.environment.name)
            excuses = (*loaded.environment.excuses, *loaded.replaced)
            if judged and not (judged.counts.found or loaded.findings or excuses):
                charts = repository_charts(self._workspace.plan(loaded.environment))
                inputs = (*groups.files_of(loaded.environment.values), *charts)
                yield CleanStamp("", str(self.api.program.path), inputs, judged.counts)

    def _result(self) -> CheckResult:
        counts = [judged.counts for judged in self._judged.values()]
        counts += [ObjectCounts(n, not_rendered=why) for n, why in self._not_rendered.items()]
        found = tuple(sorted_by_position(self._found))
        excused = tuple(dict.fromkeys(self._excused))
        on_valid_values = {finding for one in self._judged.values() for finding in one.findings}
        on_valid_values.update(self._placeholders)
        errors = (finding for finding in found if finding.severity is Severity.ERROR)
        invalid = any(finding not in on_valid_values for finding in errors)
        not_applied = self._selection.not_applied
        checked = Checked(self.names, found, excused, tuple(counts), not_applied)
        return CheckResult(checked, invalid, self.api.failure)


@dataclass(frozen=True)
class _Stamping:
    """Stamps environments whose files did not change during the check."""

    root: str
    names: tuple[str, ...]
    start: int = field(default_factory=time.time_ns)
    before: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", self._with_all_groups(CleanDigests(self.root)))

    def write(self, clean: Iterator[CleanStamp]) -> None:
        stamps, digests = clean_stamps.read_stamps(self.root), CleanDigests(self.root)
        now, newest = self._with_all_groups(digests), 0
        for name in self.names:
            stamps.pop(name, None)
        for stamp in clean:
            name = stamp.counts.environment
            digest = digests.of(name, stamp.program, stamp.further_inputs)
            if digest.is_older_than(self.start) and now[name] == self.before[name]:
                stamps[name] = replace(stamp, digest=digest.text)
                newest = max(newest, digest.newest)
        clean_stamps.write_stamps(self.root, stamps, newest)

    def _with_all_groups(self, digests: CleanDigests) -> dict[str, str]:
        return {name: digests.of(name, "", (GROUPS,)).text for name in self.names}


def _session_order(loaded: Loaded) -> tuple[str, str]:
    """Environments of one version of Kubernetes follow each other, so that they share a session."""
    environment = loaded.environment
    return str(environment.values["cluster"]["kubernetesVersion"]), environment.name
