"""`gitops-gen charts verify`: compares the archives on this machine with the lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gitops_gen.charts.cache import ARCHIVE_MISSING, ArchiveStore, cached_path, digest_of
from gitops_gen.charts.files import VENDOR
from gitops_gen.charts.lock import Lock, LockedChart, not_locked
from gitops_gen.charts.pins import UpstreamPin
from gitops_gen.charts.pulling import unique, vendored_files
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Finding, Position, Rule, Severity
from gitops_gen.revisions import Revision

WRONG_DIGEST = Rule(
    "chart-digest",
    title="An archive has the digest that is locked",
    why="An archive with another digest has another content than the reviewed one.",
    remedy="Delete the file, and run `gitops-gen charts pull`. Find out who replaced it.",
)
SUPERFLUOUS = Rule(
    "chart-superfluous",
    title="Locked charts and archives are in use",
    why="Nobody updates what no environment uses, and a reviewer cannot know that it is not used.",
    remedy="Run `gitops-gen charts lock`, or delete the file.",
    severity=Severity.WARNING,
)


def verify(revision: Revision, lock: Lock, in_use: Iterable[UpstreamPin]) -> list[Finding]:
    """Returns what is missing, wrong or superfluous."""
    used = tuple(in_use)
    found = [*_pins(lock, used), *_archives(revision, lock), *_vendored(revision, lock)]
    return sorted(dict.fromkeys(found), key=lambda one: one.position)


def _pins(lock: Lock, used: tuple[UpstreamPin, ...]) -> Iterator[Finding]:
    needed: set[LockedChart] = set()
    for one in used:
        chart = lock.find(one.pin)
        if chart is None:
            yield not_locked(one.pin.chart, one.pin.version, one.position)
        else:
            needed.add(chart)
    for chart in lock.charts:
        if chart not in needed:
            text = f"{chart.label} is locked, but no environment uses it"
            yield Finding(SUPERFLUOUS, f"{text}; run `gitops-gen charts lock`", chart.position)


def _archives(revision: Revision, lock: Lock) -> Iterator[Finding]:
    """Yields what is wrong with the archives that a render would use."""
    store = ArchiveStore(revision)
    for chart in unique(lock.charts):
        cached = cached_path(chart.archive_sha256)
        if digest_of(cached) not in (None, chart.archive_sha256):
            text = f"{cached} is damaged: it is not the archive of {chart.label}; delete it"
            yield Finding(WRONG_DIGEST, text, chart.position)
        try:
            store.chart(chart)
        except InvalidInput as error:
            yield from error.findings


def _vendored(revision: Revision, lock: Lock) -> Iterator[Finding]:
    by_name = {one.file_name: one for one in lock.charts}
    names = vendored_files(revision)
    folder = Path(revision.on_disk([VENDOR])) if names else None
    for name in names:
        path, chart = f"{VENDOR}/{name}", by_name.get(name)
        place = Position(revision.name_of(path))
        if chart is None:
            yield Finding(SUPERFLUOUS, "is not the archive of a locked chart; delete it", place)
        elif folder and digest_of(folder / path) != chart.archive_sha256:
            text = f"is not the locked archive of {chart.label}; its digest differs"
            yield Finding(WRONG_DIGEST, text, place)
    yield from _missing_from_vendor(by_name, names)


def _missing_from_vendor(
    by_name: dict[str, LockedChart], names: tuple[str, ...]
) -> Iterator[Finding]:
    """Yields the charts that are missing from the folder, if the repository has this folder."""
    for name, chart in by_name.items() if names else ():
        if name not in names:
            text = (
                f"{VENDOR}/{name} is missing, although other archives are there; run "
                f"`gitops-gen charts pull --into {VENDOR}`"
            )
            yield Finding(ARCHIVE_MISSING, text, chart.position)
