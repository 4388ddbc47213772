"""The plan of a rehearsal: the revisions to push, the mode and the tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gitops_gen.changes.prediction import Prediction
from gitops_gen.rehearse.result import Mode
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.servers.argocd import Settings
from gitops_gen.rehearse.servers.tools import Tools


@dataclass(frozen=True, slots=True)
class Push:
    """A revision that is pushed to the Git repository of the rehearsal."""

    name: str
    """The name of the phase."""
    revision: str
    """The name of the revision in messages."""
    root: Path
    """The directory that contains argocd/ and rendered/."""
    facts: RevisionFacts = field(repr=False, default=RevisionFacts())


def subject(pushes: Sequence[Push]) -> Push:
    """Returns the push that is tested: the one after the base, or the only one."""
    return pushes[min(1, len(pushes) - 1)]


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    environment: str
    mode: Mode
    tools: Tools
    folder: Path
    pushes: tuple[Push, ...]
    settings: Settings
    refresh_interval: float = 5.0
    """Minimum number of seconds between two refreshes while nothing changes."""
    keep: bool = False
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    """The versions of the programs that run, by name."""
    prediction: Prediction | None = None
    """What `diff` predicts about the push after the base; None without a base."""
