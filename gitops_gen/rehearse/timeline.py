"""The times at which each Application of a phase was synced and became Healthy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.objects.reading import EnvironmentObjects, is_application, sync_wave
from gitops_gen.rehearse.application_state import ApplicationState, state_of
from gitops_gen.rehearse.result import SyncStep
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.watch import WatchEvent


@dataclass(frozen=True, slots=True)
class SyncTimes:
    """Seconds since the phase began; None if the state was not reached."""

    began: float | None = None
    synced: float | None = None
    healthy: float | None = None


def sync_times(events: Iterable[WatchEvent], begin: float, revision: str) -> dict[str, SyncTimes]:
    """Returns the times of the sync to `revision`, by the name of the Application."""
    times: dict[str, SyncTimes] = {}
    for event in events:
        if is_application(event.object.id) and event.type != "DELETED":
            name = event.object.id.name
            at = round(event.at - begin, 2)
            times[name] = _after(event, times.get(name, SyncTimes()), at, revision)
    return times


def _after(event: WatchEvent, times: SyncTimes, at: float, revision: str) -> SyncTimes:
    """Returns the times after an event. Only the first time of each state is recorded."""
    state = state_of(event.after)
    synced = state.sync == "Synced" and state.revision == revision and not state.running
    healthy = synced and state.health == "Healthy"
    return SyncTimes(
        _first(times.began, at, _operation_began(event, state)),
        _first(times.synced, at, synced),
        _first(times.healthy, at, healthy),
    )


def _first(before: float | None, at: float, reached: bool) -> float | None:
    return at if before is None and reached else before


def _operation_began(event: WatchEvent, state: ApplicationState) -> bool:
    if event.before is None:
        return True
    return state.operation_started != state_of(event.before).operation_started


def sync_steps(
    states: Mapping[str, ApplicationState],
    times: Mapping[str, SyncTimes],
    tree: EnvironmentObjects,
    facts: RevisionFacts,
    left_out: frozenset[str],
) -> tuple[SyncStep, ...]:
    """Returns the steps in the order of the sync waves.

    An Application that the root Application did not create has no times.
    """
    steps = (
        _step(item, states.get(item.id.name), times.get(item.id.name, SyncTimes()), facts)
        for item in tree.applications
        if is_application(item.id) and item.id.name not in left_out
    )
    return tuple(sorted(steps, key=lambda step: (step.wave, step.component)))


def _step(
    item: KubeObject, state: ApplicationState | None, times: SyncTimes, facts: RevisionFacts
) -> SyncStep:
    message = state.message if state and not state.is_synced_and_healthy else ""
    name, text = item.id.name, str(state) if state else "absent"
    moments = (times.began, times.synced, times.healthy)
    return SyncStep(name, sync_wave(item), *moments, text, message, facts.position(name))
