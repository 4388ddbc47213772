"""The request for a check, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gitops_gen.model import Checked, Tree

if TYPE_CHECKING:
    from gitops_gen.checks.selection import RuleSelection


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The environments to check: those in `names`, or all if it is empty."""

    root: str
    names: tuple[str, ...] = ()
    jobs: int = 1
    """The number of parallel Helm processes."""
    selection: RuleSelection | None = None
    """The rules to apply; None for all. To import them takes time that most checks can save."""
    keep_rendered: bool = False
    """Whether the result contains the files that were rendered in memory."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    checked: Checked
    invalid: bool = False
    """Whether an error makes values unusable, so that some objects were not rendered."""
    failure: str = ""
    """Why apicheck could not judge all objects; empty if it did."""
    rendered: Mapping[str, Tree] = field(default_factory=dict, repr=False)
    """The files of the environments that were rendered in memory, because their generated files
    may be out of date. Empty unless the request asks for them."""
