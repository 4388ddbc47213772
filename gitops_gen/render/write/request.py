"""What a render is asked for, who hears of it, and what came of it."""

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
    """Who hears of a run: `note` of what matters, `progress` of each step."""

    note: Callable[[str], None]
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one environment; without `changes` it was known to be current."""

    name: str
    changes: Changes | None = None
    objects: int | None = None
    """None where nothing had to be rendered."""
    warnings: tuple[Finding, ...] = ()
    excused: tuple[Excused, ...] = ()
    gone: bool = False
    """Its values file was removed, and so are its files."""
    data: tuple[str, ...] = ()
    """Of what it removes and holds data: what becomes of it in the cluster, a line each."""

    @property
    def stale(self) -> bool:
        """Whether the disk differed from what is rendered, foreign files included."""
        changes = self.changes
        return changes is not None and (changes.pending or bool(changes.foreign))
