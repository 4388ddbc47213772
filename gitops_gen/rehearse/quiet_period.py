"""How long nothing has changed, measured in comparisons that Argo CD has made.

A busy machine is quiet for longer than an idle one. Seconds alone would tell nothing: the slower
the comparisons are, the longer are the pauses between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gitops_gen.rehearse.application_state import ApplicationState

COMPARISONS = 4
"""How many comparisons may bring nothing new before a wait is given up."""
PAUSE = 3.0
"""The pause after a comparison is at least so many times as long as the comparison."""
DELETION = 90.0
"""Seconds without news in which comparisons do not count while an object is being deleted.

The garbage collector learns of a kind that is new in the cluster up to 30 s late.
"""


@dataclass
class QuietPeriod:
    """Times are seconds of one clock."""

    pause: float
    """Seconds until the next comparison is due."""
    since: float
    compared_at: float
    seen: set[object] = field(default_factory=set)
    comparisons: int = 0
    """Since the last news."""

    @property
    def is_over(self) -> bool:
        return self.comparisons >= COMPARISONS

    def observe(self, states: Mapping[str, ApplicationState], deleting: bool, now: float) -> None:
        """A state that no Application was in before starts the period anew.

        `deleting`: whether an object other than an Application is being deleted. Argo CD goes on
        only when the deletion is done, so comparisons do not count until then.
        """
        facts: set[object] = {(name, state.fingerprint) for name, state in states.items()}
        facts.add(tuple(sorted(states)))
        if not facts <= self.seen:
            self.seen |= facts
            self.since, self.comparisons = now, 0
        deleting = deleting or any(state.deletion for state in states.values())
        if deleting and now - self.since < DELETION:
            self.comparisons = 0

    def comparison_is_due(self, now: float) -> bool:
        return now - max(self.since, self.compared_at) > self.pause

    def compared(self, began: float, ended: float) -> None:
        """Argo CD has compared all Applications once more."""
        self.compared_at = ended
        self.pause = max(self.pause, PAUSE * (ended - began))
        self.comparisons += 1
