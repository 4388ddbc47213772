"""The answers of a Session. Each text in them may be printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gitops_gen.model import FieldPath, Values


class Outcome(StrEnum):
    HOLDS = "holds"
    FOUND = "found"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason for which the API server refuses an object."""

    path: FieldPath
    """The field that the server names; empty if it names none."""
    reason: str
    """The reason in `details.causes` of the server's Status, such as FieldValueInvalid. If the
    Status has no causes, it is a reason of the program: see tools/apicheck/README.md."""
    message: str
    line: int | None = None
    """The line in the manifest, for a duplicate key in YAML."""


@dataclass(frozen=True, slots=True)
class ObjectValidation:
    """Whether the API server accepts an object, or a change of it."""

    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the API server stores differently. Argo CD may always show it as OutOfSync."""

    path: FieldPath
    dropped: bool
    before: str
    """The value in the manifest, as JSON."""
    after: str
    """The value that is stored, as JSON; empty if the field is dropped."""


@dataclass(frozen=True, slots=True)
class NormalForm:
    """The object as the API server stores it. The outcome is `found` if a field is changed."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    object: Values | None = field(default=None, repr=False)
    """The object with its defaults and with its secrets. It may be compared but not printed."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MinorState:
    kubernetes: str
    state: str
    """served, deprecated, removed, notYet, off or unknown: see tools/apicheck/README.md."""


@dataclass(frozen=True, slots=True)
class Life:
    """Whether a version of Kubernetes and the next two versions serve an API version of a kind.

    The outcome is `found` if one of them does not serve it, or if it is deprecated there.
    """

    outcome: Outcome
    states: tuple[MinorState, ...] = ()
    introduced_in: str = ""
    deprecated_in: str = ""
    removed_in: str = ""
    replacement: str = ""
    """The API version and kind to use instead, such as "policy/v1 PodDisruptionBudget"."""
    message: str = ""
    why: str = ""
