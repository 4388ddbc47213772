"""Every ConfigMap that an object names exists, with the keys that it uses."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-config-map",
    title="Every ConfigMap that an object names exists, with the keys that it uses",
    why="The kubelet does not start a container without its ConfigMap, so the Application "
    "never becomes healthy.",
    remedy="Correct the name or the key, or render the ConfigMap in the same namespace. If "
    "something outside of this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: ConfigMap
metadata: {name: settings}
data: {mode: fast}
---
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          envFrom: [{configMapRef: {name: setings}}]""",
    good="""\
kind: ConfigMap
metadata: {name: settings}
data: {mode: fast}
---
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          envFrom: [{configMapRef: {name: settings}}]""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    return unresolved(view, ReferenceKind.CONFIG_MAP)
