"""Many environments: prepared, rendered in parallel, given back together or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from gitops_gen.components import Folder
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.helm import Executable
from gitops_gen.model import Environment, Finding
from gitops_gen.render.helm_runs import interruptible
from gitops_gen.render.helm_runs.prepared import Prepared, prepared
from gitops_gen.render.helm_runs.runs import HelmContext, batches, documents
from gitops_gen.render.helm_runs.scratch import scratch
from gitops_gen.render.plan.plan import Planned
from gitops_gen.render.rendering import Rendering, completed

Done = Callable[[str], None]


def render_all(
    environments: Sequence[Environment],
    folders: Sequence[Folder],
    helm: Executable,
    *,
    root: str,
    jobs: int,
    done: Done,
    plans: Mapping[str, tuple[Planned, ...]] = MappingProxyType({}),
) -> list[Rendering]:
    """The renderings, in the order given. Raises InvalidInput with the findings of all.

    At most `jobs` Helm processes run at once; `done` hears of each finished environment; `plans`
    are those of environments that are planned already.
    """
    findings: list[Finding] = []
    ready: list[Prepared] = []
    for environment in environments:
        try:
            ready.append(prepared(environment, folders, plans.get(environment.name)))
        except InvalidInput as error:
            findings += error.findings
    results = _render(ready, helm, root, jobs, done)
    for result in results:
        findings += result.findings if isinstance(result, InvalidInput) else ()
    if findings:
        raise InvalidInput(dict.fromkeys(findings))
    found = {r.environment.name: r for r in results if isinstance(r, Rendering)}
    return [found[environment.name] for environment in environments]


def _render(
    ready: Sequence[Prepared], helm: Executable, root: str, jobs: int, done: Done
) -> list[Rendering | InvalidInput]:
    try:
        with scratch() as folder:
            return interruptible.run(_all(HelmContext(helm, root, folder), ready, jobs, done))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise ToolFailed(f"{place}{error.strerror} while preparing charts for Helm") from error


async def _all(
    call: HelmContext, ready: Sequence[Prepared], jobs: int, done: Done
) -> list[Rendering | InvalidInput]:
    places = asyncio.Semaphore(jobs)

    async def one(batch: Sequence[Prepared]) -> list[Rendering | InvalidInput]:
        async with places:
            found = await documents(call, batch)
        results: list[Rendering | InvalidInput] = []
        for item, result in zip(batch, found, strict=True):
            try:
                results.append(
                    result if isinstance(result, InvalidInput) else completed(item, result)
                )
            except InvalidInput as error:
                results.append(error)
            done(f"rendered {item.environment.name}")
        return results

    parts = await asyncio.gather(*(one(batch) for batch in batches(ready, jobs)))
    return [result for part in parts for result in part]
