"""What a render takes out of Git that holds data, and what becomes of it in the cluster.

The removed files are read as they were on the disk: what they state is what Argo CD goes by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Tree, Values, printable
from gitops_gen.objects import layout
from gitops_gen.render.hydrate.protection import HOLDS_DATA, RESOURCE_POLICY, option, options

if TYPE_CHECKING:
    from gitops_gen.render.hydrate.objects import Rendered

_ADVICE = "to keep it, let Argo CD sync it with Prune=false,Delete=false before it leaves Git"
_WITH_IT = {
    "CustomResourceDefinition": "every object of its kind",
    "Namespace": "all that is in it, volume claims included",
    "PersistentVolume": "the way to its data",
    "PersistentVolumeClaim": "its data, unless the volume's reclaim policy is Retain",
    "StatefulSet": "its Pods",
}
"""Kind of an object that Argo CD deletes -> what goes with it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Removed:
    path: str
    component: str
    value: Values
    option: str
    """The sync option that decides: Delete where its Application goes too, else Prune."""

    @property
    def group(self) -> str:
        return str(self.value.get("apiVersion")).rpartition("/")[0]

    @property
    def kind(self) -> str:
        return str(self.value["kind"])

    @property
    def namespace(self) -> str:
        return str(self.value["metadata"].get("namespace") or "")

    @property
    def name(self) -> str:
        return str(self.value["metadata"].get("name"))

    @property
    def holds_data(self) -> bool:
        return (self.group, self.kind) in HOLDS_DATA

    def owners(self, rendered: Iterable[Rendered]) -> set[str]:
        """The components that render it now; a manifest without a namespace may be in any."""
        return {
            item.component
            for item in rendered
            if (item.group, item.kind, item.name) == (self.group, self.kind, self.name)
            and (item.namespace in ("", self.namespace) or not self.namespace)
        }

    def states(self, value: str) -> bool:
        return option(self._annotations, self.option) == value

    @property
    def kept_by(self) -> str | None:
        """What makes Argo CD keep it."""
        if self.states("false"):
            return f"{self.option}=false"
        if self.option == "Delete" and "keep" in options(self._annotations, RESOURCE_POLICY):
            return f"{RESOURCE_POLICY}: keep"
        if self.option == "Delete" and self.kind == "CustomResourceDefinition":
            return "Argo CD deletes no CRD with its Application"
        return None

    @property
    def _annotations(self) -> Values:
        found = self.value["metadata"].get("annotations")
        texts = found.items() if isinstance(found, dict) else ()
        return {key: text for key, text in texts if isinstance(text, str)}


def removed_data(
    environment: str, files: Tree, rendered: Collection[Rendered] | None
) -> Iterator[str]:
    """A line for each object of the removed files that holds data, and for each Application of a
    chart that may hold some. `rendered` is what there is now; None: the environment is gone."""
    gone = rendered is None
    found = (item for item in _objects(environment, files) if item.holds_data)
    objects = {item: _what_happens(item, item.owners(rendered or ())) for item in found}
    told = {item: happens for item, happens in objects.items() if happens}
    deleted = {item.name for item in told if item.kind == "Namespace" and not item.kept_by}
    for item, happens in told.items():
        place = f"{item.namespace}/" if item.namespace else ""
        fate = _left_alone(environment) if gone else _fate(item, deleted)
        yield printable(f"{item.path}: {item.kind} {place}{item.name} {happens}; {fate}")
    for path, name in _charts(environment, files):
        fate = _left_alone(environment) if gone else _fate_of_chart()
        yield printable(f"{path}: Application {name} leaves Git; {fate}")


def _objects(environment: str, files: Tree) -> Iterator[_Removed]:
    folder, apps = layout.manifests(environment, ""), layout.apps(environment)
    for path, value in _values(files, folder):
        component = path.removeprefix(folder).partition("/")[0]
        option = "Delete" if f"{apps}/{component}.yaml" in files else "Prune"
        yield _Removed(path, component, value, option)


def _what_happens(item: _Removed, owners: set[str]) -> str | None:
    """None where only its file goes, or another Application takes over what is kept."""
    if not owners:
        return "leaves Git"
    return None if item.component in owners or item.kept_by else "moves to another Application"


def _charts(environment: str, files: Tree) -> Iterator[tuple[str, str]]:
    """Applications of charts that Argo CD fetches: what these make is not seen here."""
    for path, value in _values(files, f"{layout.apps(environment)}/"):
        spec = value.get("spec")
        source = spec.get("source") if isinstance(spec, dict) else None
        if isinstance(source, dict) and "chart" in source:
            yield path, str(value["metadata"].get("name"))


def _values(files: Tree, folder: str) -> Iterator[tuple[str, Values]]:
    """The objects in a folder; what somebody made unreadable is nothing that Argo CD synced."""
    for path, content in sorted(files.items()):
        if path.startswith(folder):
            try:
                value: Any = yaml.yaml_load(content)
            except InvalidInput:
                continue
            if isinstance(value, dict) and isinstance(value.get("metadata"), dict):
                yield path, {"kind": "", **value}


def _fate(item: _Removed, deleted: set[str]) -> str:
    if item.namespace in deleted:
        return f"Argo CD deletes its namespace, and it with that; {_ADVICE}"
    if reason := item.kept_by:
        return f"it stays in the cluster ({reason}): delete it with kubectl when nobody needs it"
    if item.states("confirm"):
        return f"Argo CD deletes it once somebody confirms that ({item.option}=confirm)"
    # Argo CD deletes with an Application only what its project admits by then.
    where = ", where its AppProject still admits it," if item.option == "Delete" else ""
    return f"Argo CD deletes it{where} and with it {_with_it(item)}; {_ADVICE}"


def _with_it(item: _Removed) -> str:
    spec = item.value.get("spec")
    policy = spec.get("persistentVolumeClaimRetentionPolicy") if isinstance(spec, dict) else None
    claims = isinstance(policy, dict) and policy.get("whenDeleted") == "Delete"
    return f"{_WITH_IT[item.kind]}, its claims and their data" if claims else _WITH_IT[item.kind]


def _fate_of_chart() -> str:
    return (
        "Argo CD deletes what its chart made, volume claims included, where its AppProject still "
        "admits that, unless an object is annotated with Delete=false"
    )


def _left_alone(environment: str) -> str:
    return (
        f"it stays in the cluster: where argocd/{environment}/ is missing in Git, Argo CD reports "
        "an error and deletes nothing"
    )
