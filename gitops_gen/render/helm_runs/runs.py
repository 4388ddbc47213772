"""The runs of Helm: umbrellas in batches, each chart of the user's on its own.

Helm's start costs more than rendering an umbrella does. So the umbrellas of several
environments are rendered by one run, each as a subchart of a chart around them;
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
from gitops_gen.render.helm_runs.umbrella import NAME, VERSION
from gitops_gen.render.hydrate import documents as helm_output
from gitops_gen.render.hydrate.documents import HelmDocument

Documents: TypeAlias = Mapping[str, Sequence[HelmDocument]]
"""Component -> its documents."""

RANDOM_OUTPUT = Rule(
    "random-output",
    title="A chart renders the same output every time",
    why="Random values, generated keys and the current time would change the manifests at every "
    "render.",
    remedy="Remove the function from the template, or let the chart use an existing Secret.",
)

# The template that a document came from.
_ALONE = re.compile(r"platform()/charts/([^/]+)/")
_IN_BATCH = re.compile(r"batch/charts/([^/]+)/charts/([^/]+)/")
# More in one run takes more memory than it saves time.
LARGEST = 8


@dataclass(frozen=True, slots=True)
class HelmContext:
    """Which Helm, for which repository, and an empty folder for its input."""

    helm: Executable
    root: str
    scratch: str


def batches(prepared: Sequence[Prepared], jobs: int) -> Iterator[Sequence[Prepared]]:
    """Batches of environments with one Kubernetes version, enough of them for all jobs."""
    size = max(1, min(LARGEST, -(-len(prepared) // jobs)))
    versions: dict[str, list[Prepared]] = {}
    for item in prepared:
        versions.setdefault(item.kube_version, []).append(item)
    for group in versions.values():
        yield from (group[start : start + size] for start in range(0, len(group), size))


async def documents(
    context: HelmContext, batch: Sequence[Prepared]
) -> list[Documents | InvalidInput]:
    """What Helm prints for each environment of the batch, or why it cannot."""
    try:
        found = await _umbrellas(context, batch)
    except HelmRefused as error:
        if len(batch) == 1:
            return [refused(batch[0].environment, batch[0].first_party, error)]
        return [result for item in batch for result in await documents(context, [item])]
    return [await _with_releases(context, item, found[item.environment.name]) for item in batch]


async def _umbrellas(
    context: HelmContext, batch: Sequence[Prepared]
) -> dict[str, dict[str, list[HelmDocument]]]:
    """Environment -> component -> documents, told apart by the paths of their templates."""
    alone = len(batch) == 1
    output = await _template(context, batch[0], batch[0].umbrella if alone else _batch_chart(batch))
    found: dict[str, dict[str, list[HelmDocument]]] = {
        item.environment.name: {component.name: [] for component in item.first_party}
        for item in batch
    }
    for document in helm_output.documents(output):
        match = (_ALONE if alone else _IN_BATCH).match(document.template)
        environment, component = match.groups() if match else ("", "")
        try:
            found[environment or batch[0].environment.name][component].append(document)
        except KeyError:
            raise ToolFailed(_not_asked_for(context.helm, document)) from None
    return found


async def _template(context: HelmContext, first: Prepared, chart: Tree) -> bytes:
    """The folder is removed at once: it may be in memory, which holds what is being rendered."""
    folder = os.path.join(context.scratch, first.environment.name)
    try:
        _write(folder, chart)
        return await template(
            context.helm,
            folder,
            release=NAME,
            namespace="default",
            kube_version=first.kube_version,
        )
    finally:
        rmtree(folder, ignore_errors=True)


def _not_asked_for(helm: Executable, document: HelmDocument) -> str:
    first = document.content.split(b"\n", 1)[0][:100].decode(errors="replace")
    return f"{helm.path} printed what comes of none of our charts: {first!r}"


def _batch_chart(batch: Sequence[Prepared]) -> Tree:
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
    context: HelmContext, item: Prepared, found: dict[str, list[HelmDocument]]
) -> Documents | InvalidInput:
    try:
        for component, chart in item.releases:
            found[component.name] = await _release(context, item, component, chart)
    except InvalidInput as error:
        return error
    return found


async def _release(
    context: HelmContext, item: Prepared, component: Component, chart: RepositoryChart
) -> list[HelmDocument]:
    """A chart of the user's own: a release of its own. `repository_chart.scan` admitted it."""
    folder = os.path.join(context.root, chart.path)
    values = f"{item.environment.name}.{component.name}.values.yaml"
    _write(context.scratch, {values: yaml.dump(chart.values).encode()})

    async def output(zone: str) -> bytes:
        return await template(
            context.helm,
            folder,
            release=chart.release,
            namespace=component.namespace,
            kube_version=item.kube_version,
            values=os.path.join(context.scratch, values),
            zone=zone,
        )

    try:
        # Two ends of the world have different dates, whatever the time is.
        first, second = await asyncio.gather(output("Etc/GMT-14"), output("Etc/GMT+12"))
    except HelmRefused as error:
        masked = HelmRefused(without_defaults(str(error), folder))
        raise refused(item.environment, [component], masked) from error
    _require_same(item.environment, component, first, second)
    return list(helm_output.documents(first))


def _require_same(
    environment: Environment, component: Component, first: bytes, second: bytes
) -> None:
    """Raises InvalidInput: a render on another machine would differ too."""
    pairs = zip(helm_output.documents(first), helm_output.documents(second), strict=False)
    different = next((a.template for a, b in pairs if a != b), None)
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
