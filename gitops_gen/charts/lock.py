"""charts/upstream/charts.lock: the digests of all upstream charts in use.

`gitops-gen charts lock` writes the file. Its entries are sorted and separated by empty lines, so
that Git merges branches that change different charts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gitops_gen import yaml
from gitops_gen.charts.files import LOCK_FILE
from gitops_gen.charts.pins import is_chart_name
from gitops_gen.charts.sources import CREDENTIALS, normalized, problem_of
from gitops_gen.charts.versions import ChartVersion, VersionRange
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Document, Finding, Path, Pin, Position, Rule, Values
from gitops_gen.revisions import Revision

FORMAT = 1
_HEADER = f"""\
# The digests of the upstream charts in use. Written by `gitops-gen charts lock`; do not edit.
format: {FORMAT}
charts:
"""
_DIGEST = re.compile(r"[0-9a-f]{64}")

LOCK = Rule(
    "chart-lock",
    title=f"{LOCK_FILE} is the file that gitops-gen wrote",
    why="Archives of upstream charts are trusted only because their digests are in this file.",
    remedy="Restore the file from Git, or run `gitops-gen charts lock`, and review its change.",
)
NOT_LOCKED = Rule(
    "chart-not-locked",
    title="Every upstream chart in use is locked",
    why="Without the digest of its archive, a chart can change although its version does not.",
    remedy="Run `gitops-gen charts lock`, and commit the changed file.",
)


@dataclass(frozen=True, slots=True)
class LockedDependency:
    """A chart that is contained in the archive of another chart."""

    name: str
    version: str
    sha256: str
    """The digest over the names and the contents of its files."""


@dataclass(frozen=True, slots=True)
class LockedChart:
    """An upstream chart with the digest of its archive."""

    name: str
    version: str
    source: str
    """The address of the chart repository, as in the pin, without a slash at its end."""
    archive_sha256: str
    """The SHA-256 digest of the archive, as 64 hexadecimal digits."""
    oci_manifest: str = ""
    """The digest of the manifest in an OCI registry (`sha256:…`); empty for other repositories."""
    version_range: str = ""
    """The range of versions in the pin; empty if the pin has this version."""
    app_version: str = ""
    kube_version: str = ""
    """The range of Kubernetes versions that the chart requires; empty if it requires none."""
    dependencies: tuple[LockedDependency, ...] = ()
    position: Position = field(default=Position(LOCK_FILE), compare=False)

    @property
    def label(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def file_name(self) -> str:
        """The name of its archive in a chart repository and in charts/upstream/vendor."""
        return f"{self.name}-{self.version}.tgz"

    @property
    def pin(self) -> Pin:
        """What identifies the chart: its repository, its name and its exact version."""
        return Pin(self.source, self.name, self.version)


@dataclass(frozen=True, slots=True)
class Lock:
    """The locked charts, sorted by name, version and source."""

    charts: tuple[LockedChart, ...] = ()

    def find(self, pin: Pin) -> LockedChart | None:
        """Returns the locked chart of a pin with a version or a range; None if there is none."""
        same = (one for one in self.charts if one.name == pin.chart)
        candidates = [one for one in same if one.source == normalized(pin.repository)]
        wanted = ChartVersion.parse(pin.version)
        if wanted is None:
            return next((one for one in candidates if one.version_range == pin.version), None)
        return next((one for one in candidates if one.version == pin.version), None)

    def content(self) -> bytes:
        """Returns the content of the file."""
        blocks = ["\n".join(_block(one)) + "\n" for one in sorted(self.charts, key=_order)]
        text = _HEADER + "\n".join(blocks) if blocks else _HEADER.replace("charts:", "charts: []")
        return text.encode()


def _order(chart: LockedChart) -> tuple[str, str, str, str]:
    return chart.name, chart.version, chart.source, chart.version_range


def _block(chart: LockedChart) -> Iterator[str]:
    """Yields the lines of one entry."""
    entry: Values = {"name": chart.name, "version": chart.version}
    if chart.version_range:
        entry["range"] = chart.version_range
    entry |= {"source": chart.source, "archiveSha256": chart.archive_sha256}
    optional = {
        "ociManifest": chart.oci_manifest,
        "appVersion": chart.app_version,
        "kubeVersion": chart.kube_version,
    }
    entry |= {key: value for key, value in optional.items() if value}
    parts = sorted(chart.dependencies, key=lambda one: (one.name, one.version, one.sha256))
    if parts:
        entry["dependencies"] = [
            {"name": one.name, "version": one.version, "sha256": one.sha256} for one in parts
        ]
    for index, line in enumerate(yaml.dump(entry).rstrip("\n").split("\n")):
        yield f"  {'- ' if index == 0 else '  '}{line}"


def read_lock(revision: Revision) -> Lock:
    """Returns the lock of a revision; an empty one if the file does not exist.

    Keys that this version does not know are ignored, so that an older version can read the file of
    a newer one. Raises InvalidInput for a chart without a valid name, version, source or digest.
    """
    if not revision.exists(LOCK_FILE):
        return Lock()
    return parse_lock(revision.read(LOCK_FILE), revision.name_of(LOCK_FILE))


def parse_lock(data: bytes, file: str) -> Lock:
    """Returns the lock that a file contains, whose name in messages is `file`."""
    reader = _LockReader(yaml.parse(data, file))
    charts = tuple(reader.charts())
    if reader.findings:
        raise InvalidInput(reader.findings)
    # The same entry twice is the result of a merge of two branches.
    return Lock(tuple(sorted(dict.fromkeys(charts), key=_order)))


class _LockReader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self.findings: list[Finding] = []

    def charts(self) -> Iterator[LockedChart]:
        value = self._document.value
        entries = value.get("charts")
        if value.get("format") != FORMAT:
            text = f"this version of gitops-gen reads the format {FORMAT}; upgrade gitops-gen"
            self._refuse(("format",), text)
        elif not isinstance(entries, list):
            self._refuse(("charts",), "must be the list of the locked charts")
        else:
            yield from self._different(
                chart for index, one in enumerate(entries) for chart in self._chart(index, one)
            )

    def _different(self, charts: Iterable[LockedChart]) -> Iterator[LockedChart]:
        """Yields the charts. Two entries that contradict each other are refused."""
        first: dict[tuple[Pin, str], LockedChart] = {}
        for chart in charts:
            earlier = first.setdefault((chart.pin, chart.version_range), chart)
            if earlier != chart:
                text = (
                    f"{chart.label} is already locked on line {earlier.position.line}, with other "
                    "digests; run `gitops-gen charts lock` after you removed one of the two"
                )
                self.findings.append(Finding(LOCK, text, chart.position))
            yield chart

    def _chart(self, index: int, entry: Any) -> Iterator[LockedChart]:
        path: Path = ("charts", index)
        if not isinstance(entry, dict):
            self._refuse(path, "must be a map")
            return
        before = len(self.findings)
        chart = LockedChart(
            name=self._text(path, entry, "name", required=True),
            version=self._text(path, entry, "version", required=True),
            source=normalized(self._text(path, entry, "source", required=True)),
            archive_sha256=self._digest(path, entry, "archiveSha256"),
            oci_manifest=self._text(path, entry, "ociManifest"),
            version_range=self._text(path, entry, "range"),
            app_version=self._text(path, entry, "appVersion"),
            kube_version=self._text(path, entry, "kubeVersion"),
            dependencies=tuple(self._dependencies(path, entry.get("dependencies", []))),
            position=self._document.values[path],
        )
        if len(self.findings) == before and self._is_valid(path, chart):
            yield chart

    def _is_valid(self, path: Path, chart: LockedChart) -> bool:
        before = len(self.findings)
        if not is_chart_name(chart.name):
            self._refuse((*path, "name"), "is not the name of a chart")
        if ChartVersion.parse(chart.version) is None:
            self._refuse((*path, "version"), "is not the exact version of a chart")
        if chart.version_range and VersionRange.parse(chart.version_range) is None:
            self._refuse((*path, "range"), "is not a range of versions")
        if problem := problem_of(chart.source):
            self._refuse((*path, "source"), problem if problem == CREDENTIALS else f"it {problem}")
        if chart.oci_manifest and not _DIGEST.fullmatch(chart.oci_manifest.removeprefix("sha256:")):
            self._refuse((*path, "ociManifest"), "is not a digest (sha256: and 64 digits)")
        return len(self.findings) == before

    def _dependencies(self, path: Path, entries: Any) -> Iterator[LockedDependency]:
        path = (*path, "dependencies")
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            self._refuse(path, "must be a list of charts with their digests")
            return
        for index, entry in enumerate(entries):
            below = (*path, index)
            yield LockedDependency(
                self._text(below, entry, "name", required=True),
                self._text(below, entry, "version", required=True),
                self._digest(below, entry, "sha256"),
            )

    def _digest(self, path: Path, entry: Values, key: str) -> str:
        text = self._text(path, entry, key, required=True)
        if text and not _DIGEST.fullmatch(text):
            self._refuse((*path, key), "is not a SHA-256 digest (64 hexadecimal digits)")
        return text

    def _text(self, path: Path, entry: Values, key: str, *, required: bool = False) -> str:
        value = entry.get(key)
        if value is None and not required:
            return ""
        if isinstance(value, str) and (value or not required):
            return value
        problem = "is missing" if value is None else "must be a text"
        self._refuse((*path, key), problem)
        return ""

    def _refuse(self, path: Path, message: str) -> None:
        from gitops_gen.model import FieldPath

        places = self._document.values
        place = places.get(path) or places.get(path[:-1]) or places[()]
        self.findings.append(Finding(LOCK, f"{FieldPath(path)}: {message}", place))


def not_locked(name: str, version: str, position: Position) -> Finding:
    """Returns the finding about a chart in use that has no entry in the lock."""
    text = f"the chart {name} {version} is not locked; run `gitops-gen charts lock`"
    return Finding(NOT_LOCKED, text, position)


def with_charts(lock: Lock, charts: Iterable[LockedChart]) -> Lock:
    """Returns the lock with other charts, in their order."""
    return replace(lock, charts=tuple(sorted(dict.fromkeys(charts), key=_order)))
