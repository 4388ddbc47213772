"""Reads the Kubernetes objects of an environment from its generated files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.model import ObjectId, Position, Rule
from gitops_gen.objects import layout, scan
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.scan import SEPARATOR
from gitops_gen.revisions import Revision

RENDERED_FILES = Rule(
    "rendered-files",
    title="The generated files contain the objects that Argo CD syncs",
    why="gitops-gen reads a revision from its files in rendered/ and argocd/, as Argo CD does.",
    remedy="Run `gitops-gen render` and commit the generated files.",
)

APPLICATION = ("argoproj.io", "Application")
"""Group and kind of an Argo CD Application."""
_SUFFIXES = (".yaml", ".yml", ".json")
"""The suffixes of the files that Argo CD reads as manifests."""
_SYNC_WAVE = "argocd.argoproj.io/sync-wave"


@dataclass(frozen=True, slots=True)
class EnvironmentObjects:
    """The objects of an environment, grouped by the tool that applies them."""

    bootstrap: tuple[KubeObject, ...]
    """The objects that Terraform applies: the bootstrap AppProject and the root Application."""
    applications: tuple[KubeObject, ...]
    """What the root Application syncs: the AppProjects and the components' Applications."""
    objects: tuple[KubeObject, ...]
    """What the Applications of the components sync, in the order of the sync waves."""

    def __iter__(self) -> Iterator[KubeObject]:
        yield from (*self.bootstrap, *self.applications, *self.objects)

    def of(self, component: str) -> tuple[KubeObject, ...]:
        return tuple(item for item in self.objects if item.component == component)


def read_environment(files: Revision, environment: str) -> EnvironmentObjects:
    """Reads the objects of an environment.

    As in Argo CD, an object without a namespace gets the destination namespace of its Application.
    Raises InvalidInput for a file that is not YAML or contains anything but objects.
    """
    bootstrap = f"{layout.argocd(environment)}/bootstrap.yaml"
    applications = _with_components(_folder(files, layout.apps(environment)))
    namespaces = {item.id.name: destination_namespace(item) for item in applications}
    waves = {item.id.name: sync_wave(item) for item in applications}
    items = _folder(files, f"{layout.rendered(environment)}/manifests")
    objects = [with_default_namespace(item, namespaces.get(item.component, "")) for item in items]
    objects.sort(key=lambda item: (waves.get(item.component, 0), sync_wave(item)))
    bootstrap_objects = _file(files, bootstrap, "") if files.exists(bootstrap) else ()
    return EnvironmentObjects(tuple(bootstrap_objects), applications, tuple(objects))


def is_application(identity: ObjectId) -> bool:
    return identity.group_kind == APPLICATION


def sync_wave(item: KubeObject) -> int:
    """The sync wave of an object. As in Argo CD, it is 0 if the annotation is not a number."""
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
    """Assigns each Application to the component that has its name."""
    return tuple(replace(item, component=item.id.name) for item in applications)


def destination_namespace(application: KubeObject) -> str:
    """The namespace that Argo CD uses for an object without a namespace."""
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
    """Yields the objects in a file. Raises InvalidInput for any other content."""
    for document in yaml.documents(content, path):
        for value in _flattened(document):
            yield _object(value, path, component)


def manifests_in(content: bytes, path: str, component: str) -> Iterator[KubeObject]:
    """Yields the objects like `objects_in`, with the bytes of each.

    A document is parsed only if its object cannot be identified by `objects.scan`.
    """
    for document in SEPARATOR.split(content):
        scanned = scan.identity(document)
        if scanned is not None:
            yield KubeObject(*scanned, document, path, component)
        else:
            yield from _parsed(document, path, component)


def _parsed(document: bytes, path: str, component: str) -> Iterator[KubeObject]:
    for value in yaml.documents(document, path):
        for item in _flattened(value):
            read = _object(item, path, component)
            # The items of a List have no bytes of their own.
            yield replace(read, document=document, parsed=item) if item is value else read


def _flattened(value: Any) -> Iterator[Any]:
    """Yields the objects of a document: the items of a List, and nothing for an empty document."""
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
        raise InvalidInput.at(Position(file), "is not a Kubernetes object", RENDERED_FILES)
    namespace = str(metadata.get("namespace") or "")
    named = ObjectId.of(str(api_version), str(kind), namespace, str(metadata["name"]))
    return KubeObject(named, str(api_version), value, file, component)


def _map(value: Any) -> Mapping[str, Any]:
    """The value if it is a map, otherwise an empty map."""
    return value if isinstance(value, dict) else {}
