"""What a Session answers. Every text of it may be printed."""

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
    """One thing that the API server refuses."""

    path: FieldPath
    """The field, as far as the server names one; empty for the object as a whole."""
    reason: str
    """As `details.causes` of the server's Status has it (FieldValueInvalid, …) or, where the server
    gives a message alone, a reason of the program's: see tools/apicheck/README.md."""
    message: str
    line: int | None = None
    """The line of the manifest, of a key that YAML gives twice."""


@dataclass(frozen=True, slots=True)
class ObjectValidation:
    """What the API server says to an object, or to a change of it."""

    outcome: Outcome
    faults: tuple[Fault, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the API server stores differently: Argo CD may show it OutOfSync for ever."""

    path: FieldPath
    dropped: bool
    before: str
    """The value in the manifest, as JSON."""
    after: str
    """The value that is stored, as JSON; empty where the field is dropped."""


@dataclass(frozen=True, slots=True)
class NormalForm:
    """The object as the API server stores it. `found`: something of the manifest is changed."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    object: Values | None = field(default=None, repr=False)
    """With its defaults, and with its secrets: to be compared, not to be printed."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MinorState:
    kubernetes: str
    state: str
    """served, deprecated, removed, notYet, off or unknown: see tools/apicheck/README.md."""


@dataclass(frozen=True, slots=True)
class Life:
    """What the version of Kubernetes and the next two do with an API version of a kind.

    `found`: one of them does not serve it, or calls it deprecated.
    """

    outcome: Outcome
    states: tuple[MinorState, ...] = ()
    introduced_in: str = ""
    deprecated_in: str = ""
    removed_in: str = ""
    replacement: str = ""
    """What to use instead, for instance "policy/v1 PodDisruptionBudget"."""
    message: str = ""
    why: str = ""
