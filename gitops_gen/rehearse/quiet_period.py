"""Measures how long nothing has changed, as the number of refreshes by Argo CD without a change.

A timeout in seconds alone would be unreliable, because changes are further apart on a busy machine
than on an idle one. For the same reason, the interval between two refreshes grows with their
duration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gitops_gen.rehearse.application_state import ApplicationState

REFRESHES_WITHOUT_CHANGE = 4
"""The number of consecutive refreshes without a change after which a wait ends."""
PAUSE_FACTOR = 3.0
"""The minimum interval after a refresh, as a multiple of the duration of the refresh."""
DELETION_GRACE_SECONDS = 90.0
"""While an object is being deleted, refreshes count only after this time without a change.

The garbage collector discovers a new kind in the cluster only after up to 30 s.
"""


@dataclass
class QuietPeriod:
    """A period without changes. All times are seconds of the same monotonic clock."""

    interval: float
    """Minimum number of seconds between two refreshes."""
    last_change: float
    refreshed_at: float
    seen: set[object] = field(default_factory=set)
    refreshes: int = 0
    """Number of refreshes since the last change."""

    @property
    def is_over(self) -> bool:
        return self.refreshes >= REFRESHES_WITHOUT_CHANGE

    def observe(self, states: Mapping[str, ApplicationState], deleting: bool, now: float) -> None:
        """Records the states of all Applications. A state that was not seen before is a change.

        `deleting` is whether an object other than an Application is being deleted. Argo CD
        continues a sync only after the deletion has finished, so refreshes do not count until then,
        or until DELETION_GRACE_SECONDS without a change.
        """
        observed: set[object] = {(name, state.fingerprint) for name, state in states.items()}
        observed.add(tuple(sorted(states)))
        if not observed <= self.seen:
            self.seen |= observed
            self.last_change, self.refreshes = now, 0
        deleting = deleting or any(state.deletion for state in states.values())
        if deleting and now - self.last_change < DELETION_GRACE_SECONDS:
            self.refreshes = 0

    def refresh_is_due(self, now: float) -> bool:
        return now - max(self.last_change, self.refreshed_at) > self.interval

    def record_refresh(self, began: float, ended: float) -> None:
        """Records that Argo CD has refreshed all Applications."""
        self.refreshed_at = ended
        self.interval = max(self.interval, PAUSE_FACTOR * (ended - began))
        self.refreshes += 1
