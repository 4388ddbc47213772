"""Containers whose root file system is writable."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.pod_templates import named
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.checks.workloads import workloads
from gitops_gen.model import Rule, Severity
from gitops_gen.objects.plain import value_at

RULE = Rule(
    "security-root-filesystem",
    title="The root file system of every container is read-only",
    why="On a writable file system, an attacker can install programs and change those of the "
    "image.",
    remedy="Set `readOnlyRootFilesystem: true` in the securityContext of the container, and mount "
    "an emptyDir where the process writes. If it writes everywhere, excuse the finding.",
    severity=Severity.NOTE,
    excusable=True,
    bad="""\
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web}]""",
    good="""\
kind: Deployment
spec:
  template:
    spec:
      volumes: [{name: tmp, emptyDir: {}}]
      containers:
        - name: web
          securityContext: {readOnlyRootFilesystem: true}
          volumeMounts: [{name: tmp, mountPath: /tmp}]""",
)
_FIELD = ("securityContext", "readOnlyRootFilesystem")


def problems(view: EnvironmentView) -> Iterator[ObjectIssue]:
    for pod in workloads(view):
        for path, container in () if pod.is_windows else pod.containers:
            if value_at(container, *_FIELD) is not True:
                text = f"{named(path, container)} does not set readOnlyRootFilesystem to true"
                yield ObjectIssue(pod.item, f"{pod.item.id}: {text}", (*path, *_FIELD))
