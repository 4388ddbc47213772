"""New major versions and downgrades of images and charts, and other images."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.changes.context import EnvironmentContext
from gitops_gen.changes.definitions import CRD, DefinitionChanges
from gitops_gen.changes.images import image_changes, split_image, version_of
from gitops_gen.changes.result import Certainty, ChangeClass, Consequence, ObjectDifference
from gitops_gen.objects.plain import value_at
from gitops_gen.objects.reading import APPLICATION

VERSION = ChangeClass(
    "version",
    rank=9,
    title="Another image, another major version, an older one, or one that is no longer served",
    certainty=Certainty.HEURISTIC,
    why="A tag is compared as a version number: a new major version may be incompatible, and an "
    "older version may not read what the newer one wrote. Dates and digests are not compared.",
    remedy="Read the release notes, and merge the change on its own.",
)


def consequences(
    change: ObjectDifference, environment: EnvironmentContext
) -> Iterator[Consequence]:
    del environment
    for difference, old, new in image_changes(change):
        (old_name, old_tag), (new_name, new_tag) = split_image(old), split_image(new)
        if old_name != new_name:
            message = f"another image: {new_name} instead of {old_name}"
            yield VERSION.consequence(message, difference)
        elif text := _comparison(old_tag, new_tag):
            yield VERSION.consequence(f"{text} of {new_name}", difference)
    if change.is_update and change.id.group_kind == CRD:
        for name in DefinitionChanges.of(change).removed:
            message = f"{name} of the kind is no longer served: requests for it fail"
            yield VERSION.consequence(message, certainty=Certainty.EXACT)
    if change.is_update and change.id.group_kind == APPLICATION:
        for difference in change.below("spec", "source", "targetRevision"):
            chart = value_at(change.new, "spec", "source", "chart")
            text = _comparison(str(difference.before), str(difference.after))
            if chart and text:
                yield VERSION.consequence(f"{text} of chart {chart}", difference)


def _comparison(old: str, new: str) -> str:
    """What is notable about a new version; empty if nothing is."""
    before, after = version_of(old), version_of(new)
    if before is None or after is None or before == after:
        return ""
    if after < before:
        return f"downgrade from {old} to {new}"
    return f"new major version {after.major}" if after.major != before.major else ""
