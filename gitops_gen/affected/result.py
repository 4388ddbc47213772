"""The result of `gitops-gen affected`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AffectedEnvironment:
    """An environment of the work tree that a change touches."""

    name: str
    is_new: bool
    """Whether the base does not have it."""
    components: tuple[str, ...]
    """The components whose objects or Applications may change, also those that only one of both
    revisions has. None of them may change if only comments of the values changed."""
    reasons: tuple[str, ...]
    """The changed files and folders because of which it is named."""


@dataclass(frozen=True, slots=True)
class Affected:
    """What a change touches. Environments are sorted by name."""

    base: str
    """The base in messages; empty if there is none."""
    environments: tuple[AffectedEnvironment, ...] = ()
    removed: tuple[str, ...] = ()
    """The environments that only the base has."""
    unknown: tuple[str, ...] = ()
    """What could not be determined, so that all environments are named."""
    notes: tuple[str, ...] = ()
