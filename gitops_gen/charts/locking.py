"""`gitops-gen charts lock`: reads the digests of new charts from their publishers.

Only what is asked for changes: a chart that is locked stays as it is, and no request is made for
it. `upgraded_pins` changes versions in charts/upstream/Chart.yaml, and `locked` locks the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from gitops_gen import yaml
from gitops_gen.charts.cache import keep
from gitops_gen.charts.files import PINS_FILE
from gitops_gen.charts.lock import Lock, LockedChart, with_charts
from gitops_gen.charts.pins import PINS, PinOrigin, UpstreamPin, read_pins
from gitops_gen.charts.publisher import Publishers, locked_chart
from gitops_gen.charts.versions import ChartVersion, VersionRange
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import COMMAND_LINE, Finding, Pin, Position, Rule
from gitops_gen.revisions import Overlay, Revision

UPGRADE = Rule(
    "chart-upgrade",
    title="A chart that is upgraded is in use, and its version can be changed",
    why="`charts lock --upgrade` changes versions in charts/upstream/Chart.yaml only.",
    remedy="Name an add-on that an environment enables, or change the version where the message "
    "says.",
)
_NEW_FILE = """\
# The upstream charts whose versions you choose. Each entry belongs to the add-on in the values that
# has its alias or its name. `gitops-gen charts lock` writes the digests to charts.lock.
apiVersion: v2
name: upstream
version: 0.0.0
dependencies:
"""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A request to change the version of an add-on's chart."""

    section: str
    version: str = ""
    """The version; empty for the newest one."""

    @classmethod
    def parse(cls, text: str) -> Upgrade:
        """Parses NAME or NAME=VERSION. Raises InvalidInput if it is neither."""
        name, equals, version = text.partition("=")
        if not name or (equals and ChartVersion.parse(version) is None):
            message = "--upgrade: is not the name of an add-on or NAME=VERSION"
            raise InvalidInput.at(COMMAND_LINE, message, UPGRADE)
        return cls(name, version)


@dataclass(frozen=True, slots=True)
class LockChange:
    """The new content of the lock, and what became of each chart."""

    lock: Lock
    added: tuple[LockedChart, ...] = ()
    removed: tuple[LockedChart, ...] = ()
    pins: bytes | None = field(default=None, repr=False)
    """The new content of charts/upstream/Chart.yaml; None if it does not change."""


def lock_in_use(lock: Lock, pins: Iterable[UpstreamPin], publishers: Publishers) -> LockChange:
    """Returns the lock with an entry for each pin, and without charts that no pin needs."""
    kept: list[LockedChart] = []
    added: list[LockedChart] = []
    for pin in dict.fromkeys(one.pin for one in pins):
        present = lock.find(pin)
        # The digests of an archive that is locked anyway need no request.
        present = present or _under_new_range(lock, pin)
        if present is None:
            present = _newly_locked(pin, publishers)
            added.append(present)
        kept.append(present)
    gone = (one for one in lock.charts if one not in kept and not _is_renamed(one, kept))
    return LockChange(with_charts(lock, kept), tuple(added), tuple(gone))


def ranges_resolved(
    lock: Lock, pins: Iterable[UpstreamPin], publishers: Publishers, upgrades: Iterable[str] = ()
) -> Lock:
    """Returns the lock with a version for each range of the pins.

    The sections in `upgrades` get the newest version that their range admits.
    """
    charts = list(lock.charts)
    for one in pins:
        if one.is_exact:
            continue
        old = lock.find(one.pin)
        upgrade = one.section in set(upgrades)
        found = None if upgrade else old or _under_new_range(lock, one.pin)
        found = found or _newly_locked(one.pin, publishers, old)
        charts = [present for present in charts if present != old]
        charts.append(found)
    return with_charts(lock, charts)


def _under_new_range(lock: Lock, pin: Pin) -> LockedChart | None:
    """Returns a locked version that the pin admits, although it was locked for another pin."""
    admitted = VersionRange.parse(pin.version)
    for one in reversed(lock.charts):
        version = ChartVersion.parse(one.version)
        if (one.name, one.source) == (pin.chart, pin.repository) and admitted and version:
            exact = ChartVersion.parse(pin.version) is not None
            if one.version == pin.version if exact else admitted.admits(version):
                return replace(one, version_range="" if exact else pin.version)
    return None


def _is_renamed(chart: LockedChart, kept: Iterable[LockedChart]) -> bool:
    """Returns whether a chart is kept for another pin, so that it is not removed."""
    return any(one.pin == chart.pin for one in kept)


def _newly_locked(pin: Pin, publishers: Publishers, old: LockedChart | None = None) -> LockedChart:
    """Returns the entry for a pin. Its archive is then in the cache."""
    version = pin.version
    if ChartVersion.parse(version) is None:
        version = publishers.newest(pin, VersionRange.parse(pin.version)).text
    if old is not None and old.version == version:
        return old
    exact = Pin(pin.repository, pin.chart, version)
    found, archive = publishers.release(exact)
    # The lock does not need the archive, so that a cache that cannot be written is no problem here.
    with suppress(ToolFailed):
        keep(found.data)
    return locked_chart(exact, found, archive, pin.version)


# Upgrades


def upgraded_pins(
    revision: Revision,
    in_use: Iterable[UpstreamPin],
    upgrades: Iterable[Upgrade],
    publishers: Publishers,
) -> Revision:
    """Returns the revision with the versions of the upgrades in charts/upstream/Chart.yaml.

    A range stays as it is. Raises InvalidInput for an add-on that is not in use, or whose version
    is not in this file.
    """
    used = tuple(in_use)
    for upgrade in upgrades:
        present = next((one for one in read_pins(revision) if one.section == upgrade.section), None)
        pin = _upgradable(upgrade, present, used)
        if pin.is_exact:
            version = upgrade.version or publishers.newest(pin.pin).text
            content = with_version(revision, pin, version)
            revision = Overlay(revision, {PINS_FILE: content})
        else:
            _require_admitted(upgrade, pin)
    return revision


def _upgradable(
    upgrade: Upgrade, present: UpstreamPin | None, used: tuple[UpstreamPin, ...]
) -> UpstreamPin:
    uses = [one for one in used if one.section == upgrade.section]
    in_values = next((one for one in uses if one.origin is PinOrigin.VALUES), None)
    if present is None and in_values is not None:
        text = (
            f"the version of {upgrade.section} is in the values; move it to {PINS_FILE}, or "
            "change it here"
        )
        raise InvalidInput.at(in_values.position, text, UPGRADE)
    found = present or next(iter(uses), None)
    if found is None:
        names = ", ".join(sorted({one.section for one in used})) or "none"
        text = f"--upgrade: no environment has this add-on; the upstream charts in use are: {names}"
        raise InvalidInput.at(COMMAND_LINE, text, UPGRADE)
    return found


def _require_admitted(upgrade: Upgrade, pin: UpstreamPin) -> None:
    """Raises InvalidInput for a version, because a range decides about the version."""
    if upgrade.version:
        text = (
            f"the version of {pin.section} is the range {pin.pin.version}; write the version "
            f"{upgrade.version} here, or leave it out of --upgrade for the newest one in the range"
        )
        raise InvalidInput.at(pin.position, text, UPGRADE)


def with_version(revision: Revision, pin: UpstreamPin, version: str) -> bytes:
    """Returns charts/upstream/Chart.yaml with another version of a chart. Comments are kept."""
    pins = read_pins(revision)
    index = next((at for at, one in enumerate(pins) if one.section == pin.section), None)
    data = revision.read(PINS_FILE) if revision.exists(PINS_FILE) else _NEW_FILE.encode()
    if index is not None:
        return yaml.edit(data, PINS_FILE, ("dependencies", index, "version"), version)
    entry = {"name": pin.pin.chart, "version": version, "repository": pin.pin.repository}
    if pin.section != pin.pin.chart:
        entry["alias"] = pin.section
    content = _with_entry(data, entry)
    _require_added(content, pins, pin.section)
    return content


def _with_entry(data: bytes, entry: dict[str, str]) -> bytes:
    """Returns the file with an entry at its end, where the list of dependencies usually is."""
    text = data.decode()
    lines = [line for line in text.splitlines() if line.lstrip().startswith("- ")]
    indent = lines[-1].partition("-")[0] if lines else "  "
    block = yaml.dump(entry).rstrip("\n").split("\n")
    added = [f"{indent}{'- ' if at == 0 else '  '}{line}" for at, line in enumerate(block)]
    start = text if text.endswith("\n") else f"{text}\n"
    return (start + "\n".join(added) + "\n").encode()


def _require_added(content: bytes, before: tuple[UpstreamPin, ...], section: str) -> None:
    from gitops_gen.revisions.in_memory import InMemory

    try:
        after = read_pins(InMemory("the new file", {PINS_FILE: content}))
    except InvalidInput:
        after = ()
    if [one.section for one in after] != [*(one.section for one in before), section]:
        text = f"an entry for {section} cannot be added; add it to the list `dependencies` by hand"
        raise InvalidInput([Finding(PINS, text, Position(PINS_FILE))])


def misplaced_pins(pins: Iterable[UpstreamPin]) -> Iterator[str]:
    """Yields a message for each version in the values that belongs in the file of the pins."""
    for one in dict.fromkeys(pins):
        if one.origin is PinOrigin.VALUES:
            yield (
                f"{one.position}: the version of {one.section} is in the values; it belongs in "
                f"{PINS_FILE}, where Renovate and Dependabot update it"
            )


def unused_pins(pins: Iterable[UpstreamPin], in_use: Iterable[UpstreamPin]) -> Iterator[str]:
    """Yields a message for each entry of charts/upstream/Chart.yaml that no environment uses."""
    sections = {one.section for one in in_use}
    for one in pins:
        if one.section not in sections:
            yield f"{one.position}: no environment has the add-on {one.section}; it is not locked"
