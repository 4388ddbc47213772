"""Where an upstream chart is published: a chart repository over HTTP, or an OCI registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gitops_gen.charts.archive import ChartArchive, read_archive
from gitops_gen.charts.http_repository import Download, HttpRepository
from gitops_gen.charts.lock import LockedChart, LockedDependency
from gitops_gen.charts.oci_registry import OciRegistry
from gitops_gen.charts.sources import is_oci, normalized
from gitops_gen.charts.versions import ChartVersion, VersionRange, newest
from gitops_gen.charts.web import Web
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Finding, Pin, Rule

REPLACED = Rule(
    "chart-replaced",
    title="A publisher serves the archive that is locked",
    why="An archive with another digest has another content, although name and version are the "
    "same. The publisher replaced it, or somebody between manipulated it.",
    remedy="Ask the publisher. If the new archive is right, remove the entry from "
    "charts/upstream/charts.lock, and run `gitops-gen charts lock`.",
)


class Source(Protocol):
    """The charts at one address."""

    def versions(self, name: str) -> Mapping[str, str]:
        """Returns the versions of a chart, with the application version where it is stated."""

    def download(self, name: str, version: str) -> Download:
        """Returns the archive of a version."""


@dataclass(frozen=True)
class Publishers:
    """The sources that a run uses. What was read from a source is kept until the run ends."""

    web: Web
    _sources: dict[str, Source] = field(default_factory=dict, repr=False)

    def versions(self, pin: Pin) -> Mapping[str, str]:
        return self._source(pin.repository).versions(pin.chart)

    def newest(self, pin: Pin, admitted: VersionRange | None = None) -> ChartVersion:
        """Returns the newest version that a range admits, by default the newest release.

        Raises ToolFailed if there is none.
        """
        found = newest(self.versions(pin), admitted)
        if found is None:
            wanted = f"in the range {admitted.text}" if admitted else "that is a release"
            text = f"{pin.repository}: has no version of the chart {pin.chart} {wanted}"
            raise ToolFailed(text)
        return found

    def release(self, pin: Pin) -> tuple[Download, ChartArchive]:
        """Returns the checked archive of an exact version."""
        found = self._source(pin.repository).download(pin.chart, pin.version)
        archive = read_archive(found.data, found.origin)
        archive.require(pin)
        return found, archive

    def locked_archive(self, chart: LockedChart) -> bytes:
        """Returns the archive of a locked chart.

        Raises InvalidInput if the publisher serves an archive with another digest.
        """
        source = self._source(chart.source)
        if isinstance(source, OciRegistry):
            return source.archive(chart.name, chart.archive_sha256, chart.label).data
        found = source.download(chart.name, chart.version)
        if found.sha256 != chart.archive_sha256:
            raise InvalidInput([_replaced(chart, found)])
        return found.data

    def _source(self, repository: str) -> Source:
        address = normalized(repository)
        if address not in self._sources:
            kind = OciRegistry if is_oci(address) else HttpRepository
            self._sources[address] = kind(self.web, address)
        return self._sources[address]


def _replaced(chart: LockedChart, found: Download) -> Finding:
    text = (
        f"{found.origin} is not the locked archive of {chart.label}: its digest is "
        f"{found.sha256}, but {chart.archive_sha256} is locked; do not use it before the "
        "publisher confirms that it was replaced"
    )
    return Finding(REPLACED, text, chart.position)


def locked_chart(pin: Pin, found: Download, archive: ChartArchive, wanted: str) -> LockedChart:
    """Returns the entry of the lock for an archive. `wanted` is the version or range in the pin."""
    metadata = archive.metadata
    return LockedChart(
        name=pin.chart,
        version=pin.version,
        source=normalized(pin.repository),
        archive_sha256=found.sha256,
        oci_manifest=found.oci_manifest,
        version_range="" if wanted == pin.version else wanted,
        app_version=metadata.app_version,
        kube_version=metadata.kube_version,
        dependencies=tuple(
            LockedDependency(one.metadata.name, one.metadata.version, one.sha256)
            for one in archive.subcharts
        ),
    )
