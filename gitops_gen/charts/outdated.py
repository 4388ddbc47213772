"""`gitops-gen charts outdated`: which charts in use have newer versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.charts.lock import Lock
from gitops_gen.charts.pins import UpstreamPin
from gitops_gen.charts.publisher import Publishers
from gitops_gen.charts.versions import ChartVersion, VersionRange, newest
from gitops_gen.errors import GitopsGenError, InvalidInput, ToolFailed
from gitops_gen.model import Pin


@dataclass(frozen=True, slots=True)
class NewerVersion:
    """A version of a chart, with the version of the application in it."""

    version: str
    app_version: str


@dataclass(frozen=True, slots=True)
class ChartVersions:
    """A chart in use, and the versions that are newer. They are None if there are none."""

    pin: UpstreamPin
    current: str
    app_version: str = ""
    """The application version of the current version; empty if it is not known."""
    same_major: NewerVersion | None = None
    """The newest version with the major version of the current one."""
    latest: NewerVersion | None = None
    """The newest version of all."""
    problem: str = ""
    """Why the versions could not be read; empty if they were."""

    @property
    def is_major(self) -> bool:
        """Whether the newest version has another major version, which may break the values."""
        current, latest = ChartVersion.parse(self.current), self.latest
        newer = ChartVersion.parse(latest.version) if latest else None
        return current is not None and newer is not None and newer.major != current.major

    @property
    def is_outdated(self) -> bool:
        return self.latest is not None


def outdated(
    in_use: Iterable[UpstreamPin], lock: Lock, publishers: Publishers
) -> Iterator[ChartVersions]:
    """Yields each chart in use, once for each version."""
    for one in dict.fromkeys(in_use):
        locked = lock.find(one.pin)
        current = locked.version if locked else one.pin.version
        app_version = locked.app_version if locked else ""
        try:
            yield _compared(one, current, app_version, publishers)
        except (InvalidInput, ToolFailed) as failed:
            yield ChartVersions(one, current, app_version, problem=_text(failed))


def _compared(
    pin: UpstreamPin, current: str, app_version: str, publishers: Publishers
) -> ChartVersions:
    versions = publishers.versions(pin.pin)
    now = ChartVersion.parse(current)
    latest = newest(versions)
    if now is None:
        text = "the range has no locked version; run `gitops-gen charts lock`"
        return ChartVersions(pin, current, problem=text)
    same = newest(versions, VersionRange.parse(f"{now.major}.x"))
    app_version = app_version or versions.get(current, "")

    def newer(found: ChartVersion | None) -> NewerVersion | None:
        if found is None or found <= now:
            return None
        return NewerVersion(found.text, _app_version(pin.pin, found.text, publishers))

    return ChartVersions(pin, current, app_version, newer(same), newer(latest))


def _app_version(pin: Pin, version: str, publishers: Publishers) -> str:
    """Returns the application version, which only the archive states in an OCI registry."""
    stated = publishers.versions(pin).get(version, "")
    if stated or not pin.repository.startswith("oci://"):
        return stated
    _, archive = publishers.release(Pin(pin.repository, pin.chart, version))
    return archive.metadata.app_version


def _text(failed: GitopsGenError) -> str:
    return str(failed).split("\n", 1)[0]
