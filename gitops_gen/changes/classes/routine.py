"""Changes of the shape that a release or an update of dependencies has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.objects.fields import FieldDifference

ROUTINE = ChangeClass(
    "routine",
    rank=13,
    title="Only images, chart versions, version labels or checksums differ",
    certainty=Certainty.RULE,
    why="Most pull requests have this shape. It describes the fields that change, and does not "
    "promise that the new version works.",
    remedy="Nothing.",
    is_danger=False,
)
_NAMES = frozenset({"helm.sh/chart", "app.kubernetes.io/version", "targetRevision"})
_CHECKSUM = re.compile(r"checksum/.*|.*[-/.](hash|checksum|digest)")


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    del environment
    if change.is_update and change.fields and all(map(_is_routine, change.fields)):
        yield ROUTINE.consequence("only images, versions or checksums differ")


def _is_routine(difference: FieldDifference) -> bool:
    last = difference.names[-1] if difference.names else ""
    both = difference.before is not None and difference.after is not None
    is_image = last == "image" and isinstance(difference.after, str)
    return both and (is_image or last in _NAMES or _CHECKSUM.fullmatch(last) is not None)
