"""What a rehearsal tells. Times are seconds since the phase began."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gitops_gen.model import Position


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """Which object."""

    api_version: str
    kind: str
    namespace: str
    name: str

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The same for every version of its group."""
        return self.group, self.kind, self.namespace, self.name

    def __str__(self) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {place}{self.name}"


class Mode(StrEnum):
    FULL = "full"
    REDUCED = "reduced"
    """No controllers: the API server's verdict and Argo CD's comparison."""
    DRY_RUN = "dry-run"


class Verdict(StrEnum):
    REFUSED = "refused"
    UNHEALTHY = "unhealthy"
    """Accepted, and never Healthy."""
    WARNED = "warned"
    NOT_CHECKED = "not checked"


BAD = frozenset({Verdict.REFUSED, Verdict.UNHEALTHY})


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said about one object, in their own words."""

    verdict: Verdict
    by: str
    """`kube-apiserver`, `Argo CD`, or `gitops-gen` where neither of them can say it."""
    object: Identity
    message: str
    file: str | None = None
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One Application of a phase; a time is None where it did not come to that."""

    component: str
    wave: int
    began: float | None
    synced: float | None
    healthy: float | None
    state: str
    """What it was in the end, for instance "Synced, Healthy"."""
    message: str = ""
    values: Position | None = None


class Kind(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    REPLACED = "replaced"
    PRUNED = "pruned"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True)
class Change:
    at: float
    kind: Kind
    object: Identity
    fields: tuple[str, ...] = ()
    """The paths that changed."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field that Git and the cluster disagree on; a side is None where it has none."""

    path: str
    wanted: str | None
    live: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """What stays OutOfSync after the sync, though Argo CD tried."""

    component: str
    object: Identity
    reason: str
    fields: tuple[Field, ...] = ()
    file: str | None = None
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency that the waves did not hold."""

    component: str
    needs: str
    """The capability."""
    provider: str
    message: str
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not rehearsed, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """An Application or an object that was not at rest in the end."""

    name: str
    state: str
    """How it was, in words."""

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


@dataclass(frozen=True, slots=True)
class Phase:
    """One push and what came of it."""

    name: str
    """`sync`, `base`, `push` or `revert`."""
    revision: str
    seconds: float
    settled: bool
    """Everything Synced and Healthy; else it stood still."""
    steps: tuple[Step, ...] = ()
    changes: tuple[Change, ...] = ()
    remarks: tuple[Remark, ...] = ()
    drift: tuple[Drift, ...] = ()
    edges: tuple[Edge, ...] = ()
    orphans: tuple[Identity, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    """What kept it from being at rest."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds and bytes."""

    control_plane: float = 0.0
    argocd: float = 0.0
    checked: float = 0.0
    total: float = 0.0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Rehearsal:
    environment: str
    revision: str
    mode: Mode
    phases: tuple[Phase, ...]
    objects: int
    """How many objects the API server was shown."""
    left_out: tuple[LeftOut, ...] = ()
    standins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Version skew, a stale render, what differs from the real thing."""
    restored: tuple[str, ...] | None = None
    """What a revert did not restore; None where none was asked for."""
    versions: tuple[tuple[str, str], ...] = ()
    """Program -> version: who said all this."""
    figures: Figures = Figures()

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(remark for phase in self.phases for remark in phase.remarks)

    @property
    def good(self) -> bool:
        """Nothing refused, all at rest, in order, without drift, and reverted as it was."""
        refused = any(remark.verdict in BAD for remark in self.remarks)
        bad = any(p.drift or p.edges or p.orphans or not p.settled for p in self.phases)
        return not (refused or bad or self.restored)
