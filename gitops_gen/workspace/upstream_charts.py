"""The upstream charts of a revision: those that it pins, and those that its environments use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gitops_gen.charts.files import PINS_FILE
from gitops_gen.charts.lock import NOT_LOCKED, not_locked, read_lock
from gitops_gen.charts.pins import PinOrigin, UpstreamPin, read_pins
from gitops_gen.components.delivery import is_crd_part
from gitops_gen.components.types import Component, HydratedChart, UpstreamChart
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.load import Loaded, raise_for_errors
from gitops_gen.inputs.pinned_charts import PinnedChart
from gitops_gen.model import Environment, Pin
from gitops_gen.revisions import Revision

if TYPE_CHECKING:
    from gitops_gen.workspace.workspace import Workspace


def pinned_charts(revision: Revision) -> dict[str, PinnedChart]:
    """Returns the charts in charts/upstream/Chart.yaml with their exact versions.

    The version of a range is the locked one. Raises InvalidInput for a range that is not locked.
    """
    if not revision.exists(PINS_FILE):
        return {}
    pins = read_pins(revision)
    lock = read_lock(revision)
    missing = [one for one in pins if not one.is_exact and lock.find(one.pin) is None]
    if missing:
        raise InvalidInput(
            not_locked(one.pin.chart, one.pin.version, one.position) for one in missing
        )
    return {one.section: PinnedChart(_exact(one, revision), one.position) for one in pins}


def _exact(one: UpstreamPin, revision: Revision) -> Pin:
    found = None if one.is_exact else read_lock(revision).find(one.pin)
    return found.pin if found else one.pin


def charts_in_use(workspace: Workspace) -> tuple[UpstreamPin, ...]:
    """Returns the upstream charts of all environments, each once, sorted by their sections.

    Raises InvalidInput if the values of an environment are not valid.
    """
    loaded = _loaded(workspace)
    pins = {one.section: one for one in read_pins(workspace.revision)}
    file = workspace.revision.name_of(PINS_FILE)
    found = [
        pin
        for one in loaded
        for item in workspace.plan(one.environment)
        for pin in _pin_of(item.component, one.environment, pins, file)
    ]
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _loaded(workspace: Workspace) -> list[Loaded]:
    """Loads all environments. That a chart is not locked is no error before it can be locked."""
    loaded = [workspace.examine(name) for name in workspace.names]
    raise_for_errors(
        finding for one in loaded for finding in one.errors if finding.rule is not NOT_LOCKED
    )
    return loaded


def _order(pin: UpstreamPin) -> tuple[str, str, str]:
    return pin.section, pin.pin.version, str(pin.position)


def _pin_of(
    component: Component, environment: Environment, pins: dict[str, UpstreamPin], file: str
) -> Iterator[UpstreamPin]:
    source, section = component.source, str(component.section[-1])
    if not isinstance(source, UpstreamChart | HydratedChart) or is_crd_part(component):
        return
    place = environment.position((*component.section, "version"))
    if place.file == file:
        yield pins[section]
        return
    written = environment.written(*component.section, "version")
    origin = PinOrigin.VALUES if written else PinOrigin.PACKAGE
    yield UpstreamPin(section, source.pin, place, origin)
