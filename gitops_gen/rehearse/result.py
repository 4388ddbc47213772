"""The result of a rehearsal. Times are seconds since the phase began."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gitops_gen.model import FieldPath, ObjectId, Position
from gitops_gen.objects.kube_object import KubeObject


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """An object as a report names it: with the version of its API that a server was asked for."""

    id: ObjectId
    api_version: str

    @classmethod
    def to(cls, item: KubeObject) -> ObjectReference:
        return cls(item.id, item.api_version)

    def __str__(self) -> str:
        return str(self.id)


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
    """What a server said about one object, in its own words."""

    verdict: Verdict
    by: str
    """`kube-apiserver`, `Argo CD`, or `gitops-gen` for what neither of them reports."""
    object: ObjectReference
    message: str
    file: str | None = None
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class SyncStep:
    """The sync of one Application in a phase; a time is None where it did not get that far."""

    component: str
    wave: int
    began: float | None
    synced: float | None
    healthy: float | None
    state: str
    """Its state at the end, for instance "Synced, Healthy"."""
    message: str = ""
    values: Position | None = None


class ChangeKind(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    REPLACED = "replaced"
    PRUNED = "pruned"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """What a push did to an object in the cluster."""

    at: float
    kind: ChangeKind
    object: ObjectReference
    fields: tuple[FieldPath, ...] = ()
    """The fields that changed."""


@dataclass(frozen=True, slots=True)
class DriftField:
    """A field that differs between Git and the cluster; a value is None where it is missing."""

    path: FieldPath
    wanted: str | None
    live: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """What stays OutOfSync after the sync, though Argo CD tried."""

    component: str
    object: ObjectReference
    reason: str
    fields: tuple[DriftField, ...] = ()
    file: str | None = None
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class OrderViolation:
    """A component that was synced before another that it requires was Healthy."""

    component: str
    capability: str
    """What the component requires."""
    provider: str
    message: str
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not rehearsed, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """An Application or an object that was not at rest at the end of a phase."""

    name: str
    state: str
    """In words."""

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


@dataclass(frozen=True, slots=True)
class Phase:
    """One push and its outcome."""

    name: str
    """`sync`, `base`, `push` or `revert`."""
    revision: str
    seconds: float
    settled: bool
    """Whether everything became Synced and Healthy, before nothing moved any more."""
    steps: tuple[SyncStep, ...] = ()
    changes: tuple[ObjectChange, ...] = ()
    remarks: tuple[Remark, ...] = ()
    drift: tuple[Drift, ...] = ()
    order_violations: tuple[OrderViolation, ...] = ()
    orphans: tuple[ObjectReference, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    """Why the phase did not settle."""


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
    """How many objects were sent to the API server."""
    left_out: tuple[LeftOut, ...] = ()
    standins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Version skew, a stale render, differences to a real cluster."""
    restored: tuple[str, ...] | None = None
    """What a revert did not restore; None where none was asked for."""
    versions: tuple[tuple[str, str], ...] = ()
    """Of the programs whose words the rehearsal reports."""
    figures: Figures = Figures()

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(remark for phase in self.phases for remark in phase.remarks)

    @property
    def good(self) -> bool:
        """Nothing was refused, everything settled, in order, without drift, and was restored."""
        refused = any(remark.verdict in BAD for remark in self.remarks)
        bad = any(p.drift or p.order_violations or p.orphans or not p.settled for p in self.phases)
        return not (refused or bad or self.restored)
