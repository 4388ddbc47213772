"""The verified archives of the locked charts of a revision, without a network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gitops_gen.charts.cache import ArchiveStore
from gitops_gen.charts.lock import Lock, LockedChart, read_lock
from gitops_gen.model import Pin
from gitops_gen.revisions import Revision

if TYPE_CHECKING:
    from gitops_gen.render.helm_runs.upstream_chart import UpstreamArchive


@dataclass(frozen=True)
class UpstreamArchives:
    """Archives by their digests. Each is read and verified once."""

    revision: Revision
    _found: dict[str, UpstreamArchive] = field(default_factory=dict, repr=False)

    @cached_property
    def lock(self) -> Lock:
        return read_lock(self.revision)

    @property
    def digests(self) -> dict[Pin, str]:
        return {chart.pin: chart.archive_sha256 for chart in self.lock.charts}

    @property
    def app_versions(self) -> dict[Pin, str]:
        return {chart.pin: chart.app_version for chart in self.lock.charts if chart.app_version}

    def holds(self, digest: str) -> bool:
        """Whether the archive is on this machine."""
        return digest in self._found or self._store.holds(self._locked(digest))

    def label(self, digest: str) -> str:
        """The name and the version of a locked chart."""
        return self._locked(digest).label

    def get(self, digest: str) -> UpstreamArchive:
        """Returns the archive. Raises InvalidInput if it is missing or must not be used."""
        from gitops_gen.render.helm_runs.upstream_chart import UpstreamArchive

        if digest not in self._found:
            locked = self._locked(digest)
            archive = UpstreamArchive.of(locked, self._store.archive(locked))
            self._found[digest] = archive
        return self._found[digest]

    def all(self, digests: Iterable[str]) -> dict[str, UpstreamArchive]:
        return {digest: self.get(digest) for digest in digests}

    def missing(self, digests: Iterable[str]) -> tuple[LockedChart, ...]:
        """Returns the locked charts whose archives are not on this machine."""
        return tuple(self._locked(digest) for digest in digests if not self.holds(digest))

    @cached_property
    def _store(self) -> ArchiveStore:
        return ArchiveStore(self.revision)

    def _locked(self, digest: str) -> LockedChart:
        return next(one for one in self.lock.charts if one.archive_sha256 == digest)
