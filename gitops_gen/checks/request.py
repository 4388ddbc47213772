"""The request for a check, and its result."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_gen.model import Checked


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The environments to check: those in `names`, or all if it is empty."""

    root: str
    names: tuple[str, ...] = ()
    jobs: int = 1
    """The number of parallel Helm processes."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    checked: Checked
    invalid: bool = False
    """Whether an error makes values unusable, so that some objects were not rendered."""
    failure: str = ""
    """Why apicheck could not judge all objects; empty if it did."""
