"""The trees of a plan, and which part of them can be rehearsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import (
    EnvironmentObjects,
    is_application,
    read_environment,
)
from gitops_gen.rehearse.dry_run import ServedKinds, as_served
from gitops_gen.rehearse.plan import RehearsalPlan
from gitops_gen.rehearse.repository import Address, address
from gitops_gen.rehearse.result import LeftOut
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.servers import standins
from gitops_gen.revisions import WorkTree

ROOT = "root"
_CRDS = "crds:"


@dataclass(frozen=True, slots=True)
class RehearsedTrees:
    by_push: Mapping[str, EnvironmentObjects]
    address: Address
    left_out: tuple[LeftOut, ...]
    groups: frozenset[str]
    """API groups that an add-on would serve which is left out."""

    @property
    def left_out_names(self) -> frozenset[str]:
        return frozenset(item.name for item in self.left_out)

    def rehearsed(self, tree: EnvironmentObjects, served: ServedKinds) -> list[KubeObject]:
        """The objects that Argo CD syncs, Applications and projects included."""
        items = (*tree.applications, *tree.objects)
        left_out = self.left_out_names
        return [as_served(item, served) for item in items if item.component not in left_out]

    def expected(self, tree: EnvironmentObjects) -> frozenset[str]:
        """The names of the Applications that will exist."""
        names = {item.id.name for item in tree.applications if is_application(item.id)}
        return frozenset({ROOT, *names} - self.left_out_names)

    def owned(self, served: ServedKinds) -> frozenset[ObjectId]:
        """Every object that a component's Application or root syncs in any of the trees."""
        items = (
            item for tree in self.by_push.values() for item in (*tree.objects, *tree.applications)
        )
        return frozenset(as_served(item, served).id for item in items)

    def objects(self) -> Iterator[KubeObject]:
        """Those of all trees, the bootstrap included."""
        for tree in self.by_push.values():
            yield from tree

    def kinds(self) -> set[tuple[str, str]]:
        """(API version, kind) of what the components' Applications sync."""
        items = (item for tree in self.by_push.values() for item in tree.objects)
        return {(item.api_version, item.id.kind) for item in items}


def read_trees(plan: RehearsalPlan) -> RehearsedTrees:
    trees = {
        push.name: read_environment(WorkTree(str(push.root)), plan.environment)
        for push in plan.pushes
    }
    repository = address(trees[plan.pushes[-1].name], plan.environment)
    left_out = _left_out(trees.values(), repository)
    names = {item.name for item in left_out}
    groups = frozenset(group for push in plan.pushes for group in _groups(push.facts, names))
    return RehearsedTrees(trees, repository, left_out, groups & standins.crd_groups().keys())


def not_rehearsed(left_out: Iterable[LeftOut]) -> Iterator[LeftOut]:
    yield from left_out
    yield LeftOut("admission webhooks", "the controllers behind them do not run")
    yield LeftOut("images", "are never pulled: no container runs, no probe is asked")


def _left_out(trees: Iterable[EnvironmentObjects], repository: Address) -> tuple[LeftOut, ...]:
    """Applications whose manifests are not in the repository that is rehearsed."""
    found: dict[str, LeftOut] = {}
    for item in (item for tree in trees for item in tree.applications):
        source = (item.value.get("spec") or {}).get("source") or {}
        if is_application(item.id) and source.get("repoURL") != repository.url:
            chart = f"chart {source.get('chart')} {source.get('targetRevision')}"
            source_text = chart if "chart" in source else "manifests"
            reason = f"{source_text} of {source.get('repoURL')}: no network in a rehearsal"
            found[item.id.name] = LeftOut(item.id.name, reason)
    return tuple(found[name] for name in sorted(found))


def _groups(facts: RevisionFacts, left_out: set[str]) -> Iterator[str]:
    for component in facts.components:
        if component.name in left_out:
            crds = (name for name in component.provides if name.startswith(_CRDS))
            yield from (name.removeprefix(_CRDS) for name in crds)
