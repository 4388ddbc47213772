"""The objects of one environment in two revisions. Equal files are read once and parsed lazily."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gitops_gen.changes.result import NotCompared
from gitops_gen.components.kinds import CLUSTER_SCOPED
from gitops_gen.errors import InvalidInput
from gitops_gen.model import ObjectId
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import value_at
from gitops_gen.objects.reading import (
    destination_namespace,
    is_application,
    manifests_in,
    objects_in,
    with_default_namespace,
)
from gitops_gen.revisions import Revision
from gitops_gen.revisions.commit import Commit

Objects = Mapping[ObjectId, KubeObject]
BOOTSTRAP = "bootstrap.yaml"
"""The key of the file that Argo CD does not sync."""
_SUFFIXES = (".yaml", ".yml", ".json")
_CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")


@dataclass(frozen=True, eq=False)
class TreePair:
    """The objects of an environment in the base and in the head."""

    base: Objects
    head: Objects
    changed: frozenset[str]
    """The files that differ, without the folder of the environment."""
    unreadable: tuple[NotCompared, ...] = ()

    @property
    def definitions(self) -> tuple[KubeObject, ...]:
        """The CustomResourceDefinitions of both revisions; those of the head come last."""
        items = (*self.base.values(), *self.head.values())
        return tuple(item for item in items if item.id.group_kind == _CRD)


@dataclass(frozen=True, slots=True)
class Side:
    """An environment in one revision: the files that Argo CD reads, by their name in both."""

    files: Revision
    environment: str

    def paths(self) -> dict[str, str]:
        """The paths of the files. Keys do not depend on the name of the environment."""
        folders = {
            "manifests": layout.manifests(self.environment, "").rstrip("/"),
            "apps": layout.apps(self.environment),
        }
        found = {
            f"{key}/{path.removeprefix(f'{folder}/')}": path
            for key, folder in folders.items()
            for path in self.files.files_below(folder)
            if path.endswith(_SUFFIXES)
        }
        bootstrap = f"{layout.argocd(self.environment)}/bootstrap.yaml"
        if self.files.exists(bootstrap):
            found[BOOTSTRAP] = bootstrap
        return found


def is_bootstrap(item: KubeObject) -> bool:
    """Whether the object is in the file that Argo CD does not sync."""
    return item.file.rpartition("/")[2] == BOOTSTRAP


def read_pair(base: Side, head: Side) -> TreePair:
    """Reads both sides. A file that cannot be read is left out of both of them."""
    before, after = base.paths(), head.paths()
    contents = {key: head.files.read(path) for key, path in after.items()}
    changed = frozenset(_changed(base, before, contents))
    if not changed:
        return TreePair({}, {}, changed)
    unreadable: dict[str, NotCompared] = {}
    equal = _read(
        contents.keys() - changed, after, contents.__getitem__, head, unreadable, manifests_in
    )
    old = _read(
        changed & before.keys(),
        before,
        lambda key: base.files.read(before[key]),
        base,
        unreadable,
        objects_in,
    )
    new = _read(changed & after.keys(), after, contents.__getitem__, head, unreadable, objects_in)
    for key in unreadable:
        old.pop(key, None)
        new.pop(key, None)
    return TreePair(
        _applied(_identified([*equal.values(), *old.values()]), unreadable),
        _applied(_identified([*equal.values(), *new.values()]), unreadable),
        changed,
        tuple(unreadable.values()),
    )


def _changed(base: Side, before: Mapping[str, str], contents: Mapping[str, bytes]) -> Iterator[str]:
    """Yields the keys of the files that only one side has, or that differ."""
    for key, content in contents.items():
        if key not in before or not _has_content(base.files, before[key], content):
            yield key
    yield from before.keys() - contents.keys()


def _has_content(files: Revision, path: str, content: bytes) -> bool:
    if isinstance(files, Commit):
        return files.has_content(path, content)
    return files.read(path) == content


_Reader = Callable[[bytes, str, str], Iterator[KubeObject]]


def _read(
    keys: Iterable[str],
    paths: Mapping[str, str],
    content: Callable[[str], bytes],
    side: Side,
    unreadable: dict[str, NotCompared],
    reader: _Reader,
) -> dict[str, list[KubeObject]]:
    found: dict[str, list[KubeObject]] = {}
    for key in sorted(keys):
        path = paths[key]
        try:
            component = key.split("/")[1] if key.startswith("manifests/") else ""
            found[key] = list(reader(content(key), path, component))
        except InvalidInput as error:
            message = error.findings[0].message
            unreadable[key] = NotCompared(side.files.name_of(path), message)
    return found


def _applied(items: Objects, unreadable: Iterable[str]) -> Objects:
    """The objects that Argo CD applies: those of a component without an Application are left out.

    Such files may stay in Git after the Application is removed, but Argo CD deletes the objects. A
    file that cannot be read may contain an Application, and a tree without any is not complete.
    """
    applications = {item.id.name for item in items.values() if is_application(item.id)}
    if not applications:
        return items
    synced = {*applications, *map(_stem, unreadable), ""}
    return {key: item for key, item in items.items() if item.component in synced}


def _stem(key: str) -> str:
    return key.rpartition("/")[2].partition(".")[0]


def _identified(files: Iterable[Sequence[KubeObject]]) -> dict[ObjectId, KubeObject]:
    """The objects with the identity that they have in the cluster."""
    items = [item for file in files for item in file]
    namespaces = {
        item.id.name: destination_namespace(item) for item in items if is_application(item.id)
    }
    scopes = {
        _kind_of(item): value_at(item.value, "spec", "scope") for item in items if _is_crd(item)
    }
    found = (_placed(item, namespaces, scopes) for item in items)
    return {item.id: item for item in sorted(found, key=lambda item: item.id)}


def _placed(
    item: KubeObject, namespaces: Mapping[str, str], scopes: Mapping[tuple[str, str], object]
) -> KubeObject:
    if is_application(item.id):
        return replace(item, component=item.id.name)
    kind = item.id.group_kind
    if kind in CLUSTER_SCOPED or scopes.get(kind) == "Cluster":
        return replace(item, id=replace(item.id, namespace=""))
    return with_default_namespace(item, namespaces.get(item.component, ""))


def _is_crd(item: KubeObject) -> bool:
    return item.id.group_kind == _CRD


def _kind_of(definition: KubeObject) -> tuple[str, str]:
    spec = value_at(definition.value, "spec")
    return str(value_at(spec, "group")), str(value_at(spec, "names", "kind"))
