"""What is to be rehearsed: the trees, what of them can be, and what has to stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gitops_gen.model import Values
from gitops_gen.rehearse import manifests
from gitops_gen.rehearse.dry_run import located
from gitops_gen.rehearse.known import Known
from gitops_gen.rehearse.manifests import APPLICATION, Manifest, Manifests
from gitops_gen.rehearse.repository import Address, address
from gitops_gen.rehearse.result import Identity, LeftOut, Mode
from gitops_gen.rehearse.servers import standins
from gitops_gen.rehearse.servers.api import Resource
from gitops_gen.rehearse.servers.argocd import Settings
from gitops_gen.rehearse.servers.tools import Tools

ROOT = "root"
CRDS = "crds:"
CRD = "CustomResourceDefinition"
Served = Mapping[tuple[str, str], Resource]


@dataclass(frozen=True, slots=True)
class Push:
    """A tree to be pushed."""

    name: str
    """What the phase is called."""
    revision: str
    """What the user calls it."""
    root: Path
    """The folder that holds argocd/ and rendered/."""
    known: Known = field(repr=False, default=Known())


def subject(pushes: Sequence[Push]) -> Push:
    """What the rehearsal is about: what comes after the base, and before the way back to it."""
    return pushes[min(1, len(pushes) - 1)]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a rehearsal has to know."""

    environment: str
    mode: Mode
    tools: Tools
    folder: Path
    pushes: tuple[Push, ...]
    settings: Settings
    pace: float = 5.0
    """Seconds between two comparisons, while nothing new comes."""
    keep: bool = False
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    """What runs: program -> version."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The trees of a plan, read."""

    trees: Mapping[str, Manifests]
    address: Address
    left_out: tuple[LeftOut, ...]
    groups: frozenset[str]
    """API groups that an add-on would serve which is left out."""

    @property
    def skipped(self) -> frozenset[str]:
        return frozenset(item.what for item in self.left_out)

    def rehearsed(self, tree: Manifests, served: Served) -> list[Manifest]:
        """The objects that Argo CD gets to see, Applications and projects included."""
        items = [*tree.applications, *tree.objects]
        return [located(item, served) for item in items if item.component not in self.skipped]

    def expected(self, tree: Manifests) -> frozenset[str]:
        """The Applications that there will be."""
        names = {m.object.name for m in tree.applications if m.object.kind == APPLICATION}
        return frozenset({ROOT, *names} - self.skipped)

    def ours(self, served: Served) -> frozenset[Identity]:
        """Every object of any of the trees."""
        every = (m for tree in self.trees.values() for m in (*tree.objects, *tree.applications))
        return frozenset(located(item, served).object for item in every)

    def manifests(self) -> Iterator[Manifest]:
        """Those of all trees, the Applications and projects included."""
        for tree in self.trees.values():
            yield from (*tree.bootstrap, *tree.applications, *tree.objects)

    def kinds(self) -> set[tuple[str, str]]:
        every = (m.object for tree in self.trees.values() for m in tree.objects)
        return {(own.api_version, own.kind) for own in every}


def scene(plan: Plan) -> Scene:
    trees = {push.name: manifests.read(push.root, plan.environment) for push in plan.pushes}
    at = address(trees[plan.pushes[-1].name], plan.environment)
    left_out = _left_out(trees.values(), at)
    skipped = {item.what for item in left_out}
    groups = frozenset(g for push in plan.pushes for g in _groups(push.known, skipped))
    return Scene(trees, at, left_out, groups & standins.crd_groups().keys())


def named(pushes: Iterable[Push]) -> tuple[list[str], list[Values]]:
    """Namespaces and Secrets that values name, with made-up content."""
    found: dict[tuple[str, str], set[str]] = {}
    for secret in (s for push in pushes for c in push.known.components for s in c.secrets):
        found.setdefault((secret.namespace, secret.name), set()).update(secret.keys)
    secrets = [_made_up(*place, sorted(keys)) for place, keys in sorted(found.items())]
    return sorted({namespace for namespace, _ in found}), secrets


def not_rehearsed(left_out: Iterable[LeftOut]) -> Iterator[LeftOut]:
    yield from left_out
    yield LeftOut("admission webhooks", "the controllers behind them do not run")
    yield LeftOut("images", "are never pulled: no container runs, no probe is asked")


def _left_out(trees: Iterable[Manifests], at: Address) -> tuple[LeftOut, ...]:
    """Applications that take their manifests from elsewhere than this repository."""
    found: dict[str, LeftOut] = {}
    for item in (m for tree in trees for m in tree.applications):
        source = (item.value.get("spec") or {}).get("source") or {}
        if item.object.kind == APPLICATION and source.get("repoURL") != at.url:
            chart = f"chart {source.get('chart')} {source.get('targetRevision')}"
            what = chart if "chart" in source else "manifests"
            why = f"{what} of {source.get('repoURL')}: no network in a rehearsal"
            found[item.object.name] = LeftOut(item.object.name, why)
    return tuple(found[name] for name in sorted(found))


def _groups(known: Known, skipped: set[str]) -> Iterator[str]:
    for component in known.components:
        if component.name in skipped:
            names = (name for name in component.provides if name.startswith(CRDS))
            yield from (name.removeprefix(CRDS) for name in names)


def _made_up(namespace: str, name: str, keys: Iterable[str]) -> Values:
    docker = ".dockerconfigjson"
    data = {key: '{"auths":{}}' if key == docker else "made-up" for key in keys}
    kind = "kubernetes.io/dockerconfigjson" if docker in data else "Opaque"
    metadata = {"name": name, "namespace": namespace}
    whole = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
    return {**whole, "stringData": data, "type": kind}
