"""The calls of Helm: umbrellas in batches, each chart of the user's on its own.

Helm's start costs more than rendering an umbrella does. So the umbrellas of several
environments are rendered by one call, each as a subchart that stands in a chart around them;
that changes nothing in what each gives, which a test holds. When Helm refuses a batch, its
umbrellas are rendered one by one, so that the error is that of the environment which has it.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from shutil import rmtree
from typing import TypeAlias

from gitops_gen import yaml
from gitops_gen.components.types import Component, RepositoryChart
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.helm import Executable, HelmRefused, template
from gitops_gen.model import Environment, Rule, Tree
from gitops_gen.render.helm_runs.chart_secrets import without_defaults
from gitops_gen.render.helm_runs.prepared import Prepared
from gitops_gen.render.helm_runs.refusals import refused
from gitops_gen.render.helm_runs.repository_chart import chart_folder
from gitops_gen.render.helm_runs.umbrella import NAME, VERSION
from gitops_gen.render.hydrate import documents as helm_output
from gitops_gen.render.hydrate.documents import HelmDocument

Documents: TypeAlias = Mapping[str, Sequence[HelmDocument]]
"""Component -> its documents."""

# The template that a document came from.
RANDOM_OUTPUT = Rule(
    "random-output",
    title="A chart renders the same output every time",
    why="Random values, generated keys and the current time would change the manifests at every "
    "render.",
    remedy="Remove the function from the template, or let the chart use an existing Secret.",
)

_ALONE = re.compile(r"platform()/charts/([^/]+)/")
_IN_BATCH = re.compile(r"batch/charts/([^/]+)/charts/([^/]+)/")
# More in one call takes more memory than it saves time.
LARGEST = 8


@dataclass(frozen=True, slots=True)
class HelmContext:
    """Which Helm, for which repository, and an empty folder for its input."""

    helm: Executable
    root: str
    scratch: str


def batches(prepared: Sequence[Prepared], jobs: int) -> Iterator[Sequence[Prepared]]:
    """Environments of one Kubernetes version, enough batches for all jobs."""
    size = max(1, min(LARGEST, -(-len(prepared) // jobs)))
    versions: dict[str, list[Prepared]] = {}
    for item in prepared:
        versions.setdefault(item.kube_version, []).append(item)
    for group in versions.values():
        yield from (group[start : start + size] for start in range(0, len(group), size))


async def documents(call: HelmContext, batch: Sequence[Prepared]) -> list[Documents | InvalidInput]:
    """What Helm prints for each environment of the batch, or why it cannot."""
    try:
        found = await _umbrellas(call, batch)
    except HelmRefused as error:
        if len(batch) == 1:
            return [refused(batch[0].environment, batch[0].first_party, error)]
        return [result for item in batch for result in await documents(call, [item])]
    return [await _with_releases(call, item, found[item.environment.name]) for item in batch]


async def _umbrellas(
    call: HelmContext, batch: Sequence[Prepared]
) -> dict[str, dict[str, list[HelmDocument]]]:
    """Environment -> component -> documents. A template's path tells whose a document is."""
    alone = len(batch) == 1
    output = await _template(call, batch[0], batch[0].umbrella if alone else _around(batch))
    found: dict[str, dict[str, list[HelmDocument]]] = {
        item.environment.name: {component.name: [] for component in item.first_party}
        for item in batch
    }
    for chunk in helm_output.documents(output):
        match = (_ALONE if alone else _IN_BATCH).match(chunk.source)
        environment, component = match.groups() if match else ("", "")
        try:
            found[environment or batch[0].environment.name][component].append(chunk)
        except KeyError:
            raise ToolFailed(_not_asked_for(call.helm, chunk)) from None
    return found


async def _template(call: HelmContext, first: Prepared, chart: Tree) -> bytes:
    """The folder is taken away at once: memory holds only the charts of the calls that run."""
    folder = os.path.join(call.scratch, first.environment.name)
    try:
        _write(folder, chart)
        return await template(
            call.helm,
            folder,
            release=NAME,
            namespace="default",
            kube_version=first.kube_version,
        )
    finally:
        rmtree(folder, ignore_errors=True)


def _not_asked_for(helm: Executable, chunk: HelmDocument) -> str:
    first = chunk.content.split(b"\n", 1)[0][:100].decode(errors="replace")
    return f"{helm.path} printed what comes of none of our charts: {first!r}"


def _around(batch: Sequence[Prepared]) -> Tree:
    """A chart that holds umbrellas as subcharts, each under its environment's name."""
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


async def _with_releases(
    call: HelmContext, item: Prepared, found: dict[str, list[HelmDocument]]
) -> Documents | InvalidInput:
    try:
        for component in item.components:
            if isinstance(component.source, RepositoryChart):
                found[component.name] = await _release(call, item, component, component.source)
    except InvalidInput as error:
        return error
    return found


async def _release(
    call: HelmContext, item: Prepared, component: Component, source: RepositoryChart
) -> list[HelmDocument]:
    """A chart of the user's own: a release of its own."""
    folder = chart_folder(item.environment, component, call.root, source.path)
    values = f"{item.environment.name}.{component.name}.values.yaml"
    _write(call.scratch, {values: yaml.dump(source.values).encode()})

    async def output(zone: str) -> bytes:
        return await template(
            call.helm,
            folder,
            release=source.release,
            namespace=component.namespace,
            kube_version=item.kube_version,
            values=os.path.join(call.scratch, values),
            zone=zone,
        )

    try:
        # Two ends of the world have different dates, whatever the time is.
        first, second = await asyncio.gather(output("Etc/GMT-14"), output("Etc/GMT+12"))
    except HelmRefused as error:
        known = HelmRefused(without_defaults(str(error), folder))
        raise refused(item.environment, [component], known) from error
    _require_same(item.environment, component, first, second)
    return list(helm_output.documents(first))


def _require_same(
    environment: Environment, component: Component, first: bytes, second: bytes
) -> None:
    """Somebody else's render would differ too: random values, keys, the time."""
    pairs = zip(helm_output.documents(first), helm_output.documents(second), strict=False)
    different = next((one.source for one, other in pairs if one != other), None)
    if first != second:
        text = (
            f"{different or 'its chart'} gives something else at every render (a random value, "
            "a key or the time); take it out, or name a Secret for it"
        )
        finding = environment.finding(RANDOM_OUTPUT, component.section, text, key=True)
        raise InvalidInput([finding])


def _write(folder: str, files: Tree) -> None:
    """Into the scratch folder only, for Helm to read."""
    made: set[str] = set()
    for path, content in files.items():
        target = os.path.join(folder, path)
        parent = os.path.dirname(target)
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        with open(target, "wb") as file:
            file.write(content)
