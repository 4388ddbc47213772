"""The request for a render, the listener for its messages, and its results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.model import Excused, Finding

if TYPE_CHECKING:
    from gitops_gen.render.release_reports import ReleaseReport
    from gitops_gen.tree import Changes


@dataclass(frozen=True, slots=True)
class Shard:
    """The part `number` of `count` parts of a fleet, for machines that each render one part.

    The part of an environment depends only on its name, so that it stays the same if others are
    added, removed or left out.
    """

    number: int
    """From 1 to `count`."""
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def of(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if self._contains(name))

    def _contains(self, name: str) -> bool:
        from hashlib import blake2b

        digest = blake2b(name.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self.count == self.number - 1


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """The environments to render: those in `names`, or all if it is empty."""

    root: str
    names: tuple[str, ...] = ()
    check: bool = False
    """Whether to compare only, without any write to the repository."""
    out: str | None = None
    """Another folder to write to or to compare with."""
    jobs: int = 1
    shard: Shard | None = None
    """Leaves out the environments of the other shards."""

    @property
    def target(self) -> str:
        return self.out or self.root

    def of_shard(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return names if self.shard is None else self.shard.of(names)


@dataclass(frozen=True, slots=True)
class Listener:
    """Callbacks of a run: `note` for messages to the user, `progress` for each step."""

    note: Callable[[str], None]
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Counted:
    """Objects or files by what happens to them, sorted."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Returns the words of messages, each with its objects or files."""
        return ("new", self.new), ("changed", self.changed), ("removed", self.removed)


@dataclass(frozen=True, slots=True)
class ObjectChanges:
    objects: Counted = Counted()
    """The objects that Argo CD syncs, including the Applications, as `Kind namespace/name`."""
    other_files: Counted = Counted()
    """The paths of all other files, for example those of the umbrella."""


@dataclass(frozen=True, slots=True)
class RenderOutcome:
    """The result for one environment. `changes` is None if it was already up to date."""

    name: str
    changes: Changes | None = None
    objects: int | None = None
    """The number of rendered objects; None if the environment was not rendered."""
    warnings: tuple[Finding, ...] = ()
    excused: tuple[Excused, ...] = ()
    gone: bool = False
    """Whether the values file no longer exists, so that the generated files are removed."""
    removed_data: tuple[str, ...] = ()
    """One line per removed object that holds data, about what happens to it in the cluster."""

    object_changes: ObjectChanges = ObjectChanges()
    """What happens to the objects, and to all other files."""
    releases: tuple[ReleaseReport, ...] = ()
    """What became of the objects that Helm printed for each locked chart."""

    @property
    def stale(self) -> bool:
        """Whether the disk differed from the rendering, including foreign files."""
        changes = self.changes
        return changes is not None and (changes.pending or bool(changes.foreign))
