"""What rules about several objects ask about one rendered environment. Nothing changes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.components.types import Component
from gitops_gen.model import Environment, FieldPath, ObjectId, Path, Values
from gitops_gen.objects import layout
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_list, as_map, value_at
from gitops_gen.objects.reading import APPLICATION
from gitops_gen.render.hydrate.scope import stored_identity

if TYPE_CHECKING:
    from gitops_gen.checks.capacity.pod_sets import Capacity
    from gitops_gen.checks.dependencies import Dependency
    from gitops_gen.checks.targets import Targets
    from gitops_gen.checks.traffic.traffic import Traffic

APP_PROJECT = ("argoproj.io", "AppProject")
CRD = ("apiextensions.k8s.io", "CustomResourceDefinition")
NAMESPACE = ("", "Namespace")
ROOT = "root"
"""The Application that syncs the Applications of the components."""

GroupAndKind = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ObjectIssue:
    """A violation of a rule by one object. The finding gets its line from `path`."""

    object: KubeObject
    message: str
    path: Path = ()
    """The path of the field that violates the rule; empty if it is the whole object."""
    related: tuple[KubeObject, ...] = ()
    """Other objects that the message names."""
    alternatives: tuple[tuple[KubeObject, Path], ...] = ()
    """Fields of other objects that may be wrong instead. The finding is at the line of the values
    behind the first of them if no line is behind `path`."""

    @property
    def field(self) -> FieldPath | None:
        return FieldPath(self.path) if self.path else None


@dataclass(frozen=True, slots=True)
class Undetermined:
    """One thing that a rule could not determine: what it is, in the plural, and why."""

    kind: str
    reason: str


@dataclass(frozen=True, eq=False)
class EnvironmentView:
    """The objects of an environment, with their identities in the API server."""

    environment: Environment
    components: Mapping[str, Component]
    """The components by name."""
    objects: tuple[KubeObject, ...]
    files: RenderedFiles
    _rendered_ids: Mapping[ObjectId, ObjectId] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, environment: Environment, components: Mapping[str, Component], files: RenderedFiles
    ) -> EnvironmentView:
        """Reads the objects. Raises InvalidInput if a file contains anything else."""
        rendered = tuple(files.objects())
        cluster_kinds = frozenset(_cluster_kinds(rendered))
        stored = tuple(_stored(item, components, cluster_kinds) for item in rendered)
        pairs = zip(stored, rendered, strict=True)
        ids = {item.id: before.id for item, before in pairs if item.id != before.id}
        return cls(environment, components, stored, files, ids)

    def rendered_id(self, item: KubeObject) -> ObjectId:
        """The identity in the manifest, which may have no namespace."""
        return self._rendered_ids.get(item.id, item.id)

    # Indexes

    @cached_property
    def by_id(self) -> Mapping[ObjectId, KubeObject]:
        return {item.id: item for item in self.objects}

    @cached_property
    def _by_kind(self) -> Mapping[GroupAndKind, Sequence[KubeObject]]:
        found: dict[GroupAndKind, list[KubeObject]] = {}
        for item in self.objects:
            found.setdefault(item.id.group_kind, []).append(item)
        return found

    def of_kind(self, *kinds: GroupAndKind) -> Iterator[KubeObject]:
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    @cached_property
    def _by_component(self) -> Mapping[str, Sequence[KubeObject]]:
        found: dict[str, list[KubeObject]] = {}
        for item in self.objects:
            if not self._is_argocd_file(item):
                found.setdefault(item.component, []).append(item)
        return found

    def of_component(self, name: str) -> Sequence[KubeObject]:
        """The objects that the Application of a component syncs. Those of `ROOT` are
        Applications and AppProjects."""
        return self._by_component.get(name, ()) if name != ROOT else self._of_root

    @cached_property
    def _of_root(self) -> Sequence[KubeObject]:
        folder = f"{layout.apps(self.environment.name)}/"
        return [item for item in self.objects if item.file.startswith(folder)]

    def _is_argocd_file(self, item: KubeObject) -> bool:
        return item.file.startswith(f"{layout.argocd(self.environment.name)}/")

    @cached_property
    def applications(self) -> Mapping[str, KubeObject]:
        """The Applications by name. Each component has one of its name; `ROOT` is one too."""
        return {item.id.name: item for item in self.of_kind(APPLICATION)}

    @cached_property
    def projects(self) -> Mapping[str, KubeObject]:
        return {item.id.name: item for item in self.of_kind(APP_PROJECT)}

    @cached_property
    def definitions(self) -> Mapping[GroupAndKind, KubeObject]:
        """The CustomResourceDefinitions by the kind that they define."""
        return {_defined_kind(item): item for item in self.of_kind(CRD)}

    def selected(
        self, labels: Values, namespace: str, *kinds: GroupAndKind
    ) -> Iterator[KubeObject]:
        """Yields the objects whose Pods have these labels. No labels select nothing."""
        wanted = labels.items()
        for key, text in list(wanted)[:1]:
            for item, found in self._by_label.get((namespace, key, str(text)), ()):
                if item.id.group_kind in kinds and wanted <= found.items():
                    yield item

    @cached_property
    def _by_label(self) -> Mapping[tuple[str, str, str], Sequence[tuple[KubeObject, Values]]]:
        """The objects with Pods, by their namespace and each label of the Pods."""
        from gitops_gen.checks.pods import pod_labels

        found: dict[tuple[str, str, str], list[tuple[KubeObject, Values]]] = {}
        for item in self.objects:
            labels = pod_labels(item)
            for key, text in labels.items():
                place = (item.id.namespace, key, str(text))
                found.setdefault(place, []).append((item, labels))
        return found

    @cached_property
    def targets(self) -> Targets:
        """The references between the objects, and what they refer to."""
        from gitops_gen.checks.targets import Targets

        return Targets(self)

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """The dependencies between the objects, with the order in which Argo CD syncs them."""
        from gitops_gen.checks.dependencies.graph import all_dependencies

        return tuple(all_dependencies(self))

    @cached_property
    def capacity(self) -> Capacity:
        """The numbers and the resources of the Pods."""
        from gitops_gen.checks.capacity.pod_sets import Capacity

        return Capacity(self)

    @cached_property
    def traffic(self) -> Traffic:
        """The Pods, the Services, and the flows between them."""
        from gitops_gen.checks.traffic.traffic import Traffic

        return Traffic(self)

    # What is not among the objects

    def is_first_party(self, item: KubeObject) -> bool:
        """Whether a chart of gitops-gen renders the object."""
        component = self.components.get(item.component)
        return component is not None and component.source.is_first_party

    @cached_property
    def not_hydrated(self) -> Sequence[Component]:
        """The components whose charts Argo CD renders, so their objects are not available."""
        return [one for one in self.components.values() if not one.source.is_hydrated]

    def possible_owner(self, identity: ObjectId) -> Component | None:
        """The component that may create an object, although its objects are not available."""
        for component in self.not_hydrated:
            namespaces = {component.namespace} | component.touches
            if identity.namespace in namespaces or (
                not identity.namespace and identity.group_kind in component.cluster_kinds
            ):
                return component
        return None


def not_hydrated_reason(component: Component) -> str:
    return f"Argo CD renders the chart of {component.name}, so its objects are not available"


def _stored(
    item: KubeObject, components: Mapping[str, Component], cluster_kinds: frozenset[GroupAndKind]
) -> KubeObject:
    component = components.get(item.component)
    identity = stored_identity(item.id, component) if component else item.id
    if identity.group_kind in cluster_kinds:
        identity = replace(identity, namespace="")
    return item if identity == item.id else replace(item, id=identity)


def _cluster_kinds(objects: Iterable[KubeObject]) -> Iterator[GroupAndKind]:
    """Yields the cluster-scoped kinds that the CRDs among the objects define."""
    for item in objects:
        if item.id.group_kind != CRD or b"Cluster" not in item.content:
            continue
        if value_at(item.value, "spec", "scope") == "Cluster":
            yield _defined_kind(item)


def _defined_kind(definition: KubeObject) -> GroupAndKind:
    spec = as_map(value_at(definition.value, "spec"))
    return str(spec.get("group")), str(value_at(spec, "names", "kind"))


def annotations_of(item: KubeObject) -> Mapping[str, str]:
    """The annotations of an object. Texts only: other values are not valid."""
    found = as_map(value_at(item.value, "metadata", "annotations"))
    return {key: text for key, text in found.items() if isinstance(text, str)}


def maps_in(value: object, *path: str | int) -> Iterator[tuple[int, Values]]:
    """Yields the maps in the list at a path, with their indexes."""
    for index, item in enumerate(as_list(value_at(value, *path))):
        if isinstance(item, dict):
            yield index, item
