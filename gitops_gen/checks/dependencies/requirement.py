"""An object that needs another object, without the order in which both are synced."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_gen.checks.dependencies.dependency import Need
from gitops_gen.model import Path
from gitops_gen.objects.kube_object import KubeObject


@dataclass(frozen=True, eq=False, slots=True)
class Requirement:
    """The first fields of a `Dependency`."""

    source: KubeObject
    path: Path
    target: KubeObject
    need: Need
    webhook: KubeObject | None = None
