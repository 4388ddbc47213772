"""Reads the Kubernetes objects of an environment from the files that a render wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.model import ObjectId, Position, Rule
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.revisions import Revision

RENDERED_FILES = Rule(
    "rendered-files",
    title="The rendered files hold what Argo CD syncs",
    why="A revision is read from its files in rendered/ and argocd/, as Argo CD reads them.",
    remedy="Run `gitops-gen render` and commit what it writes.",
)

APPLICATION = ("argoproj.io", "Application")
"""Group and kind of Argo CD's Applications."""
_SUFFIXES = (".yaml", ".yml", ".json")
"""The files that Argo CD reads as manifests."""
_SYNC_WAVE = "argocd.argoproj.io/sync-wave"


@dataclass(frozen=True, slots=True)
class EnvironmentObjects:
    """The objects of an environment, by who applies them."""

    bootstrap: tuple[KubeObject, ...]
    """What Terraform applies: the bootstrap AppProject and the root Application."""
    applications: tuple[KubeObject, ...]
    """What the root Application syncs: AppProjects and the Applications of the components."""
    objects: tuple[KubeObject, ...]
    """What the components' Applications sync, in the order of their sync waves."""

    def __iter__(self) -> Iterator[KubeObject]:
        yield from (*self.bootstrap, *self.applications, *self.objects)

    def of(self, component: str) -> tuple[KubeObject, ...]:
        return tuple(item for item in self.objects if item.component == component)


def read_environment(files: Revision, environment: str) -> EnvironmentObjects:
    """Raises InvalidInput for a file that is not YAML, or that holds anything but objects.

    An object that names no namespace gets the one that its Application syncs to, as in Argo CD.
    """
    bootstrap = f"{layout.argocd(environment)}/bootstrap.yaml"
    applications = _with_components(_folder(files, layout.apps(environment)))
    namespaces = {item.id.name: _destination(item) for item in applications}
    waves = {item.id.name: sync_wave(item) for item in applications}
    items = _folder(files, f"{layout.rendered(environment)}/manifests")
    objects = [with_default_namespace(item, namespaces.get(item.component, "")) for item in items]
    objects.sort(key=lambda item: (waves.get(item.component, 0), sync_wave(item)))
    bootstrap_objects = _file(files, bootstrap, "") if files.exists(bootstrap) else ()
    return EnvironmentObjects(tuple(bootstrap_objects), applications, tuple(objects))


def is_application(identity: ObjectId) -> bool:
    return identity.group_kind == APPLICATION


def sync_wave(item: KubeObject) -> int:
    """The sync wave; 0 where none is set, or one that is no number, as in Argo CD."""
    annotations = _map(_map(item.value.get("metadata")).get("annotations"))
    try:
        return int(str(annotations.get(_SYNC_WAVE, 0)))
    except ValueError:
        return 0


def with_default_namespace(item: KubeObject, namespace: str) -> KubeObject:
    if item.id.namespace or not namespace:
        return item
    return replace(item, id=replace(item.id, namespace=namespace))


def _with_components(applications: Iterable[KubeObject]) -> tuple[KubeObject, ...]:
    """An Application belongs to the component that it is named after."""
    return tuple(replace(item, component=item.id.name) for item in applications)


def _destination(application: KubeObject) -> str:
    destination = _map(_map(application.value.get("spec")).get("destination"))
    return str(destination.get("namespace") or "")


def _folder(files: Revision, folder: str) -> Iterator[KubeObject]:
    paths = (path for path in files.files_below(folder) if path.endswith(_SUFFIXES))
    for path in sorted(paths, key=lambda path: path.split("/")):
        component = path.removeprefix(f"{folder}/").split("/")[0]
        yield from _file(files, path, component)


def _file(files: Revision, path: str, component: str) -> Iterator[KubeObject]:
    return objects_in(files.read(path), path, component)


def objects_in(content: bytes, path: str, component: str) -> Iterator[KubeObject]:
    """The objects of one file. Raises InvalidInput for anything else in it."""
    for document in yaml.documents(content, path):
        for value in _flattened(document):
            yield _object(value, path, component)


def _flattened(value: Any) -> Iterator[Any]:
    """The objects of a document: a List stands for its items, an empty document for nothing."""
    items = value.get("items") if isinstance(value, dict) else None
    if isinstance(items, list) and str(value.get("kind", "")).endswith("List"):
        for item in items:
            yield from _flattened(item)
    elif value:
        yield value


def _object(value: Any, file: str, component: str) -> KubeObject:
    metadata = _map(_map(value).get("metadata"))
    api_version, kind = _map(value).get("apiVersion"), _map(value).get("kind")
    names = (api_version, kind, metadata.get("name"))
    if not all(isinstance(name, str) and name for name in names):
        raise InvalidInput.at(Position(file), "is no Kubernetes object", RENDERED_FILES)
    namespace = str(metadata.get("namespace") or "")
    identity = ObjectId.of(str(api_version), str(kind), namespace, str(metadata["name"]))
    return KubeObject(identity, str(api_version), value, file, component)


def _map(value: Any) -> Mapping[str, Any]:
    """The value if it is a map, and otherwise an empty map."""
    return value if isinstance(value, dict) else {}
