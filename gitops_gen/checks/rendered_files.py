"""The generated files of an environment that Argo CD reads, from the disk or from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from posixpath import basename

from gitops_gen.model import Tree
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import is_application, manifests_in
from gitops_gen.revisions import Revision

_CRD = "CustomResourceDefinition"
_CHART = "Chart.yaml"
_CRD_FILE = f"{_CRD.lower()}-"
"""How the name of the file of a CRD begins (`objects.layout`)."""


@dataclass(frozen=True)
class RenderedFiles:
    """Files of one environment. Each iteration reads them again, so that few are in memory."""

    environment: str
    paths: tuple[str, ...]
    read: Callable[[str], bytes]
    foreign_charts: tuple[str, ...] = ()
    """The files Chart.yaml on the disk in the folders of manifests, which no render writes."""

    @classmethod
    def of_revision(cls, environment: str, revision: Revision) -> RenderedFiles:
        paths = _files_of(environment, revision)
        return cls(environment, _manifests(environment, paths), revision.read)

    @classmethod
    def of_rendering(
        cls, environment: str, tree: Tree, foreign_charts: tuple[str, ...] = ()
    ) -> RenderedFiles:
        return cls(environment, _manifests(environment, tree), tree.__getitem__, foreign_charts)

    def objects(self) -> Iterator[KubeObject]:
        """Yields the objects with their bytes. Raises InvalidInput for a file of another form."""
        for path in self.paths:
            yield from self._objects_in(path)

    def crds_in_use(self) -> list[bytes]:
        """Returns the CRDs of the API groups to which other objects belong."""
        files = [path for path in self.paths if basename(path).startswith(_CRD_FILE)]
        if not files:
            return []
        groups = {item.id.group for item in self.objects()}
        crds = (item for path in files for item in self._objects_in(path) if item.id.kind == _CRD)
        # The name of a CRD is its plural and its group.
        return [item.content for item in crds if item.id.name.partition(".")[2] in groups]

    def _objects_in(self, path: str) -> Iterator[KubeObject]:
        component = self.component(path)
        for item in manifests_in(self.read(path), path, component):
            yield item if component or not is_application(item.id) else _of_its_component(item)

    def component(self, path: str) -> str:
        """The component whose Application syncs a file; empty for files in argocd/."""
        folder = f"{layout.rendered(self.environment)}/manifests/"
        return path.removeprefix(folder).split("/")[0] if path.startswith(folder) else ""


def _of_its_component(application: KubeObject) -> KubeObject:
    return replace(application, component=application.id.name)


def foreign_charts(environment: str, revision: Revision) -> tuple[str, ...]:
    """Returns the files Chart.yaml in the folders of an environment that a render writes."""
    paths = _files_of(environment, revision)
    return tuple(sorted(path for path in paths if basename(path) == _CHART))


def _files_of(environment: str, revision: Revision) -> list[str]:
    return [path for folder in _folders(environment) for path in revision.files_below(folder)]


def _folders(environment: str) -> tuple[str, str]:
    return f"{layout.rendered(environment)}/manifests", layout.argocd(environment)


def _manifests(environment: str, paths: Iterable[str]) -> tuple[str, ...]:
    prefixes = tuple(f"{folder}/" for folder in _folders(environment))
    return tuple(sorted(p for p in paths if p.startswith(prefixes) and p.endswith(".yaml")))
