"""What is to be rehearsed, and with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gitops_gen.rehearse.result import Mode
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.servers.argocd import Settings
from gitops_gen.rehearse.servers.tools import Tools


@dataclass(frozen=True, slots=True)
class Push:
    """A revision that is pushed to the rehearsal's repository."""

    name: str
    """The name of the phase."""
    revision: str
    """The user's name for it."""
    root: Path
    """The folder that holds argocd/ and rendered/."""
    facts: RevisionFacts = field(repr=False, default=RevisionFacts())


def subject(pushes: Sequence[Push]) -> Push:
    """What the rehearsal is about: the push after the base, if there is one."""
    return pushes[min(1, len(pushes) - 1)]


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    environment: str
    mode: Mode
    tools: Tools
    folder: Path
    pushes: tuple[Push, ...]
    settings: Settings
    pace: float = 5.0
    """Seconds between two comparisons while nothing changes."""
    keep: bool = False
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    """Of the programs that run."""
