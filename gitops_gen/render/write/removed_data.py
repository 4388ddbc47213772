"""Objects that hold data and that a render removes from Git: what happens to them in the cluster.

The removed files are read as they were on the disk, since Argo CD follows their annotations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput
from gitops_gen.model import ObjectId, Tree, Values, printable
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import objects_in
from gitops_gen.render.hydrate.protection import HOLDS_DATA, RESOURCE_POLICY, option, options

_ADVICE = "to keep it, let Argo CD sync it with Prune=false,Delete=false before it leaves Git"
_LOST_WITH = {
    "CustomResourceDefinition": "every object of its kind",
    "Namespace": "all that is in it, volume claims included",
    "PersistentVolume": "the way to its data",
    "PersistentVolumeClaim": "its data, unless the volume's reclaim policy is Retain",
    "StatefulSet": "its Pods",
}
"""Kind of an object that Argo CD deletes -> what is lost with it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Removal:
    """An object that is removed from Git, as it was in its file."""

    item: KubeObject
    option: str
    """The sync option that decides: Delete where its Application is removed too, else Prune."""

    @property
    def id(self) -> ObjectId:
        return self.item.id

    @property
    def holds_data(self) -> bool:
        return self.id.group_kind in HOLDS_DATA

    def owners(self, rendered: Iterable[KubeObject]) -> set[str]:
        """The components that render the object now."""
        return {item.component for item in rendered if _may_be_same(item.id, self.id)}

    def states(self, value: str) -> bool:
        return option(self._annotations, self.option) == value

    @property
    def kept_by(self) -> str | None:
        """Why Argo CD keeps the object in the cluster, or None."""
        if self.states("false"):
            return f"{self.option}=false"
        if self.option == "Delete" and "keep" in options(self._annotations, RESOURCE_POLICY):
            return f"{RESOURCE_POLICY}: keep"
        if self.option == "Delete" and self.id.kind == "CustomResourceDefinition":
            return "Argo CD deletes no CRD with its Application"
        return None

    @property
    def _annotations(self) -> Values:
        annotations = self.item.value["metadata"].get("annotations")
        texts = annotations.items() if isinstance(annotations, dict) else ()
        return {key: text for key, text in texts if isinstance(text, str)}


def removed_data(
    environment: str, files: Tree, rendered: Collection[KubeObject] | None
) -> Iterator[str]:
    """A line for each object of the removed files that holds data, and for each Application of a
    chart that may hold some. `rendered` are the objects that the environment has now, and None
    where the environment itself was removed."""
    environment_is_gone = rendered is None
    removals = [removal for removal in _removals(environment, files) if removal.holds_data]
    events = {removal: _event(removal, removal.owners(rendered or ())) for removal in removals}
    reported = {removal: event for removal, event in events.items() if event}
    deleted_namespaces = {
        removal.id.name
        for removal in reported
        if removal.id.kind == "Namespace" and not removal.kept_by
    }
    for removal, event in reported.items():
        if environment_is_gone:
            consequence = _left_alone(environment)
        else:
            consequence = _consequence(removal, deleted_namespaces)
        yield printable(f"{removal.item.file}: {removal.item} {event}; {consequence}")
    for path, name in _charts(environment, files):
        consequence = _left_alone(environment) if environment_is_gone else _chart_consequence()
        yield printable(f"{path}: Application {name} leaves Git; {consequence}")


def _may_be_same(first: ObjectId, second: ObjectId) -> bool:
    """Whether both may be one object: a manifest without a namespace may be in any namespace."""
    if (first.group_kind, first.name) != (second.group_kind, second.name):
        return False
    return first.namespace == second.namespace or not (first.namespace and second.namespace)


def _removals(environment: str, files: Tree) -> Iterator[_Removal]:
    apps = layout.apps(environment)
    for item in _objects(files, layout.manifests(environment, "")):
        option = "Delete" if f"{apps}/{item.component}.yaml" in files else "Prune"
        yield _Removal(item, option)


def _event(removal: _Removal, owners: set[str]) -> str | None:
    """What happens to the object; None where it stays owned by an Application."""
    if not owners:
        return "leaves Git"
    stays = removal.item.component in owners or removal.kept_by
    return None if stays else "moves to another Application"


def _charts(environment: str, files: Tree) -> Iterator[tuple[str, str]]:
    """Applications of charts that Argo CD fetches: their objects are not in the repository."""
    for item in _objects(files, f"{layout.apps(environment)}/"):
        spec = item.value.get("spec")
        source = spec.get("source") if isinstance(spec, dict) else None
        if isinstance(source, dict) and "chart" in source:
            yield item.file, item.id.name


def _objects(files: Tree, folder: str) -> Iterator[KubeObject]:
    """The objects in a folder; Argo CD has not synced a file that cannot be read."""
    for path, content in sorted(files.items()):
        if path.startswith(folder):
            component = path.removeprefix(folder).partition("/")[0]
            with suppress(InvalidInput):
                yield from list(objects_in(content, path, component))


def _consequence(removal: _Removal, deleted_namespaces: set[str]) -> str:
    if removal.id.namespace in deleted_namespaces:
        return f"Argo CD deletes its namespace, and it with that; {_ADVICE}"
    if reason := removal.kept_by:
        return f"it stays in the cluster ({reason}): delete it with kubectl when nobody needs it"
    if removal.states("confirm"):
        return f"Argo CD deletes it once somebody confirms that ({removal.option}=confirm)"
    # Argo CD deletes with an Application only what its project admits by then.
    condition = ", where its AppProject still admits it," if removal.option == "Delete" else ""
    return f"Argo CD deletes it{condition} and with it {_lost_with(removal)}; {_ADVICE}"


def _lost_with(removal: _Removal) -> str:
    spec = removal.item.value.get("spec")
    policy = spec.get("persistentVolumeClaimRetentionPolicy") if isinstance(spec, dict) else None
    claims = isinstance(policy, dict) and policy.get("whenDeleted") == "Delete"
    lost = _LOST_WITH[removal.id.kind]
    return f"{lost}, its claims and their data" if claims else lost


def _chart_consequence() -> str:
    return (
        "Argo CD deletes what its chart made, volume claims included, where its AppProject still "
        "admits that, unless an object is annotated with Delete=false"
    )


def _left_alone(environment: str) -> str:
    return (
        f"it stays in the cluster: where argocd/{environment}/ is missing in Git, Argo CD reports "
        "an error and deletes nothing"
    )
