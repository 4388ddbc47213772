"""The Pod Security Standards: what they require of a Pod, and the namespaces that enforce them.

Kubernetes applies the standard of the label `pod-security.kubernetes.io/enforce` of a namespace to
each Pod, not to the Deployment that creates the Pods. The controls and their names are those of
https://kubernetes.io/docs/concepts/security/pod-security-standards/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gitops_gen.checks.baseline_controls import BASELINE
from gitops_gen.checks.pod_templates import NEWEST, Control
from gitops_gen.checks.restricted_controls import RESTRICTED
from gitops_gen.checks.view import NAMESPACE, EnvironmentView
from gitops_gen.model import ObjectId
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.plain import as_map, value_at

ENFORCE = "pod-security.kubernetes.io/enforce"
_VERSION = re.compile(r"v1\.([0-9]{1,3})")
STRICTEST = (*BASELINE, *RESTRICTED)
_CONTROLS: Mapping[str, tuple[Control, ...]] = {"baseline": BASELINE}


@dataclass(frozen=True, slots=True)
class EnforcedStandard:
    """The standard that the label of a namespace enforces."""

    namespace: KubeObject
    level: str
    minor: int

    @property
    def controls(self) -> tuple[Control, ...]:
        """The controls. Kubernetes applies `restricted` if the level is not valid."""
        return () if self.level == "privileged" else _CONTROLS.get(self.level, STRICTEST)


def enforced_standard(view: EnvironmentView, item: KubeObject) -> EnforcedStandard | None:
    """The standard that is enforced for the Pods of an object; None if that is not known."""
    namespace = view.by_id.get(ObjectId(*NAMESPACE, "", item.id.namespace))
    labels = as_map(value_at(namespace.value, "metadata", "labels")) if namespace else {}
    if namespace is None or ENFORCE not in labels:
        return None
    match = _VERSION.fullmatch(str(labels.get(f"{ENFORCE}-version")))
    return EnforcedStandard(namespace, str(labels[ENFORCE]), int(match[1]) if match else NEWEST)
