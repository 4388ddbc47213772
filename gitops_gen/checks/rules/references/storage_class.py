"""Every StorageClass that an object names exists."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.references import ReferenceKind
from gitops_gen.checks.targets import unresolved
from gitops_gen.checks.view import EnvironmentView, ObjectIssue, Undetermined
from gitops_gen.model import Rule

RULE = Rule(
    "reference-storage-class",
    title="Every StorageClass that an object names exists",
    why="Without its StorageClass, a volume claim stays Pending, and the Pods that use it do "
    "not start.",
    remedy="Use the class gp2 of EKS, or define the class in platform.storageClasses. If "
    "something outside of this repository creates it, excuse the finding.",
    excusable=True,
    bad="""\
kind: PersistentVolumeClaim
spec: {storageClassName: gp3-fast}""",
    good="""\
kind: PersistentVolumeClaim
spec: {storageClassName: gp2}""",
)


def problems(view: EnvironmentView) -> Iterator[ObjectIssue | Undetermined]:
    # The rule postgres-storage-class checks the values themselves.
    return unresolved(view, ReferenceKind.STORAGE_CLASS, of_charts=True)
