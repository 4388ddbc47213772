"""Which objects must exist before others, and in which order Argo CD syncs them.

dependencies(view) -> tuple[Dependency, ...]

| module | purpose |
|---|---|
| `places` | the sync waves of an object and of its Application, its phase, and the order of kinds |
| `dependency` | one dependency, what the object needs it for, and whether the waves order it |
| `graph` | all dependencies of an environment |
| `creation` | on namespaces and CustomResourceDefinitions, without which an object is refused |
| `operation` | on what an object needs to be healthy, or uses when it runs |
| `webhooks` | on the Pods of admission webhooks |
"""

from gitops_gen.checks.dependencies.dependency import Dependency, Need, SyncOrder
from gitops_gen.checks.dependencies.graph import dependencies
from gitops_gen.checks.dependencies.places import HELM_HOOK, HOOK, SYNC_WAVE, SyncPlace

__all__ = [
    "HELM_HOOK",
    "HOOK",
    "SYNC_WAVE",
    "Dependency",
    "Need",
    "SyncOrder",
    "SyncPlace",
    "dependencies",
]
