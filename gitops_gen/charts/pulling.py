"""`gitops-gen charts pull`: brings the archives of locked charts to this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.charts.archive import read_archive
from gitops_gen.charts.cache import ArchiveStore, keep
from gitops_gen.charts.files import VENDOR
from gitops_gen.charts.lock import LOCK, LockedChart
from gitops_gen.charts.publisher import Publishers
from gitops_gen.errors import GitopsGenError, InvalidInput, ToolFailed
from gitops_gen.model import Finding
from gitops_gen.revisions import Revision


@dataclass(frozen=True, slots=True)
class Pulled:
    """A chart whose archive is on this machine now."""

    chart: LockedChart
    downloaded: bool


def pull(
    charts: Iterable[LockedChart], store: ArchiveStore, publishers: Publishers
) -> Iterator[Pulled]:
    """Yields each chart when its archive is in the cache or in charts/upstream/vendor.

    Continues after a failure, and raises it at the end, so that one server that fails does not
    keep the archives of others away.
    """
    failures: list[GitopsGenError] = []
    for chart in unique(charts):
        try:
            yield Pulled(chart, _downloaded(chart, store, publishers))
        except (InvalidInput, ToolFailed) as failed:
            failures.append(failed)
    raise_all(failures)


def _downloaded(chart: LockedChart, store: ArchiveStore, publishers: Publishers) -> bool:
    """Returns whether the archive had to be downloaded."""
    if store.holds(chart):
        return False
    keep(_checked(chart, publishers))
    return True


def _checked(chart: LockedChart, publishers: Publishers) -> bytes:
    data = publishers.locked_archive(chart)
    read_archive(data, f"{chart.source}: {chart.file_name}").require(chart.pin)
    return data


def archives(
    charts: Iterable[LockedChart], store: ArchiveStore, publishers: Publishers
) -> Iterator[tuple[LockedChart, bytes]]:
    """Yields the charts with their archives. The cache is used where it has them, and not written.

    Raises InvalidInput if the folder cannot contain all of them.
    """
    chosen = unique(charts)
    names: dict[str, LockedChart] = {}
    for chart in chosen:
        earlier = names.setdefault(chart.file_name, chart)
        if earlier.archive_sha256 != chart.archive_sha256:
            text = (
                f"{VENDOR}/{chart.file_name} cannot be the archives of two sources: "
                f"{earlier.source} and {chart.source}; use one of them"
            )
            raise InvalidInput([Finding(LOCK, text, chart.position)])
    for chart in names.values():
        held = store.holds(chart)
        yield chart, store.archive(chart).read_bytes() if held else _checked(chart, publishers)


def unique(charts: Iterable[LockedChart]) -> list[LockedChart]:
    """Returns the charts without those that have the archive of another one at the same source."""
    return list({(one.pin, one.archive_sha256): one for one in charts}.values())


def vendored_files(revision: Revision) -> tuple[str, ...]:
    """Returns the names of the archives in charts/upstream/vendor."""
    return tuple(name for name in revision.list(VENDOR) if name.endswith(".tgz"))


def vendor_path(root: str, name: str) -> str:
    return os.path.join(root, VENDOR, name)


def raise_all(failures: list[GitopsGenError]) -> None:
    """Raises one error with the messages of all; with one failure, that failure."""
    if not failures:
        return
    invalid = [one for one in failures if isinstance(one, InvalidInput)]
    if len(failures) == 1:
        raise failures[0]
    if len(invalid) == len(failures):
        raise InvalidInput(finding for one in invalid for finding in one.findings)
    raise ToolFailed("\n".join(map(str, failures)))
