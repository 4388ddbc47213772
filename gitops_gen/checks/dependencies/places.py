"""When Argo CD syncs an object: the wave of its Application, its phase, its wave and its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gitops_gen.checks.view import EnvironmentView, annotations_of
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import sync_wave
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
_KINDS = (
    *("Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy"),
    *("PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap"),
    *("StorageClass", "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition"),
    *("ClusterRole", "ClusterRoleList", "ClusterRoleBinding", "ClusterRoleBindingList"),
    *("Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod"),
    *("ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler"),
    *("StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService"),
)
_KIND_ORDER = {kind: number for number, kind in enumerate(_KINDS)}
"""The order in which Argo CD applies the objects of one wave. All other kinds come last."""
LAST_KIND = len(_KINDS)


@dataclass(frozen=True, slots=True)
class SyncPlace:
    """The place of an object in the order in which Argo CD syncs an environment."""

    application: str
    application_wave: int
    """The wave of the Application under the root Application."""
    phase: int
    wave: int
    """The wave of the object in its Application."""
    kind_order: int
    """The order of the kinds in one wave, in which Argo CD waits for nothing."""

    @property
    def in_application(self) -> tuple[int, int]:
        return self.phase, self.wave

    def __str__(self) -> str:
        names = {phase: name for name, phase in _PHASES.items()}
        return f"phase {names[self.phase]}, wave {self.wave}"


def place_of(view: EnvironmentView, item: KubeObject) -> SyncPlace | None:
    """Returns when an object is synced first.

    The result is None for a hook that is not part of a sync, such as one that runs after a failure.
    """
    phase = _phase(item) if _has_order(item) else 0
    if phase is None:
        return None
    wave = _wave(item) if _has_order(item) else 0
    application = view.applications.get(item.component)
    application_wave = sync_wave(application) if application else 0
    order = _KIND_ORDER.get(item.id.kind, LAST_KIND)
    return SyncPlace(item.component, application_wave, phase, wave, order)


def _has_order(item: KubeObject) -> bool:
    """Whether an object can have annotations about its order. This parses nothing."""
    return b"argocd.argoproj.io" in item.content or b"helm.sh" in item.content


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
