"""The result of a rehearsal. Times are seconds since the phase began."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gitops_gen.changes.prediction import PredictedConsequence
from gitops_gen.model import FieldPath, ObjectId, Position
from gitops_gen.objects.kube_object import KubeObject


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """An object in a report, with the API version that was sent to the server."""

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
    """Without controllers: a server-side dry run and Argo CD's comparison."""
    DRY_RUN = "dry-run"


class RemarkVerdict(StrEnum):
    REFUSED = "refused"
    UNHEALTHY = "unhealthy"
    """The object was accepted but did not become Healthy."""
    WARNED = "warned"
    NOT_CHECKED = "not checked"


BAD = frozenset({RemarkVerdict.REFUSED, RemarkVerdict.UNHEALTHY})


@dataclass(frozen=True, slots=True)
class Remark:
    """The original message of a server about one object."""

    verdict: RemarkVerdict
    by: str
    """`kube-apiserver`, `Argo CD`, or `gitops-gen` if neither of them reports the problem."""
    object: ObjectReference
    message: str
    file: str | None = None
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class SyncStep:
    """The sync of one Application in a phase; a time is None if the state was not reached."""

    component: str
    wave: int
    began: float | None
    synced: float | None
    healthy: float | None
    state: str
    """The state at the end of the phase, for example "Synced, Healthy"."""
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
    """The change of an object in the cluster by a push."""

    at: float
    kind: ChangeKind
    object: ObjectReference
    fields: tuple[FieldPath, ...] = ()
    """The fields that changed."""


@dataclass(frozen=True, slots=True)
class DriftField:
    """A field that differs between Git and the cluster; a value is None if the field is missing."""

    path: FieldPath
    wanted: str | None
    live: str | None


@dataclass(frozen=True, slots=True)
class Drift:
    """An object that stays OutOfSync after the sync."""

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
    """The capability that the component requires."""
    provider: str
    message: str
    values: Position | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part that was not rehearsed, and the reason."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """An Application or an object that was not ready at the end of a phase."""

    name: str
    state: str
    """The state as the end of a sentence that begins with the name."""

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An event that `diff` predicts and that did not happen, or the other way round."""

    object: ObjectId
    message: str
    """The end of a sentence that begins with the object."""
    file: str | None = None
    values: Position | None = None

    def __str__(self) -> str:
        return f"{self.object} {self.message}"


@dataclass(frozen=True, slots=True)
class PredictionCheck:
    """What `diff` predicts about a push, compared with what happened."""

    consequences: tuple[PredictedConsequence, ...]
    """Everything that `diff` reports. Only refusals, deletions and restarts can be observed."""
    right: int = 0
    """The number of predicted refusals, deletions and restarts that happened."""
    unknown: int = 0
    """The number of those that did not happen because a sync failed."""
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """One push and its outcome."""

    name: str
    """`sync`, `base`, `push` or `revert`."""
    revision: str
    seconds: float
    settled: bool
    """Whether all Applications became Synced and Healthy."""
    steps: tuple[SyncStep, ...] = ()
    changes: tuple[ObjectChange, ...] = ()
    remarks: tuple[Remark, ...] = ()
    drift: tuple[Drift, ...] = ()
    order_violations: tuple[OrderViolation, ...] = ()
    orphans: tuple[ObjectReference, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    """The Applications and objects that were not ready; empty if the phase is settled."""
    prediction: PredictionCheck | None = None
    """What was predicted about the push after a base; None for other phases."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Durations in seconds, and the memory of all programs in bytes."""

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
    sent_objects: int
    """The number of objects that were sent to the API server."""
    left_out: tuple[LeftOut, ...] = ()
    standins: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Version skew, files that are out of date, and differences from a real cluster."""
    restored: tuple[str, ...] | None = None
    """What a revert did not restore; None if no revert was requested."""
    versions: tuple[tuple[str, str], ...] = ()
    """The versions of the programs whose messages the rehearsal reports."""
    figures: Figures = Figures()
    argocd_objects: int = 0
    """How many of `sent_objects` are Applications and AppProjects, from argocd/."""

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(remark for phase in self.phases for remark in phase.remarks)

    @property
    def good(self) -> bool:
        """Whether every object was accepted, became Healthy in order, and was restored.

        Drift and orphaned objects are also failures.
        """
        refused = any(remark.verdict in BAD for remark in self.remarks)
        bad = any(p.drift or p.order_violations or p.orphans or not p.settled for p in self.phases)
        return not (refused or bad or self.restored)
