"""The request for a render, the listener that gets its messages, and its results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.model import Excused, Finding

if TYPE_CHECKING:
    from gitops_gen.tree import Changes


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """What to render: all environments where `names` is empty."""

    root: str
    names: tuple[str, ...] = ()
    check: bool = False
    """Only compare, without a write anywhere in the repository."""
    out: str | None = None
    """Another folder to write to, or to compare with."""
    jobs: int = 1

    @property
    def target(self) -> str:
        return self.out or self.root


@dataclass(frozen=True, slots=True)
class Listener:
    """Called during a run: `note` with what a user should read, `progress` at each step."""

    note: Callable[[str], None]
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RenderOutcome:
    """The result for one environment; without `changes` it was up to date already."""

    name: str
    changes: Changes | None = None
    objects: int | None = None
    """None where nothing had to be rendered."""
    warnings: tuple[Finding, ...] = ()
    excused: tuple[Excused, ...] = ()
    gone: bool = False
    """Its values file was removed, and so are its files."""
    removed_data: tuple[str, ...] = ()
    """A line for each removed object that holds data: what happens to it in the cluster."""

    @property
    def stale(self) -> bool:
        """Whether the disk differed from what is rendered, foreign files included."""
        changes = self.changes
        return changes is not None and (changes.pending or bool(changes.foreign))
