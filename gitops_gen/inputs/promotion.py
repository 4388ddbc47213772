"""Copies a release from one environment to another.

A release consists of the tags and digests of the images of all tiers. Other values are copied only
on request. A value of the target that another layer than its own file sets is not overridden,
because the layer was chosen on purpose: values/base.yaml is for all environments, and Terraform
writes the files in values/clusters/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files
from gitops_gen.inputs.assign import BadAssignment, require_in_schema
from gitops_gen.inputs.images import Place
from gitops_gen.inputs.layers import PlainValues, value_at
from gitops_gen.inputs.load import Loader
from gitops_gen.model import FieldPath, Finding, Path, Position, Rule, dotted

RULE = Rule(
    "promotion",
    title="A promoted value can be written to the file of the target environment",
    why="If another layer sets the value of the target, such as values/base.yaml for all "
    "environments, writing it to the file of the target would hide that layer from then on.",
    remedy="Change the value in the layer that the message names, or set it once in the file of "
    "the target environment with `gitops-gen set`.",
)
_TIERS = "tiers"
_PARTS = ("tag", "digest")


@dataclass(frozen=True)
class Promotion:
    """A release of the environment `source` for the environment `target`.

    `only` are the requested paths. It is empty for the whole release.
    """

    loader: Loader
    source: str
    target: str
    only: tuple[Path, ...] = ()

    @cached_property
    def values(self) -> dict[Path, Any]:
        """The values to set. Raises InvalidInput if another layer sets one of them."""
        paths = dict.fromkeys(self._selected())
        differing = {path: value for path in paths if (value := self._new(path)) is not _SAME}
        if refused := list(self._refused(differing)):
            raise InvalidInput(refused)
        return differing

    def notes(self) -> Iterator[str]:
        """Yields a line for each tier of the source that is not a part of the release."""
        for name in self._tiers_of(self._before):
            if not self.only and name not in self._tiers_of(self._after):
                yield f"tiers.{name} is not promoted, because it does not exist in {self.target}"

    @cached_property
    def _before(self) -> PlainValues:
        return self.loader.merged(self.source)

    @cached_property
    def _after(self) -> PlainValues:
        return self.loader.merged(self.target)

    def _tiers_of(self, merged: PlainValues) -> dict[str, Any]:
        tiers = merged.values.get(_TIERS)
        return tiers if isinstance(tiers, dict) else {}

    # The paths

    def _selected(self) -> Iterator[Path]:
        if not self.only:
            yield from self._release
        for path in self.only:
            of_release = [one for one in self._release if one[: len(path)] == path]
            yield from of_release or self._leaves(path)

    @cached_property
    def _release(self) -> tuple[Path, ...]:
        """The tags and digests of the tiers that are enabled in the source and in both."""
        places = [place for place in self.loader.image_places if place[0] == _TIERS]
        return tuple(
            (*image, part)
            for name, tier in self._tiers_of(self._before).items()
            if name in self._tiers_of(self._after) and _is_enabled(tier)
            for place in places
            for image in _images(tier, (_TIERS, name), place[2:])
            for part in _PARTS
        )

    def _leaves(self, path: Path) -> list[Path]:
        """Returns the paths of the values below a requested path, in both environments."""
        file = files.environment_file(self.target)
        try:
            require_in_schema(path, self.loader.schema(self.target))
        except BadAssignment as error:
            raise error.within(file) from error
        values = (value_at(one.values, path) for one in (self._before, self._after))
        if path not in self._before.marks:
            text = f"{dotted(path)}: {self.source} has no such value; name a path that it sets"
            place = Position(files.environment_file(self.source))
            raise InvalidInput.at(place, text, RULE)
        return list(dict.fromkeys(leaf for value in values for leaf in _leaves(path, value)))

    # The values

    def _new(self, path: Path) -> Any:
        old, new = value_at(self._after.values, path), value_at(self._before.values, path)
        return _SAME if repr(old) == repr(new) else new

    def _refused(self, paths: Iterable[Path]) -> Iterator[Finding]:
        own_file = files.environment_file(self.target)
        for path in paths:
            mark = self._after.marks.get(path)
            if mark is None or mark.default or mark.value.file == own_file:
                continue
            text = (
                f"{dotted(path)}: this layer sets the value of {self.target}, and promote changes "
                f"only {own_file}; change it here, or override it there first: gitops-gen set "
                f"{self.target} {dotted(path)}=VALUE"
            )
            yield Finding(RULE, text, mark.value, field=FieldPath(path))


_SAME = object()
"""Stands for a value that is equal in both environments; None stands for a value to remove."""


def _is_enabled(tier: Any) -> bool:
    return not isinstance(tier, dict) or tier.get("enabled") is not False


def _images(value: Any, path: Path, place: Place) -> Iterator[Path]:
    """Yields the paths of the images at `place` of a value."""
    if not place:
        yield path
    elif isinstance(value, dict):
        keys: Sequence[str] = list(value) if place[0] == "*" else [place[0]]
        for key in keys:
            if key in value:
                yield from _images(value[key], (*path, key), place[1:])


def _leaves(path: Path, value: Any) -> Iterator[Path]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves((*path, key), item)
    elif value is not None:
        yield path
