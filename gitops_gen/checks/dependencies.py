"""Which objects must exist before others can be synced, and in which order Argo CD syncs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.checks.view import APP_PROJECT, NAMESPACE, EnvironmentView, annotations_of
from gitops_gen.model import Path
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import APPLICATION, sync_wave
from gitops_gen.render.hydrate.protection import options

HOOK = "argocd.argoproj.io/hook"
HELM_HOOK = "helm.sh/hook"
HELM_WEIGHT = f"{HELM_HOOK}-weight"
SYNC_WAVE = "argocd.argoproj.io/sync-wave"
_PHASES = {"PreSync": -1, "Sync": 0, "PostSync": 1}
_HELM_PHASES = {
    "crd-install": 0,
    "pre-install": -1,
    "pre-upgrade": -1,
    "post-install": 1,
    "post-upgrade": 1,
}


@dataclass(frozen=True, eq=False)
class Dependency:
    """An object that is not healthy, or is refused, as long as another object does not exist."""

    source: KubeObject
    path: Path
    """The field of the source that names the target."""
    target: KubeObject


def dependencies(view: EnvironmentView) -> Iterator[Dependency]:
    """Yields the dependencies between the objects of the components' Applications."""
    for reference in view.targets.references:
        target = view.targets.rendered(reference.target) if reference.blocks else None
        if target is not None and target is not reference.source:
            yield Dependency(reference.source, reference.path, target)
    namespaces = {item.id.name: item for item in view.of_kind(NAMESPACE)}
    for item in view.objects:
        if item.id.group_kind in (APPLICATION, APP_PROJECT):
            continue
        if namespace := namespaces.get(item.id.namespace):
            yield Dependency(item, ("metadata", "namespace"), namespace)
        if (definition := view.definitions.get(item.id.group_kind)) is not None:
            yield Dependency(item, ("kind",), definition)


def place_in_sync(item: KubeObject) -> tuple[int, int] | None:
    """The phase and the wave in which its Application syncs an object first.

    The result is None for a hook that is not part of a sync, such as one that runs after a failure.
    """
    phase = _phase(item)
    return None if phase is None else (phase, _wave(item))


def _wave(item: KubeObject) -> int:
    """The sync wave. Argo CD takes the weight of a Helm hook for its wave."""
    weight = annotations_of(item).get(HELM_WEIGHT, "0")
    if SYNC_WAVE in annotations_of(item) or not re.fullmatch(r"[+-]?[0-9]+", weight):
        return sync_wave(item)
    return int(weight)


def _phase(item: KubeObject) -> int | None:
    found = dict(annotations_of(item))
    hooks = options(found, HOOK)
    if hooks:
        phases = [_PHASES[name] for name in hooks if name in _PHASES]
        return min(phases) if phases else 0 if hooks == ["Skip"] else None
    helm_hooks = options(found, HELM_HOOK)
    phases = [_HELM_PHASES[name] for name in helm_hooks if name in _HELM_PHASES]
    return min(phases) if phases else None if helm_hooks else 0


def described(place: tuple[int, int]) -> str:
    names = {phase: name for name, phase in _PHASES.items()}
    return f"phase {names[place[0]]}, wave {place[1]}"
