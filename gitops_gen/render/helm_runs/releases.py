"""Renders releases: one run of `helm template` for each chart that is not part of the umbrella.

A release is rendered twice when it is seen for the first time: in two time zones, and if its chart
can ask for the time, more than a second apart. A difference is an error, because other machines
would render it differently, too. Its output is then kept in the cache of the user. Equal releases
of several environments are rendered once.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from gitops_gen.errors import GitopsGenError
from gitops_gen.helm import Executable, template
from gitops_gen.objects.layout import LARGEST_FOLDER
from gitops_gen.render.helm_runs import interruptible
from gitops_gen.render.helm_runs.chart_files import API_VERSIONS, UnusableArchive, chart_files
from gitops_gen.render.helm_runs.release_cache import ReleaseCache
from gitops_gen.render.hydrate.custom_kinds import CustomKind, custom_kinds
from gitops_gen.render.hydrate.documents import HelmDocument, documents

# Two components share the output of a release, and Argo CD reads each of their folders separately.
LARGEST_RELEASE = 2 * LARGEST_FOLDER
# The two time zones have different dates at any time.
_ZONES = ("Etc/GMT-14", "Etc/GMT+12")
# Seconds between two renders, so that a time in seconds differs.
_PAUSE = 1.1
_FORMAT = 1
"""A higher number makes the outputs in all caches invalid."""


class RenderedDifferently(GitopsGenError):
    """Two renders of a release differ."""

    def __init__(self, first: bytes, second: bytes) -> None:
        super().__init__("two renders of a release differ")
        self.first, self.second = first, second


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The input of Helm for one release."""

    chart: str
    """The folder of the chart, or the path of its archive, which is not part of the key."""
    digest: str
    """A digest of the content of the chart."""
    name: str
    namespace: str
    kube_version: str
    values: bytes
    """The YAML of the values that are merged over those of the chart."""
    api_versions: frozenset[str] = frozenset()
    pauses: bool = True
    """Whether the second render begins more than a second after the first one has ended."""

    def is_current(self) -> bool:
        """Whether the chart still has the digest. A user may edit a folder during a render."""
        if os.path.isfile(self.chart):
            return True
        try:
            return FolderContent.of(self.chart).digest == self.digest
        except (OSError, UnusableArchive):
            return False

    def key(self, helm: Executable) -> str:
        """A digest of everything that can change the output."""
        parts = {
            "format": _FORMAT,
            "helm": _identity(helm),
            "chart": self.digest,
            "release": [self.name, self.namespace, self.kube_version, sorted(self.api_versions)],
            "values": sha256(self.values).hexdigest(),
        }
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReleaseOutput:
    """The documents that Helm printed for a release, and the kinds that its CRDs define."""

    documents: tuple[HelmDocument, ...]
    kinds: frozenset[CustomKind]
    kinds_in_crds_folder: frozenset[CustomKind]

    @classmethod
    def of(cls, output: bytes) -> ReleaseOutput:
        found = tuple(documents(output))
        in_folder = custom_kinds(one for one in found if "/templates/" not in one.template)
        in_templates = custom_kinds(one for one in found if "/templates/" in one.template)
        return cls(found, in_folder | in_templates, in_folder)


def _identity(helm: Executable) -> list[str | int]:
    """The version of Helm, and what changes with its file: a user may have another build."""
    status = os.stat(helm.path)
    return [helm.version, status.st_size, status.st_mtime_ns]


@dataclass(frozen=True)
class ReleaseRuns:
    """The runs of Helm for the releases of all environments, at most `jobs` at the same time."""

    helm: Executable
    scratch: str
    jobs: int
    compares: bool = True
    """Whether releases that are not in the cache are rendered twice and kept there."""
    cache: ReleaseCache = field(default_factory=ReleaseCache.of_user)
    _outputs: dict[str, asyncio.Task[ReleaseOutput]] = field(default_factory=dict)

    async def output(self, release: Release) -> ReleaseOutput:
        """The output of Helm for a release.

        Raises RenderedDifferently, and the errors of `helm.template`.
        """
        key = release.key(self.helm)
        if key not in self._outputs:
            task = asyncio.ensure_future(self._parsed(key, release))
            task.add_done_callback(_retrieve)
            self._outputs[key] = task
        return await self._outputs[key]

    async def _parsed(self, key: str, release: Release) -> ReleaseOutput:
        output = await self._output(key, release)
        with interruptible.synchronous_work():
            return ReleaseOutput.of(output)

    async def _output(self, key: str, release: Release) -> bytes:
        cached = self.cache.get(key)
        if cached is not None:
            return cached
        values = os.path.join(self.scratch, f"{key}.values.yaml")
        with open(values, "wb") as file:
            file.write(release.values)
        if not self.compares:
            return await self._run(release, values, _ZONES[0])
        first, second = await self._twice(release, values)
        if first != second:
            raise RenderedDifferently(first, second)
        if release.is_current():
            self.cache.put(key, first)
        return first

    async def _twice(self, release: Release, values: str) -> tuple[bytes, bytes]:
        if not release.pauses:
            first, second = await asyncio.gather(
                *(self._run(release, values, zone) for zone in _ZONES)
            )
            return first, second
        first = await self._run(release, values, _ZONES[0])
        await asyncio.sleep(_PAUSE)
        return first, await self._run(release, values, _ZONES[1])

    async def _run(self, release: Release, values: str, zone: str) -> bytes:
        async with self._slots:
            return await template(
                self.helm,
                release.chart,
                release=release.name,
                namespace=release.namespace,
                kube_version=release.kube_version,
                values=values,
                zone=zone,
                largest=LARGEST_RELEASE,
                api_versions=release.api_versions,
            )

    @cached_property
    def _slots(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(self.jobs)


def _retrieve(task: asyncio.Task[ReleaseOutput]) -> None:
    """Marks the error of a release as handled, also if no environment waits for it any more."""
    if not task.cancelled():
        task.exception()


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What the output of a chart in a folder depends on."""

    digest: str
    reads_api_versions: bool

    @classmethod
    def of(cls, folder: str) -> FolderContent:
        """Reads all files. Raises UnusableArchive."""
        digest, reads = sha256(os.path.basename(folder).encode()), False
        for file in chart_files(folder):
            place = f"\0{file.path}\0{len(file.content)}\0"
            digest.update(place.encode("utf-8", "surrogateescape") + file.content)
            reads = reads or API_VERSIONS in file.content
        return cls(digest.hexdigest(), reads)
