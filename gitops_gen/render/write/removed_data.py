"""Reports what happens in the cluster to objects with data that a render removes from Git.

The removed files are read from the disk, because Argo CD uses their annotations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput
from gitops_gen.model import ObjectId, Tree, Values, printable
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import objects_in
from gitops_gen.render.hydrate.protection import HOLDS_DATA, RESOURCE_POLICY, option, options

_ADVICE = (
    "to keep it, let Argo CD sync it with Prune=false,Delete=false before it is removed from Git"
)
_SHOWN = 4
"""How many objects of a removed environment are named."""
_LOST_WITH = {
    "CustomResourceDefinition": "every object of its kind",
    "Namespace": "everything in it, including PersistentVolumeClaims",
    "PersistentVolume": "the reference to its data",
    "PersistentVolumeClaim": "its data, unless the volume's reclaim policy is Retain",
    "StatefulSet": "its Pods",
}
"""Kind of an object that Argo CD deletes -> description of the loss."""


@dataclass(frozen=True, slots=True, eq=False)
class _Removal:
    """An object that is removed from Git, as read from its file."""

    item: KubeObject
    option: str
    """The relevant sync option: Delete if its Application is also removed, otherwise Prune."""

    @property
    def id(self) -> ObjectId:
        return self.item.id

    @property
    def holds_data(self) -> bool:
        return self.id.group_kind in HOLDS_DATA

    def owners(self, rendered: Iterable[KubeObject]) -> set[str]:
        """The components that currently render the object."""
        return {item.component for item in rendered if _may_be_same(item.id, self.id)}

    def states(self, value: str) -> bool:
        return option(self._annotations, self.option) == value

    @property
    def kept_by(self) -> str | None:
        """The reason why Argo CD keeps the object in the cluster, or None."""
        if self.states("false"):
            return f"{self.option}=false"
        if self.option == "Delete" and "keep" in options(self._annotations, RESOURCE_POLICY):
            return f"{RESOURCE_POLICY}: keep"
        if self.option == "Delete" and self.id.kind == "CustomResourceDefinition":
            return "Argo CD does not delete CRDs with their Application"
        return None

    @property
    def _annotations(self) -> Values:
        annotations = self.item.value["metadata"].get("annotations")
        texts = annotations.items() if isinstance(annotations, dict) else ()
        return {key: text for key, text in texts if isinstance(text, str)}


def removed_data(
    environment: str, files: Tree, rendered: Collection[KubeObject] | None
) -> Iterator[str]:
    """Yields one line per removed object with data, and per removed Application of a remote chart.

    `rendered` are the current objects of the environment, or None if the environment was removed.
    Nothing happens to the objects of such an environment, so that they have one line together.
    """
    removals = [removal for removal in _removals(environment, files) if removal.holds_data]
    if rendered is None:
        yield from _of_environment(environment, removals, files)
        return
    events = {removal: _event(removal, removal.owners(rendered)) for removal in removals}
    reported = {removal: event for removal, event in events.items() if event}
    deleted_namespaces = {
        removal.id.name
        for removal in reported
        if removal.id.kind == "Namespace" and not removal.kept_by
    }
    for removal, event in reported.items():
        consequence = _consequence(removal, deleted_namespaces)
        yield printable(f"{removal.item.file}: {removal.item} {event}; {consequence}")
    for path, name in _charts(environment, files):
        yield printable(f"{path}: Application {name} is removed from Git; {_chart_consequence()}")


def _of_environment(environment: str, removals: Sequence[_Removal], files: Tree) -> Iterator[str]:
    charts = [f"Application {name}" for _, name in _charts(environment, files)]
    kept = [*sorted({str(removal.item) for removal in removals}), *charts]
    if kept:
        more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
        yield printable(
            f"{layout.rendered(environment)}: the environment is removed; "
            f"{', '.join(kept[:_SHOWN])}{more} stay in the cluster if they exist: without "
            f"{layout.argocd(environment)}/ in Git, Argo CD reports an error and deletes nothing"
        )


def _may_be_same(first: ObjectId, second: ObjectId) -> bool:
    """Whether both may be the same object. A manifest without a namespace may be in any."""
    if (first.group_kind, first.name) != (second.group_kind, second.name):
        return False
    return first.namespace == second.namespace or not (first.namespace and second.namespace)


def _removals(environment: str, files: Tree) -> Iterator[_Removal]:
    apps = layout.apps(environment)
    for item in _objects(files, layout.manifests(environment, "")):
        option = "Delete" if f"{apps}/{item.component}.yaml" in files else "Prune"
        yield _Removal(item, option)


def _event(removal: _Removal, owners: set[str]) -> str | None:
    """The description of the removal, or None if an Application still owns the object."""
    if not owners:
        return "is removed from Git"
    stays = removal.item.component in owners or removal.kept_by
    return None if stays else "moves to another Application"


def _charts(environment: str, files: Tree) -> Iterator[tuple[str, str]]:
    """Yields file and name of each Application whose chart Argo CD downloads and renders."""
    for item in _objects(files, f"{layout.apps(environment)}/"):
        spec = item.value.get("spec")
        source = spec.get("source") if isinstance(spec, dict) else None
        if isinstance(source, dict) and "chart" in source:
            yield item.file, item.id.name


def _objects(files: Tree, folder: str) -> Iterator[KubeObject]:
    """Yields the objects in a folder. Argo CD cannot sync unreadable files, so they are ignored."""
    for path, content in sorted(files.items()):
        if path.startswith(folder):
            component = path.removeprefix(folder).partition("/")[0]
            with suppress(InvalidInput):
                yield from list(objects_in(content, path, component))


def _consequence(removal: _Removal, deleted_namespaces: set[str]) -> str:
    if removal.id.namespace in deleted_namespaces:
        return f"Argo CD deletes its namespace and thereby the object; {_ADVICE}"
    if reason := removal.kept_by:
        return f"it stays in the cluster ({reason}); delete it with kubectl if it is not needed"
    if removal.states("confirm"):
        return f"Argo CD deletes it after a user confirms the deletion ({removal.option}=confirm)"
    # With an Application, Argo CD deletes only objects that its AppProject still allows.
    condition = ", if its AppProject still allows it," if removal.option == "Delete" else ""
    return f"Argo CD deletes it{condition} and with it {_lost_with(removal)}; {_ADVICE}"


def _lost_with(removal: _Removal) -> str:
    spec = removal.item.value.get("spec")
    policy = spec.get("persistentVolumeClaimRetentionPolicy") if isinstance(spec, dict) else None
    claims = isinstance(policy, dict) and policy.get("whenDeleted") == "Delete"
    lost = _LOST_WITH[removal.id.kind]
    return f"{lost}, its PersistentVolumeClaims and their data" if claims else lost


def _chart_consequence() -> str:
    return (
        "Argo CD deletes the objects of its chart, including PersistentVolumeClaims, if its "
        "AppProject still allows them, unless an object is annotated with Delete=false"
    )
