"""Image references and versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_gen.changes.result import ObjectDifference
from gitops_gen.objects.fields import FieldDifference

_VERSION = re.compile(r"v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:[-+._].*)?")
_FIRST_YEAR = 1900
"""A number from here on is the year or the number of a build, and not a major version."""
_DATABASES = ("postgres", "postgresql", "postgis", "mysql", "mariadb", "mongo", "mongodb")
"""Databases whose files another major version cannot read."""


@dataclass(frozen=True, slots=True, order=True)
class VersionNumber:
    major: int
    minor: int
    patch: int


def version_of(text: str) -> VersionNumber | None:
    """The version in a tag such as `17.10-bookworm`; None for dates, digests and words."""
    match = _VERSION.fullmatch(text)
    if match is None or int(match[1]) >= _FIRST_YEAR or not (match[2] or len(match[1]) <= 2):
        return None
    return VersionNumber(*(int(part or 0) for part in match.groups()))


def split_image(image: str) -> tuple[str, str]:
    """The name and the tag of an image reference; the tag is empty if there is none."""
    name = image.partition("@")[0]
    last = name.rpartition("/")[2]
    if ":" not in last:
        return name, ""
    base, _, tag = name.rpartition(":")
    return base, tag


def image_changes(change: ObjectDifference) -> Iterator[tuple[FieldDifference, str, str]]:
    """Yields each changed image of a container that both revisions have."""
    for difference in change.fields:
        is_image = difference.names[-1:] == ("image",) and "spec" in difference.names
        old, new = difference.before, difference.after
        if is_image and isinstance(old, str) and isinstance(new, str):
            yield difference, old, new


def database_major(old: str, new: str) -> bool:
    """Whether both images are the same database, in another major version."""
    (old_name, old_tag), (new_name, new_tag) = split_image(old), split_image(new)
    before, after = version_of(old_tag), version_of(new_tag)
    is_database = old_name.rpartition("/")[2] in _DATABASES and old_name == new_name
    return is_database and before is not None and after is not None and before.major != after.major
