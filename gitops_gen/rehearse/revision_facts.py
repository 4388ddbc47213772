"""Facts about the components of a revision, and the lines of the values that define them."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_gen.components.types import NamedSecret
from gitops_gen.model import Position
from gitops_gen.objects.kube_object import KubeObject


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    name: str
    wave: int
    namespace: str
    position: Position
    provides: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    secrets: tuple[NamedSecret, ...] = ()


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """The facts that a rehearsal needs about one revision, in addition to its manifests."""

    components: tuple[ComponentFacts, ...] = ()
    region: str = "eu-central-1"
    kubernetes: str | None = None
    notes: tuple[str, ...] = ()

    def component(self, name: str) -> ComponentFacts | None:
        return next((item for item in self.components if item.name == name), None)

    def section_of(self, item: KubeObject) -> Position | None:
        """Returns the position of the section of the component that an object belongs to."""
        return self.position(item.component)

    def position(self, component: str) -> Position | None:
        found = self.component(component)
        return found.position if found else None
