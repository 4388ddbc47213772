"""Many environments: loaded, rendered in parallel, given back together or not at all."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence

from gitops_gen.components import Folder
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.helm import Executable
from gitops_gen.model import Environment, Finding
from gitops_gen.render.rendering import Rendering, render


def render_all(
    environments: Sequence[Environment],
    folders: Sequence[Folder],
    helm: Executable,
    *,
    root: str,
    jobs: int,
    done: Callable[[str], None],
) -> list[Rendering]:
    """The renderings, in the order given. Raises InvalidInput with the findings of all.

    At most `jobs` Helm processes run at once; `done` hears of each that is finished.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="gitops-gen-") as scratch:
            results = asyncio.run(_all(environments, folders, helm, root, jobs, scratch, done))
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise ToolFailed(f"{place}{error.strerror} while preparing charts for Helm") from error
    findings = [
        f for result in results if isinstance(result, InvalidInput) for f in result.findings
    ]
    if findings:
        raise InvalidInput(_once(findings))
    return [result for result in results if isinstance(result, Rendering)]


async def _all(
    environments: Sequence[Environment],
    folders: Sequence[Folder],
    helm: Executable,
    root: str,
    jobs: int,
    scratch: str,
    done: Callable[[str], None],
) -> list[Rendering | InvalidInput]:
    places = asyncio.Semaphore(jobs)

    async def one(environment: Environment) -> Rendering | InvalidInput:
        async with places:
            folder = os.path.join(scratch, environment.name)
            try:
                result = await render(environment, folders, helm, root=root, scratch=folder)
            except InvalidInput as error:
                return error
            done(f"rendered {environment.name}")
            return result

    return await asyncio.gather(*(one(environment) for environment in environments))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
