"""The result of a comparison: what changes in each cluster, and what each change does there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from gitops_gen.apicheck import Fault
from gitops_gen.model import ObjectId, Values
from gitops_gen.objects.fields import FieldDifference
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.secrets.hidden import without_tokens

TRAILER = "Accept-Change"
"""The key of the line in a commit message that accepts a danger."""
DOCS = "docs/diff.md"
"""The page that describes each class and what to do about it."""


class DifferenceKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    """Removed and added under another name or in another namespace, with similar content."""
    REMOVED = "removed"


class Certainty(StrEnum):
    EXACT = "exact"
    """It follows from the rules of the API server or from the fields alone."""
    RULE = "rule"
    """It follows from documented behaviour of a controller, of Argo CD or of AWS."""
    HEURISTIC = "heuristic"
    """It is probable, but two revisions do not prove it."""


@dataclass(frozen=True, slots=True)
class ChangeClass:
    """What a change does to a running cluster. Each class is a constant of the module that applies
    it, in `changes.classes`."""

    id: str
    rank: int
    """The position in the order of danger; 1 is the most dangerous class."""
    title: str
    certainty: Certainty
    why: str
    remedy: str
    acceptable: bool = True
    """Whether a commit trailer can accept it. A single consequence may be an exception."""
    is_danger: bool = True
    """Whether commands that change values report it. Restarts, for example, are expected."""

    @property
    def link(self) -> str:
        return f"{DOCS}#{self.id}"

    def consequence(
        self,
        message: str,
        at: FieldDifference | None = None,
        *,
        certainty: Certainty | None = None,
        remedy: str = "",
        acceptable: bool = False,
        objects: tuple[ObjectId, ...] = (),
        by_argocd: bool = False,
        afterwards: str = "",
    ) -> Consequence:
        return Consequence(
            self,
            without_tokens(message),
            at,
            certainty or self.certainty,
            remedy or self.remedy,
            acceptable=acceptable or self.acceptable,
            objects=objects,
            by_argocd=by_argocd,
            afterwards=without_tokens(afterwards),
        )


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that a change does to the cluster."""

    change_class: ChangeClass
    message: str
    at: FieldDifference | None
    """The field that causes it; None if the whole object does."""
    certainty: Certainty
    remedy: str
    accepted: Acceptance | None = None
    acceptable: bool = True
    """Whether a commit trailer can accept it. Some classes can only be accepted in some cases."""
    objects: tuple[ObjectId, ...] = ()
    """The objects that it happens to. Empty if that is the changed object."""
    by_argocd: bool = False
    """Whether Argo CD refuses the objects, so that the API server never sees them."""
    afterwards: str = ""
    """What somebody must do by hand when Argo CD has synced the change; empty if nothing."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The trailer of a commit that accepts a class of consequences for one object."""

    class_id: str
    object: str
    reason: str
    commit: str
    author: str


@dataclass(frozen=True, eq=False)
class ObjectDifference:
    """An object that differs between the base and the head."""

    kind: DifferenceKind
    before: KubeObject | None
    after: KubeObject | None
    old: Values = field(default_factory=dict, repr=False)
    """The object of the base, with defaults as the API server stores it where that is known."""
    new: Values = field(default_factory=dict, repr=False)
    fields: tuple[FieldDifference, ...] = ()
    unchanged: int = 0
    """The number of fields that are equal."""
    faults: tuple[Fault, ...] = ()
    """What the API server refuses about the change, or about the new object."""
    refused_fields: tuple[FieldDifference, ...] = ()
    """The changed fields because of which the API server refuses the change."""
    not_checked: str = ""
    """The reason why the rules of the API server were not applied; empty if they were."""

    @property
    def item(self) -> KubeObject:
        """The object of the head, or that of the base if it is removed."""
        item = self.after or self.before
        if item is None:
            raise ValueError("a difference needs an object")
        return item

    @property
    def id(self) -> ObjectId:
        return self.item.id

    @property
    def removed(self) -> KubeObject | None:
        """The object that is no longer in Git: that of a removal, or the old one of a rename."""
        return (
            self.before if self.kind in (DifferenceKind.REMOVED, DifferenceKind.RENAMED) else None
        )

    @property
    def added(self) -> KubeObject | None:
        return self.after if self.kind in (DifferenceKind.ADDED, DifferenceKind.RENAMED) else None

    def naming(self, item: KubeObject) -> str:
        """What a message calls an object of the difference, whose heading names the new one."""
        return f"the {item.id.kind}" if item.id == self.id else str(item.id)

    @property
    def is_update(self) -> bool:
        return self.kind is DifferenceKind.CHANGED

    def below(self, *names: str) -> Iterator[FieldDifference]:
        """Yields the differences at or below a path without indexes, and those that contain it."""
        for found in self.fields:
            path = found.names
            if path[: len(names)] == names or path == names[: len(path)]:
                yield found


@dataclass(frozen=True, slots=True)
class RemovalResult:
    """What Argo CD does with an object that is no longer in Git."""

    is_deleted: bool
    reason: str
    with_namespace: bool = False
    """Whether the object is deleted because its Namespace is."""


@dataclass(frozen=True, eq=False)
class ClassifiedChange:
    """A difference with its consequences, the most dangerous first."""

    difference: ObjectDifference
    consequences: tuple[Consequence, ...] = ()
    removal: RemovalResult | None = None
    """What happens to the object that is no longer in Git; None if there is none."""


@dataclass(frozen=True)
class NotCompared:
    """What could not be compared or checked, and why."""

    subject: str
    """A file, an object, a kind or a whole environment."""
    reason: str


@dataclass(frozen=True, eq=False)
class EnvironmentComparison:
    """One environment in both revisions."""

    name: str
    changes: tuple[ClassifiedChange, ...] = ()
    base_name: str = ""
    """The name in the base, if the environment was renamed; otherwise empty."""
    state: str = ""
    """`new`, `removed` or `renamed`; empty for an environment that both revisions have."""
    is_judged: bool = True
    """Whether the rules of the API server were applied."""
    objects: int = 0
    """The number of objects of the head."""
    notes: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    """What somebody must do by hand after a merge, in addition to that of the consequences."""
    not_compared: tuple[NotCompared, ...] = ()
    """Parts that could not be compared: the result is incomplete."""
    not_checked: tuple[NotCompared, ...] = ()
    """Objects that were compared, but not with the rules of the API server."""

    @property
    def consequences(self) -> Iterator[tuple[ObjectDifference, Consequence]]:
        for change in self.changes:
            for consequence in change.consequences:
                yield change.difference, consequence


@dataclass(frozen=True, eq=False)
class Comparison:
    """All environments. `base` and `head` name the revisions in messages."""

    base: str
    head: str
    environments: tuple[EnvironmentComparison, ...]
    notes: tuple[str, ...] = ()
    unchecked_because: str = ""
    """Why the rules of the API server were not applied at all; empty if they were."""
    acceptances: tuple[Acceptance, ...] = ()
    needless: tuple[tuple[Acceptance, str], ...] = ()
    """The trailers that accept nothing, each with the reason."""

    @property
    def is_incomplete(self) -> bool:
        """Whether a part could not be compared, or the API rules program is missing."""
        return bool(self.unchecked_because) or any(one.not_compared for one in self.environments)

    def worst(self) -> int | None:
        """The rank of the most dangerous class that is not accepted, or None."""
        ranks = (
            consequence.change_class.rank
            for environment in self.environments
            for _, consequence in environment.consequences
            if consequence.accepted is None
        )
        return min(ranks, default=None)
