"""Prepares and runs a rehearsal of one or more revisions of a repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.rehearse.result import Mode, Rehearsal

if TYPE_CHECKING:
    from gitops_gen.changes.prediction import Prediction
    from gitops_gen.rehearse.plan import Push, RehearsalPlan
    from gitops_gen.rehearse.revision_facts import RevisionFacts
    from gitops_gen.rehearse.servers.tools import Tools
    from gitops_gen.revisions import Revision

Note = Callable[[str], None]
ReadFacts = Callable[["Revision", Path, str, Note], "RevisionFacts"]
API, ARGOCD = "kube-apiserver", "Argo CD"


@dataclass(frozen=True, slots=True)
class RehearsalRequest:
    root: Path
    environment: str
    to: str | None = None
    """The revision to rehearse; None for the work tree."""
    base: str | None = None
    """The revision that is synced first."""
    revert: bool = False
    """Whether to revert to the base at the end."""
    dry_run: bool = False
    """Whether to run only a server-side dry run."""
    kubeconfig: str | None = None
    """The file of the cluster for a dry run, which does not change the cluster."""
    context: str | None = None
    keep: bool = False
    """Whether to keep the logs and live objects in a directory, whose path is printed."""
    wave_delay: int = 2
    refresh_interval: float = 5.0
    """Minimum number of seconds between two refreshes while nothing changes."""

    def revision_of(self, push: str) -> str | None:
        """Returns the revision of a push; None for the work tree."""
        return self.base if push in ("base", "revert") else self.to


def rehearse_environment(request: RehearsalRequest, note: Note, progress: Note) -> Rehearsal:
    """Runs a rehearsal. Raises InvalidInput and ToolFailed, after all its processes have ended."""
    from gitops_gen.inputs import chosen
    from gitops_gen.rehearse.cluster_dry_run import dry_run_against
    from gitops_gen.rehearse.rehearsal import rehearse
    from gitops_gen.rehearse.servers.folder import kept, scratch
    from gitops_gen.rehearse.servers.isolation import isolated
    from gitops_gen.rehearse.values_lines import ValuesLines
    from gitops_gen.revisions import WorkTree

    if request.to is None:
        chosen(WorkTree(str(request.root)), [request.environment])
    with scratch(note) as folder:
        plan = rehearsal_plan(request, folder, note)
        revisions = {push.name: request.revision_of(push.name) for push in plan.pushes}
        lines = ValuesLines(plan, request.root, revisions, note)
        if request.kubeconfig:
            return lines.placed(dry_run_against(plan, request.kubeconfig, request.context))
        try:
            return lines.placed(isolated(rehearse, plan, folder, progress))
        finally:
            if request.keep:
                note(f"logs are kept in {kept(folder)}")


def rehearsal_plan(request: RehearsalRequest, folder: Path, note: Note) -> RehearsalPlan:
    """Returns the revisions to push, and the most complete mode for which this machine has tools.

    Raises InvalidInput for a revision that cannot be rehearsed, and ToolFailed if the version of a
    program is more than one minor version away from that of the environment.
    """
    from gitops_gen.rehearse.plan import RehearsalPlan, subject
    from gitops_gen.rehearse.servers.argocd import settings
    from gitops_gen.rehearse.servers.tools import tools

    found = tools()
    mode, notes = _mode(request, found)
    pushes = _pushes(request, folder, note)
    last = subject(pushes)
    running = {} if request.kubeconfig else _versions(found, mode)
    notes += tuple(_skews(running, last))
    prediction, unpredicted = _prediction(request.environment, mode, pushes, running.get(API))
    notes += unpredicted
    return RehearsalPlan(
        request.environment,
        mode,
        found,
        folder,
        pushes,
        settings(last.root, request.wave_delay),
        request.refresh_interval,
        request.keep,
        notes,
        {name: version for name, version in running.items() if version},
        prediction,
    )


def _prediction(
    environment: str, mode: Mode, pushes: tuple[Push, ...], kubernetes: str | None
) -> tuple[Prediction | None, tuple[str, ...]]:
    """Returns what `diff` predicts about the push after the base, and what it cannot predict."""
    from contextlib import ExitStack

    from gitops_gen.changes.api_rules import ApiRules
    from gitops_gen.changes.compare import compared_files
    from gitops_gen.changes.prediction import predicted
    from gitops_gen.revisions import WorkTree

    if mode is not Mode.FULL or len(pushes) == 1:
        return None, ()
    base, head = (WorkTree(str(push.root)) for push in pushes[:2])
    version = ".".join((kubernetes or "").split(".")[:2])
    with ExitStack() as stack:
        rules = ApiRules.of_this_machine(stack)
        comparison = compared_files(environment, base, head, version, rules)
    notes = [f"not predicted: {one.subject}: {one.reason}" for one in comparison.not_compared]
    if rules.failure:
        notes.append(f"not predicted whether an object is refused: {rules.failure}")
    return predicted(comparison), tuple(notes)


def _mode(request: RehearsalRequest, found: Tools) -> tuple[Mode, tuple[str, ...]]:
    """Returns the mode, and a note if tools for the requested mode are missing."""
    if request.dry_run or request.kubeconfig:
        return Mode.DRY_RUN, ()
    advice = "; run gitops-gen doctor for installation instructions"
    if missing := found.missing("argocd"):
        text = f"reduced: {', '.join(missing)} not found, so only a dry run was made"
        return Mode.DRY_RUN, (text + advice,)
    if missing := found.missing("live"):
        text = f"reduced: {', '.join(missing)} not found, so nothing was synced"
        return Mode.REDUCED, (text + advice,)
    return Mode.FULL, ()


def _versions(found: Tools, mode: Mode) -> dict[str, str | None]:
    """Returns the versions of the programs whose messages the rehearsal reports."""
    from gitops_gen.rehearse.servers import versions

    running = {API: versions.kubernetes(found)}
    return running if mode is Mode.DRY_RUN else {**running, ARGOCD: versions.argocd(found)}


def _skews(running: Mapping[str, str | None], push: Push) -> Iterator[str]:
    from gitops_gen.rehearse.servers import versions

    wanted = {API: push.facts.kubernetes, ARGOCD: versions.installed_argocd(push.root)}
    for name, version in running.items():
        yield from versions.skew(name, wanted[name], version)


def _pushes(request: RehearsalRequest, folder: Path, note: Note) -> tuple[Push, ...]:
    from gitops_gen.rehearse.revision import base_facts, revision_facts

    if request.base is None or request.dry_run or request.kubeconfig:
        return (_push(request, "sync", request.to, folder, revision_facts, note),)
    base = _push(request, "base", request.base, folder, base_facts, note)
    pushes = [base, _push(request, "push", request.to, folder, revision_facts, note)]
    if request.revert:
        pushes.append(replace(base, name="revert"))
    return tuple(pushes)


def _push(
    request: RehearsalRequest,
    name: str,
    revision: str | None,
    folder: Path,
    read_facts: ReadFacts,
    note: Note,
) -> Push:
    from gitops_gen.rehearse.plan import Push
    from gitops_gen.rehearse.revision import files_of
    from gitops_gen.revisions import opened

    with opened(str(request.root), revision) as found:
        root = files_of(found, request.environment, folder / f"files-{name}")
        facts = read_facts(found, root, request.environment, note)
        return Push(name, found.label, root, facts)
