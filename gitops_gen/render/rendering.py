"""One environment, rendered: a pure function of its values and the charts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen import yaml
from gitops_gen.components import Folder
from gitops_gen.components.types import Component, RepositoryChart, Subchart
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import Executable, HelmRefused, template
from gitops_gen.model import Environment, Finding, Tree, dotted
from gitops_gen.render import layout
from gitops_gen.render.argocd import argocd
from gitops_gen.render.hydrate import Chunk, Rendered, chunks, objects
from gitops_gen.render.plan import Planned, plan
from gitops_gen.render.refused import refused
from gitops_gen.render.repository_chart import chart_folder
from gitops_gen.render.umbrella import NAME, umbrella


@dataclass(frozen=True, slots=True)
class Rendering:
    """An environment and all that comes of it; `tree` is what the repository will hold."""

    environment: Environment
    planned: tuple[Planned, ...]
    objects: tuple[Rendered, ...]
    tree: Tree

    @property
    def charts(self) -> tuple[str, ...]:
        """The repository charts that it was rendered from."""
        sources = (item.component.source for item in self.planned)
        return tuple(sorted(s.path for s in sources if isinstance(s, RepositoryChart)))


async def render(
    environment: Environment,
    folders: Iterable[Folder],
    helm: Executable,
    *,
    root: str,
    scratch: str,
) -> Rendering:
    """Raises InvalidInput for values that cannot be rendered.

    `root` is where repository charts are, `scratch` an empty folder for Helm to read from.
    """
    planned = plan(environment, folders)
    chart = umbrella(environment, [item.component for item in planned])
    documents = await _documents(environment, planned, chart, helm, root, scratch)
    found = [
        item for component, parts in documents for item in objects(environment, component, parts)
    ]
    _require_one_owner(environment, planned, found)
    tree = {f"{layout.umbrella(environment.name)}/{path}": data for path, data in chart.items()}
    tree |= {item.path: item.content for item in found}
    tree |= argocd(environment, planned, found)
    return Rendering(environment, planned, tuple(found), tree)


async def _documents(
    environment: Environment,
    planned: tuple[Planned, ...],
    chart: Tree,
    helm: Executable,
    root: str,
    scratch: str,
) -> list[tuple[Component, list[Chunk]]]:
    components = [item.component for item in planned]
    first_party = [c for c in components if isinstance(c.source, Subchart)]
    found = await _first_party(environment, first_party, chart, helm, scratch)
    for component in components:
        source = component.source
        if isinstance(source, RepositoryChart):
            parts = await _release(environment, component, source, helm, root, scratch)
            found.append((component, parts))
    return found


async def _first_party(
    environment: Environment,
    components: list[Component],
    chart: Tree,
    helm: Executable,
    scratch: str,
) -> list[tuple[Component, list[Chunk]]]:
    """One call of Helm for all of them; the template's path tells whose a document is."""
    folder = os.path.join(scratch, "umbrella")
    _write(folder, chart)
    try:
        output = await template(
            helm, folder, release=NAME, namespace="default", kube_version=_kube_version(environment)
        )
    except HelmRefused as error:
        raise refused(environment, components, error) from error
    by_alias: dict[str, list[Chunk]] = {component.name: [] for component in components}
    for chunk in chunks(output):
        by_alias[chunk.source.split("/")[2]].append(chunk)
    return [(component, by_alias[component.name]) for component in components]


async def _release(
    environment: Environment,
    component: Component,
    source: RepositoryChart,
    helm: Executable,
    root: str,
    scratch: str,
) -> list[Chunk]:
    """A chart of the user's own: a release of its own."""
    folder = chart_folder(environment, component, root, source.path)
    values = f"{component.name}.values.yaml"
    _write(scratch, {values: yaml.dump(source.values).encode()})
    try:
        output = await template(
            helm,
            folder,
            release=source.release,
            namespace=component.namespace,
            kube_version=_kube_version(environment),
            values=os.path.join(scratch, values),
        )
    except HelmRefused as error:
        raise refused(environment, [component], error) from error
    return list(chunks(output))


def _kube_version(environment: Environment) -> str:
    return str(environment.values["cluster"]["kubernetesVersion"])


def _write(folder: str, files: Tree) -> None:
    """Into the scratch folder only, for Helm to read."""
    for path, content in files.items():
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)


def _require_one_owner(
    environment: Environment, planned: tuple[Planned, ...], found: list[Rendered]
) -> None:
    findings = list(_shared(environment, planned, found))
    if findings:
        raise InvalidInput(findings)


def _shared(
    environment: Environment, planned: tuple[Planned, ...], found: list[Rendered]
) -> Iterator[Finding]:
    components = {item.component.name: item.component for item in planned}
    seen: dict[tuple[str, str, str, str], Rendered] = {}
    for item in found:
        component = components[item.component]
        namespace = item.namespace or component.namespace
        other = seen.setdefault((item.group, item.kind, namespace, item.name), item)
        if other is not item:
            owner = dotted(components[other.component].section)
            text = f"renders {item}, which {owner} renders too; each object has one owner"
            yield environment.finding("object-clash", component.section, text, key=True)
