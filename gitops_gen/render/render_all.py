"""Prepares and renders environments in parallel: all of them, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gitops_gen.components import Folder
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.helm import Executable
from gitops_gen.model import Environment
from gitops_gen.render.helm_runs import interruptible
from gitops_gen.render.helm_runs.prepared import Prepared, prepared
from gitops_gen.render.helm_runs.release_documents import Archives, Documents, HelmContext
from gitops_gen.render.helm_runs.releases import ReleaseRuns
from gitops_gen.render.helm_runs.runs import batches, documents
from gitops_gen.render.helm_runs.scratch import scratch
from gitops_gen.render.plan.plan import Planned
from gitops_gen.render.rendering import Rendering, completed

Progress: TypeAlias = Callable[[str], None]
"""Called with a message at each step."""


def render_all(
    environments: Sequence[Environment],
    folders: Sequence[Folder],
    helm: Executable,
    *,
    root: str,
    jobs: int,
    progress: Progress,
    plans: Mapping[str, tuple[Planned, ...]],
    archives: Archives,
) -> list[Rendering]:
    """The renderings in the given order. Raises InvalidInput with the findings about all.

    At most `jobs` Helm processes run in parallel. `progress` is called for each finished
    environment. `plans` maps the name of each environment to its components, and `archives` has all
    archives of locked charts from which they are rendered.
    """
    inputs = [prepared(item, folders, plans[item.name]) for item in environments]
    results = _render(inputs, RenderRun(helm, root, jobs, progress, archives))
    refused = [result for result in results if isinstance(result, InvalidInput)]
    findings = [finding for error in refused for finding in error.findings]
    if findings:
        raise InvalidInput(dict.fromkeys(findings))
    renderings = {r.environment.name: r for r in results if isinstance(r, Rendering)}
    return [renderings[environment.name] for environment in environments]


@dataclass(frozen=True, slots=True)
class RenderRun:
    """What all environments of a render have in common."""

    helm: Executable
    root: str
    jobs: int
    progress: Progress
    archives: Archives


def _render(environments: Sequence[Prepared], run: RenderRun) -> list[Rendering | InvalidInput]:
    try:
        with scratch() as folder:
            runs = ReleaseRuns(run.helm, folder, run.jobs)
            context = HelmContext(run.helm, run.root, folder, runs, run.archives)
            return interruptible.run(_all(context, environments, run.jobs, run.progress))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise ToolFailed(f"{place}{error.strerror} while preparing charts for Helm") from error


def _completed(item: Prepared, printed: Documents | InvalidInput) -> Rendering | InvalidInput:
    if isinstance(printed, InvalidInput):
        return printed
    try:
        return completed(item, printed)
    except InvalidInput as error:
        return error


async def _all(
    context: HelmContext, environments: Sequence[Prepared], jobs: int, progress: Progress
) -> list[Rendering | InvalidInput]:
    slots = asyncio.Semaphore(jobs)

    async def render_batch(batch: Sequence[Prepared]) -> list[Rendering | InvalidInput]:
        async with slots:
            printed = await documents(context, batch)
        results: list[Rendering | InvalidInput] = []
        for item, result in zip(batch, printed, strict=True):
            with interruptible.synchronous_work():
                results.append(_completed(item, result))
            progress(f"rendered {item.environment.name}")
        return results

    parts = await asyncio.gather(*(render_batch(batch) for batch in batches(environments, jobs)))
    return [result for part in parts for result in part]
