"""Larger volumes of a StatefulSet, which the API server refuses until a procedure is followed."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_gen.changes.context import STATEFUL_SET, EnvironmentContext, replicas
from gitops_gen.changes.result import ObjectDifference
from gitops_gen.components.quantities import value as number_of
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.plain import as_list, value_at

_SIZE = ("spec", "volumeClaimTemplates", "spec", "resources", "requests", "storage")
_STORAGE_CLASS = ("storage.k8s.io", "StorageClass")
_MOST_CLAIMS = 3


@dataclass(frozen=True, slots=True, eq=False)
class VolumeGrowth:
    """A StatefulSet of which only the sizes in the claim templates are refused, and are larger."""

    change: ObjectDifference

    @classmethod
    def of(cls, change: ObjectDifference) -> VolumeGrowth | None:
        is_update = change.id.group_kind == STATEFUL_SET and change.is_update
        if is_update and change.refused_fields and all(map(_grows, change.refused_fields)):
            return cls(change)
        return None

    @property
    def remedy(self) -> str:
        """What to do, with the command for this StatefulSet."""
        identity = self.change.id
        return (
            f"Grow {self._claims}, merge, and delete the StatefulSet without its Pods when Argo CD "
            f"has read the commit: `kubectl -n {identity.namespace} delete statefulset "
            f"{identity.name} --cascade=orphan`. docs/database.md#growing-the-volume has all "
            "steps. Accept the change to state that somebody follows them."
        )

    def obstacle(self, environment: EnvironmentContext) -> str:
        """Why the claims cannot grow either; empty if that is not known."""
        for template in as_list(value_at(self.change.new, "spec", "volumeClaimTemplates")):
            name = value_at(template, "spec", "storageClassName")
            for item in environment.of_kind(environment.head, _STORAGE_CLASS):
                if item.id.name == name and item.value.get("allowVolumeExpansion") is not True:
                    return f"StorageClass {name} does not allow volume expansion"
        return ""

    @property
    def _claims(self) -> str:
        templates = as_list(value_at(self.change.new, "spec", "volumeClaimTemplates"))
        names = [
            f"{value_at(template, 'metadata', 'name')}-{self.change.id.name}-{number}"
            for template in templates
            for number in range(replicas(self.change.old))
        ]
        more = f" and {len(names) - _MOST_CLAIMS} more" if len(names) > _MOST_CLAIMS else ""
        return f"the PersistentVolumeClaims {', '.join(names[:_MOST_CLAIMS])}{more}"


def _grows(difference: FieldDifference) -> bool:
    if difference.names != _SIZE:
        return False
    try:
        return number_of(str(difference.after)) > number_of(str(difference.before))
    except ValueError:
        return False
