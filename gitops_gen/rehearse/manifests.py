"""The files of a tree as objects: what Argo CD will read, and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position, Rule, Values
from gitops_gen.objects import layout
from gitops_gen.rehearse.result import Identity

RENDERED_FILES = Rule(
    "rendered-files",
    title="The rendered files hold what Argo CD syncs",
    why="A revision is rehearsed from its files in rendered/ and argocd/, as Argo CD reads them.",
    remedy="Run `gitops-gen render` and commit what it writes.",
)

APPLICATION = "Application"
WAVE = "argocd.argoproj.io/sync-wave"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One object of a file."""

    object: Identity
    file: str
    component: str
    value: Values = field(repr=False)

    @property
    def wave(self) -> int:
        found = self.value.get("metadata", {}).get("annotations") or {}
        try:
            return int(found.get(WAVE, 0))
        except ValueError:
            return 0

    @property
    def body(self) -> bytes:
        return json.dumps(self.value).encode()


@dataclass(frozen=True, slots=True)
class Manifests:
    """An environment's tree as it stands in a folder."""

    bootstrap: tuple[Manifest, ...]
    applications: tuple[Manifest, ...]
    """What root syncs, the project included."""
    objects: tuple[Manifest, ...]
    """What the components' Applications sync, in the order of their waves."""

    def of(self, component: str) -> tuple[Manifest, ...]:
        return tuple(item for item in self.objects if item.component == component)


def read(root: Path, environment: str) -> Manifests:
    """Raises InvalidInput for a file that is no YAML, or gives no object."""
    argocd = layout.argocd(environment)
    found = _folder(root, layout.apps(environment))
    applications = tuple(replace(item, component=item.object.name) for item in found)
    destinations = {item.object.name: _destination(item) for item in applications}
    waves = {item.object.name: item.wave for item in applications}
    folder = f"{layout.rendered(environment)}/manifests"
    objects = [_placed(item, destinations) for item in _folder(root, folder)]
    objects.sort(key=lambda item: (waves.get(item.component, 0), item.wave))
    bootstrap = tuple(_file(root, f"{argocd}/bootstrap.yaml", ""))
    return Manifests(bootstrap, applications, tuple(objects))


def _folder(root: Path, folder: str) -> Iterator[Manifest]:
    base = root / folder
    for path in sorted(base.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".json") and path.is_file():
            component = path.relative_to(base).parts[0]
            yield from _file(root, str(path.relative_to(root)), component)


def _file(root: Path, file: str, component: str) -> Iterator[Manifest]:
    try:
        data = (root / file).read_bytes()
    except FileNotFoundError:
        return
    for value in yaml.documents(data, file):
        yield from (_manifest(item, file, component) for item in _flat(value))


def _flat(value: Values | None) -> Iterable[Values]:
    if not value:
        return ()
    if str(value.get("kind", "")).endswith("List") and isinstance(value.get("items"), list):
        return [item for nested in value["items"] for item in _flat(nested)]
    return (value,)


def _manifest(value: Values, file: str, component: str) -> Manifest:
    metadata = value.get("metadata") or {}
    parts = (value.get("apiVersion"), value.get("kind"), metadata.get("name"))
    if not all(isinstance(part, str) and part for part in parts):
        raise InvalidInput.at(Position(file), "is no Kubernetes object", RENDERED_FILES)
    namespace = str(metadata.get("namespace") or "")
    identity = Identity(str(parts[0]), str(parts[1]), namespace, str(parts[2]))
    return Manifest(identity, file, component, value)


def _destination(application: Manifest) -> str:
    destination = application.value.get("spec", {}).get("destination") or {}
    return str(destination.get("namespace") or "")


def _placed(item: Manifest, destinations: dict[str, str]) -> Manifest:
    """Where a manifest names no namespace, the Application's destination is meant."""
    own, there = item.object, destinations.get(item.component, "")
    if own.namespace or not there:
        return item
    identity = Identity(own.api_version, own.kind, there, own.name)
    return replace(item, object=identity)
