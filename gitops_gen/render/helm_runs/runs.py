"""Runs Helm: the umbrellas in batches, and each other chart separately.

Starting Helm takes longer than rendering an umbrella. So one run renders the umbrellas of several
environments as subcharts of one chart. A test ensures that this does not change their output. If
Helm refuses a batch, its umbrellas are rendered one by one to find the environment with the error.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from shutil import rmtree

from gitops_gen import yaml
from gitops_gen.components.kubernetes_api import api_versions
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.helm import Executable, HelmRefused, template
from gitops_gen.model import Tree
from gitops_gen.render.helm_runs.prepared import Prepared
from gitops_gen.render.helm_runs.refusals import refused
from gitops_gen.render.helm_runs.release_documents import Documents, HelmContext, with_releases
from gitops_gen.render.helm_runs.umbrella import NAME, VERSION
from gitops_gen.render.hydrate import documents as helm_output
from gitops_gen.render.hydrate.documents import HelmDocument

# The path of the template of a document.
_ALONE = re.compile(r"platform()/charts/([^/]+)/")
_IN_BATCH = re.compile(r"batch/charts/([^/]+)/charts/([^/]+)/")
# Larger batches need more memory, but save no more time.
LARGEST = 8


def batches(prepared: Sequence[Prepared], jobs: int) -> Iterator[Sequence[Prepared]]:
    """Yields batches of environments with the same Kubernetes version, enough for all jobs."""
    size = max(1, min(LARGEST, -(-len(prepared) // jobs)))
    versions: dict[str, list[Prepared]] = {}
    for item in prepared:
        versions.setdefault(item.kube_version, []).append(item)
    for group in versions.values():
        yield from (group[start : start + size] for start in range(0, len(group), size))


async def documents(
    context: HelmContext, batch: Sequence[Prepared]
) -> list[Documents | InvalidInput]:
    """The output of Helm for each environment of the batch, or its error."""
    try:
        found = await _umbrellas(context, batch)
    except HelmRefused as error:
        if len(batch) == 1:
            return [refused(batch[0].environment, batch[0].first_party, error)]
        return [result for item in batch for result in await documents(context, [item])]
    outputs = (with_releases(context, item, found[item.environment.name]) for item in batch)
    return list(await asyncio.gather(*outputs))


async def _umbrellas(
    context: HelmContext, batch: Sequence[Prepared]
) -> dict[str, dict[str, list[HelmDocument]]]:
    """Environment -> component -> documents, assigned by the paths of their templates."""
    found: dict[str, dict[str, list[HelmDocument]]] = {
        item.environment.name: {component.name: [] for component in item.first_party}
        for item in batch
    }
    batch = [item for item in batch if item.first_party]
    if not batch:
        return found
    alone = len(batch) == 1
    output = await _template(context, batch[0], batch[0].umbrella if alone else _batch_chart(batch))
    for document in helm_output.documents(output):
        match = (_ALONE if alone else _IN_BATCH).match(document.template)
        environment, component = match.groups() if match else ("", "")
        try:
            found[environment or batch[0].environment.name][component].append(document)
        except KeyError:
            raise ToolFailed(_not_asked_for(context.helm, document)) from None
    return found


async def _template(context: HelmContext, first: Prepared, chart: Tree) -> bytes:
    """The output of Helm for a chart. The folder is removed immediately, as it may be in memory."""
    folder = os.path.join(context.scratch, first.environment.name)
    try:
        _write(folder, chart)
        return await template(
            context.helm,
            folder,
            release=NAME,
            namespace="default",
            kube_version=first.kube_version,
            api_versions=api_versions(first.kube_version),
        )
    finally:
        rmtree(folder, ignore_errors=True)


def _not_asked_for(helm: Executable, document: HelmDocument) -> str:
    first = document.content.split(b"\n", 1)[0][:100].decode(errors="replace")
    return f"{helm.path} printed a document that belongs to no chart of gitops-gen: {first!r}"


def _batch_chart(batch: Sequence[Prepared]) -> Tree:
    """A chart with the umbrellas as subcharts, each with the name of its environment."""
    names = [item.environment.name for item in batch]
    chart = {
        "apiVersion": "v2",
        "name": "batch",
        "version": VERSION,
        "dependencies": [{"name": name, "version": VERSION} for name in names],
    }
    files = {"Chart.yaml": yaml.dump(chart).encode()}
    for item in batch:
        name = item.environment.name
        files |= {f"charts/{name}/{path}": data for path, data in item.umbrella.items()}
        renamed = item.umbrella["Chart.yaml"].replace(
            f"\nname: {NAME}\n".encode(), f"\nname: {yaml.dump(name)}".encode(), 1
        )
        files[f"charts/{name}/Chart.yaml"] = renamed
    return files


def _write(folder: str, files: Tree) -> None:
    """Writes files for Helm. Used only for the temporary folder."""
    made: set[str] = set()
    for path, content in files.items():
        target = os.path.join(folder, path)
        parent = os.path.dirname(target)
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        with open(target, "wb") as file:
            file.write(content)
