"""Which leaves can reach a part of the output: those that change its input, found without Helm.

The plan of an environment contains everything that Helm and Argo CD's manifests depend on. So a
leaf whose change leaves the input of a component as it is cannot reach the objects of that
component. Planning takes milliseconds, and groups of leaves are changed together and halved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, ObjectId, Path, Values
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.provenance.experiments import PROJECTS, ExperimentRunner, OutputPart
from gitops_gen.provenance.leaves import Leaf, changed, layer, leaves, value_at
from gitops_gen.workspace.variants import Variant, Variants, changed_components

# What the code of components raises for values that only the rules refuse.
_NOT_PLANNED = (InvalidInput, LookupError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True)
class Candidates:
    """Finds candidates, once for each target."""

    runner: ExperimentRunner
    _found: dict[OutputPart, tuple[Leaf, ...]] = field(default_factory=dict)

    @property
    def _variants(self) -> Variants:
        return self.runner.variants

    @property
    def _environment(self) -> Environment:
        return self._variants.base.environment

    def of(self, target: OutputPart) -> tuple[Leaf, ...]:
        """The leaves that can reach a target, those of the strongest layer first."""
        if target not in self._found:
            every = list(leaves(self._environment, self._variants.schema))
            # The code of a component may compare a number, so one change of it is not enough.
            numbers = [leaf for leaf in every if self._is_number(leaf)]
            reaching = {
                *(leaf for group in _by_section(every) for leaf in self._of(group, target, 0)),
                *(leaf for group in _by_section(numbers) for leaf in self._of(group, target, 1)),
            }
            strongest = sorted(reaching, key=self._strength)
            self._found[target] = tuple(strongest)
        return self._found[target]

    def breadth(self, leaf: Leaf) -> int:
        """The number of components whose objects a leaf can reach."""
        variant = self._planned([leaf], 0)
        return len(changed_components(self._variants.base, variant)) if variant else 0

    def _strength(self, leaf: Leaf) -> tuple[int, str]:
        return -layer(self._environment, leaf), str(leaf.path)

    def _is_number(self, leaf: Leaf) -> bool:
        value = value_at(self._environment.values, leaf.path)
        return not leaf.of_key and isinstance(value, int) and not isinstance(value, bool)

    def _of(self, group: Sequence[Leaf], target: OutputPart, choice: int) -> Iterator[Leaf]:
        """Yields the leaves of a group that change the input of a target."""
        variant = self._planned(group, choice)
        if variant is not None and not self._reaches(variant, target):
            return
        if len(group) == 1:
            yield from group
            return
        middle = len(group) // 2
        yield from self._of(group[:middle], target, choice)
        yield from self._of(group[middle:], target, choice)

    def _planned(self, group: Iterable[Leaf], choice: int) -> Variant | None:
        """The variant in which all leaves have their first or second alternative.

        None if it cannot be planned.
        """
        values = ((leaf, self._alternative(leaf, choice)) for leaf in group)
        changes = {leaf: value for leaf, value in values if value is not None}
        if not changes:
            return self._variants.base
        try:
            return self._variants.planned(changed(self._environment, changes))
        except _NOT_PLANNED:
            return None

    def _alternative(self, leaf: Leaf, choice: int) -> object:
        return next(islice(self.runner.alternatives(leaf), choice, None), None)

    def _reaches(self, variant: Variant, target: OutputPart) -> bool:
        base = self._variants.base
        if not target.is_of_argocd:
            return variant.inputs.get(target.part) != base.inputs.get(target.part)
        if target.part == PROJECTS and changed_components(base, variant):
            return True
        try:
            after = self._variants.argocd_of(variant, self._variants.rendering.objects)
        except _NOT_PLANNED:
            return True
        return _value(after, target.identity) != _value(self._variants.argocd, target.identity)


def _value(objects: Iterable[KubeObject], identity: ObjectId | None) -> Values | None:
    return next((item.value for item in objects if item.id == identity), None)


def _by_section(every: Iterable[Leaf]) -> Iterable[list[Leaf]]:
    """The leaves of each component's section, which often reach the same components."""
    sections: dict[Path, list[Leaf]] = {}
    for leaf in every:
        sections.setdefault(leaf.path[:2], []).append(leaf)
    return sections.values()
