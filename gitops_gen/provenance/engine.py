"""Finds what a value reaches, and which values are behind a field, by experiments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import ceil

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import Loaded
from gitops_gen.model import Environment, FieldPath, ObjectId, Path
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.provenance.cache import EffectCache
from gitops_gen.provenance.comparison import Difference
from gitops_gen.provenance.experiments import (
    APPLICATIONS,
    PROJECTS,
    Cost,
    Experiment,
    Laboratory,
)
from gitops_gen.provenance.leaves import Leaf, changed, exists, layer, leaves, value_at
from gitops_gen.provenance.result import Line, Origin, Reach, Unknown, line_of
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.variants import Variant, Variants, changed_components
from gitops_gen.workspace.workspace import HelmRun

MOST_RENDERS = 40.0
"""The renders of the umbrella that a question about a field may cost, without that of the base."""
NOT_EXAMINED = "was not examined, because too many values can reach the field"
HELM_REFUSES = "Helm refuses the other values that were tried"
NO_ALTERNATIVE = "has no other value that its schema allows"

# What component code raises for values that only the rules refuse.
_NOT_PLANNED = (InvalidInput, LookupError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class _Suspects:
    """Experiments with one leaf each, and leaves that an experiment with a group has cleared."""

    tests: list[Experiment]
    cleared: frozenset[Leaf] = frozenset()


@dataclass(frozen=True)
class Provenance:
    """Answers questions about the provenance of one rendered environment."""

    laboratory: Laboratory
    _reaching: dict[str, tuple[Leaf, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, loaded: Loaded, run: HelmRun) -> Provenance:
        """Renders a valid environment. Raises InvalidInput like a render."""
        variants = workspace.variants(loaded, run)
        revision, cache = workspace.revision, EffectCache()
        if isinstance(revision, WorkTree):
            rendering = variants.rendering
            cache = EffectCache.of(
                str(revision.root), rendering.environment, run.helm, rendering.charts
            )
        return cls(Laboratory(variants, cache))

    @property
    def variants(self) -> Variants:
        return self.laboratory.variants

    @property
    def environment(self) -> Environment:
        return self.variants.base.environment

    @property
    def cost(self) -> Cost:
        return self.laboratory.cost

    @property
    def objects(self) -> tuple[KubeObject, ...]:
        """All rendered objects, including the Applications and AppProjects."""
        return (*self.variants.rendering.objects, *self.variants.argocd)

    # What a value reaches

    def reach(self, path: Path) -> Reach:
        """The fields that the value at a path reaches, or all values below it."""
        below = [Leaf(path)]
        if exists(self.environment.values, path):
            below = list(leaves(self.environment, self.variants.schema, path))
        own = Leaf(path) in below
        # Two different changes of one value find more than one: a template may compare a number.
        experiments = (
            self.laboratory.experiments(Leaf(path), 2) if own else self.laboratory.joint(below)[:2]
        )
        results = self.laboratory.effects(experiments)
        found = {
            one for result in results if not isinstance(result, InvalidInput) for one in result
        }
        done = _changed_leaves(experiments, results)
        unknown = [leaf for leaf in below if leaf not in done and (not leaf.of_key or not own)]
        self.laboratory.cache.write()
        return Reach(path, tuple(sorted(found, key=_order)), tuple(map(self._unknown, unknown)))

    def _unknown(self, leaf: Leaf) -> Unknown:
        reason = self.laboratory.refused.get(leaf, NO_ALTERNATIVE)
        return Unknown(line_of(self.environment, leaf), reason)

    # Which values are behind a field

    def origin(self, identity: ObjectId, path: FieldPath) -> Origin:
        """The lines that a field depends on, the most direct one first."""
        part = self._part(identity)
        candidates = self._candidates(part)
        suspects = self._suspects(candidates, part, identity, path.parts)
        observed = self._observed(suspects.tests, part)
        found = _touching(observed, identity, path.parts)
        lines = [self._line(leaf, observed[leaf], identity, path.parts) for leaf in found]
        cleared = suspects.cleared | observed.keys()
        unknown = [self._unknown(leaf) for leaf in candidates if leaf not in cleared]
        self.laboratory.cache.write()
        return Origin(identity, path, tuple(sorted(lines, key=Line.rank)), tuple(unknown))

    def lines_behind(self, fields: Iterable[tuple[ObjectId, FieldPath]]) -> list[Line | None]:
        """The best line for each field, or None for a field that no value changes.

        All fields share the experiments, so that each leaf is changed at most once.
        """
        wanted = list(fields)
        parts = {identity: self._part(identity) for identity, _ in wanted}
        observed = {part: self._all_observed(part) for part in dict.fromkeys(parts.values())}
        self.laboratory.cache.write()
        return [
            self._best(observed[parts[identity]], identity, path.parts) for identity, path in wanted
        ]

    def _best(
        self,
        observed: Mapping[Leaf, Sequence[Difference]],
        identity: ObjectId,
        path: Path,
    ) -> Line | None:
        found = _touching(observed, identity, path)
        lines = [self._line(leaf, observed[leaf], identity, path) for leaf in found]
        return min(lines, key=Line.rank, default=None)

    def _all_observed(self, part: str) -> dict[Leaf, list[Difference]]:
        return self._observed(self._alone(self._candidates(part), 1), part)

    def _part(self, identity: ObjectId) -> str:
        """The part of the output that contains an object: its component, or Argo CD's objects."""
        for item in self.variants.argocd:
            if item.id == identity:
                return PROJECTS if identity.kind == "AppProject" else APPLICATIONS
        return next(i.component for i in self.variants.rendering.objects if i.id == identity)

    def _observed(self, tests: Sequence[Experiment], part: str) -> dict[Leaf, list[Difference]]:
        """The effects on a part of each leaf that alone was changed."""
        found: dict[Leaf, list[Difference]] = {}
        for test, result in zip(tests, self.laboratory.effects(tests, [part]), strict=True):
            [leaf] = test.changes
            if isinstance(result, InvalidInput):
                self.laboratory.refused.setdefault(leaf, HELM_REFUSES)
            else:
                found.setdefault(leaf, []).extend(result)
        return found

    def _line(
        self, leaf: Leaf, effects: Sequence[Difference], identity: ObjectId, path: Path
    ) -> Line:
        touching = [one for one in effects if one.object == identity and one.touches(path)]
        direct = min(_distance(one, path) for one in touching)
        return line_of(self.environment, leaf, direct, len(set(effects)), self._breadth(leaf))

    def _breadth(self, leaf: Leaf) -> int:
        """The number of components that the leaf reaches. This needs no Helm."""
        variant = self._planned([leaf], 0)
        return len(changed_components(self.variants.base, variant)) if variant else 0

    # Few experiments for many leaves

    def _suspects(
        self, candidates: Sequence[Leaf], part: str, identity: ObjectId, path: Path
    ) -> _Suspects:
        """Experiments with one leaf each, as many as the budget allows."""
        affordable = self._affordable(part)
        for each in (2, 1):
            if each * len(candidates) <= affordable:
                return _Suspects(self._alone(candidates, each))
        groups = self._grouped(candidates, affordable // 2)
        results = self.laboratory.effects(groups, [part])
        suspected = [
            leaf
            for test, result in zip(groups, results, strict=True)
            if isinstance(result, InvalidInput) or _touches(result, identity, path)
            for leaf in test.changes
        ]
        cleared = {leaf for test in groups for leaf in test.changes}.difference(suspected)
        examined = suspected[: max(0, affordable - len(groups))]
        for leaf in {*candidates}.difference(cleared, examined):
            self.laboratory.refused.setdefault(leaf, NOT_EXAMINED)
        return _Suspects(self._alone(examined, 1), frozenset(cleared))

    def _affordable(self, part: str) -> int:
        """The number of experiments within the budget."""
        if part == APPLICATIONS:
            return len(self.environment.sources) * 4  # no Helm is needed
        # An AppProject depends on the objects of all components.
        return int(MOST_RENDERS / (1.0 if part == PROJECTS else self.laboratory.weight(part)))

    def _alone(self, group: Iterable[Leaf], each: int) -> list[Experiment]:
        return [test for leaf in group for test in self.laboratory.experiments(leaf, each)]

    def _grouped(self, candidates: Sequence[Leaf], count: int) -> list[Experiment]:
        """About `count` experiments, each of which changes several leaves."""
        size = ceil(len(candidates) / max(1, count))
        starts = range(0, len(candidates), size)
        groups = (candidates[start : start + size] for start in starts)
        return [test for group in groups for test in self.laboratory.joint(group)][: 2 * count]

    # Candidates: leaves that change the input of a part

    def _candidates(self, part: str) -> tuple[Leaf, ...]:
        """The leaves that can reach a part of the output, those of the strongest layer first.

        They are found without Helm.
        """
        if part not in self._reaching:
            found = set(leaves(self.environment, self.variants.schema))
            numbers = {leaf for leaf in found if self._is_number(leaf)}
            reaching = {
                *(one for group in _by_section(found) for one in self._narrowed(group, part, 0)),
                *(one for group in _by_section(numbers) for one in self._narrowed(group, part, 1)),
            }
            strongest = sorted(
                reaching, key=lambda one: (-layer(self.environment, one), str(one.path))
            )
            self._reaching[part] = tuple(strongest)
        return self._reaching[part]

    def _is_number(self, leaf: Leaf) -> bool:
        """Whether the code of a component may compare the value, so that one change of it is not
        enough."""
        value = value_at(self.environment.values, leaf.path)
        return not leaf.of_key and isinstance(value, int) and not isinstance(value, bool)

    def _narrowed(self, group: Sequence[Leaf], part: str, choice: int) -> Iterator[Leaf]:
        """Yields the leaves of a group that change the input of a part, by halving the group."""
        variant = self._planned(group, choice)
        if variant is not None and not self._is_input_changed(variant, part):
            return
        if len(group) == 1:
            yield from group
            return
        middle = len(group) // 2
        yield from self._narrowed(group[:middle], part, choice)
        yield from self._narrowed(group[middle:], part, choice)

    def _planned(self, group: Sequence[Leaf], choice: int) -> Variant | None:
        """The variant in which all leaves have their first or second alternative, if any."""
        values = ((leaf, _nth(self.laboratory.alternatives(leaf), choice)) for leaf in group)
        changes = {leaf: value for leaf, value in values if value is not None}
        if not changes:
            return self.variants.base
        try:
            return self.variants.planned(changed(self.environment, changes))
        except _NOT_PLANNED:
            return None

    def _is_input_changed(self, variant: Variant, part: str) -> bool:
        if part not in (APPLICATIONS, PROJECTS):
            return variant.inputs.get(part) != self.variants.base.inputs.get(part)
        if part == PROJECTS and changed_components(self.variants.base, variant):
            return True
        rendered = self.variants.rendering.objects
        try:
            after = self.variants.argocd_of(variant, rendered)
        except _NOT_PLANNED:
            return True
        return [item.value for item in after] != [item.value for item in self.variants.argocd]


def _by_section(found: Iterable[Leaf]) -> Iterable[list[Leaf]]:
    sections: dict[Path, list[Leaf]] = {}
    for leaf in sorted(found, key=lambda one: str(one.path)):
        sections.setdefault(leaf.path[:2], []).append(leaf)
    return sections.values()


def _nth(values: Iterator[object], index: int) -> object:
    return next(islice(values, index, None), None)


def _changed_leaves(
    experiments: Iterable[Experiment], results: Iterable[tuple[Difference, ...] | InvalidInput]
) -> set[Leaf]:
    """The leaves of the experiments that Helm rendered."""
    pairs = zip(experiments, results, strict=True)
    done = (test for test, result in pairs if not isinstance(result, InvalidInput))
    return {leaf for test in done for leaf in test.changes}


def _touches(differences: Iterable[Difference], identity: ObjectId, path: Path) -> bool:
    return any(one.object == identity and one.touches(path) for one in differences)


def _touching(
    observed: Mapping[Leaf, Iterable[Difference]], identity: ObjectId, path: Path
) -> list[Leaf]:
    return [leaf for leaf, found in observed.items() if _touches(found, identity, path)]


def _distance(difference: Difference, path: Path) -> int:
    """How far above the field the difference is: 0 the field itself, 2 the whole object."""
    if len(difference.path) >= len(path):
        return 0
    return 1 if difference.path else 2


def _order(difference: Difference) -> tuple[object, ...]:
    return difference.object, tuple(map(str, difference.path)), difference.effect
