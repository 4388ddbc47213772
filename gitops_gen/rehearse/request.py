"""From a repository and the names of revisions to a rehearsal of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.rehearse.result import Mode, Rehearsal

if TYPE_CHECKING:
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
    """A revision; the work tree where it is None."""
    base: str | None = None
    """What is synced first."""
    revert: bool = False
    """Back to the base at the end."""
    dry_run: bool = False
    """Only the API server's part."""
    kubeconfig: str | None = None
    """A dry run against this file's cluster, which is only read."""
    context: str | None = None
    keep: bool = False
    """Logs and live objects stay in a folder that is named."""
    wave_delay: int = 2
    pace: float = 5.0
    """Seconds between two comparisons while nothing changes."""


def rehearse_environment(request: RehearsalRequest, note: Note, progress: Note) -> Rehearsal:
    """Raises InvalidInput and ToolFailed. Everything that it started has ended then."""
    from gitops_gen.inputs import chosen
    from gitops_gen.rehearse.cluster_dry_run import dry_run_against
    from gitops_gen.rehearse.rehearsal import rehearse
    from gitops_gen.rehearse.servers.folder import kept, scratch
    from gitops_gen.rehearse.servers.isolation import isolated
    from gitops_gen.revisions import WorkTree

    if request.to is None:
        chosen(WorkTree(str(request.root)), [request.environment])
    with scratch(note) as folder:
        plan = rehearsal_plan(request, folder, note)
        if request.kubeconfig:
            return dry_run_against(plan, request.kubeconfig, request.context)
        try:
            return isolated(rehearse, plan, folder, progress)
        finally:
            if request.keep:
                note(f"logs are kept in {kept(folder)}")


def rehearsal_plan(request: RehearsalRequest, folder: Path, note: Note) -> RehearsalPlan:
    """The revisions that are pushed, and as much of a rehearsal as this machine allows.

    Raises InvalidInput for a revision that cannot be rehearsed, and ToolFailed where a program's
    version is too far from the environment's.
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
    return RehearsalPlan(
        request.environment,
        mode,
        found,
        folder,
        pushes,
        settings(last.root, request.wave_delay),
        request.pace,
        request.keep,
        notes,
        {name: version for name, version in running.items() if version},
    )


def _mode(request: RehearsalRequest, found: Tools) -> tuple[Mode, tuple[str, ...]]:
    """As much as the tools allow, and a note where that is less than was asked for."""
    if request.dry_run or request.kubeconfig:
        return Mode.DRY_RUN, ()
    advice = "; gitops-gen doctor says how to get them"
    if missing := found.missing("argocd"):
        text = f"reduced: {', '.join(missing)} not found, so only the API server was asked"
        return Mode.DRY_RUN, (text + advice,)
    if missing := found.missing("live"):
        text = f"reduced: {', '.join(missing)} not found, so nothing was synced"
        return Mode.REDUCED, (text + advice,)
    return Mode.FULL, ()


def _versions(found: Tools, mode: Mode) -> dict[str, str | None]:
    """Of the programs whose words the rehearsal reports."""
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
