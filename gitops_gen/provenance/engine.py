"""Finds what a value reaches, and which values are behind a field, by experiments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import Loaded
from gitops_gen.model import Environment, FieldPath, ObjectId, Path
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.provenance.cache import EffectCache
from gitops_gen.provenance.candidates import Candidates
from gitops_gen.provenance.comparison import Difference
from gitops_gen.provenance.experiments import Cost, Experiment, ExperimentRunner, OutputPart
from gitops_gen.provenance.leaves import Leaf, exists, is_named_by_user, leaves
from gitops_gen.provenance.result import Line, Origin, Reach, Unknown, line_of
from gitops_gen.provenance.selection import selected
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.variants import Variants
from gitops_gen.workspace.workspace import HelmRun

HELM_REFUSES = "Helm refuses the other values that were tried"
NO_ALTERNATIVE = "has no other value that its schema allows"

Observed = Mapping[Leaf, Sequence[Difference]]
"""The differences in one part of the output that each leaf makes if it alone is changed."""


@dataclass(frozen=True)
class Provenance:
    """Answers questions about the provenance of one rendered environment."""

    runner: ExperimentRunner
    _observed_parts: dict[str, Observed] = field(default_factory=dict)
    _breadths: dict[Leaf, int] = field(default_factory=dict)

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
        return cls(ExperimentRunner(variants, cache))

    @property
    def variants(self) -> Variants:
        return self.runner.variants

    @property
    def environment(self) -> Environment:
        return self.variants.base.environment

    @property
    def cost(self) -> Cost:
        """The work of Helm for the answers so far, without the render of the base."""
        return self.runner.cost

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self.runner)

    @property
    def objects(self) -> tuple[KubeObject, ...]:
        """All rendered objects, including the Applications and AppProjects."""
        return (*self.variants.rendering.objects, *self.variants.argocd)

    # What a value reaches

    def reach(self, path: Path) -> Reach:
        """The fields that the value at a path reaches, or that the values below it reach.

        A path that is not set is changed to a value that the schema suggests.
        """
        below = self._below(path)
        tests = self._of_key(below)
        results = self.runner.effects(tests)
        self.runner.cache.write()
        rendered = [
            (test, result)
            for test, result in zip(tests, results, strict=True)
            if not isinstance(result, InvalidInput)
        ]
        found = {difference for _, result in rendered for difference in result}
        changed = {
            leaf for test, result in rendered for leaf in test.changes if test.proves(leaf, result)
        }
        unknown = [leaf for leaf in below if leaf not in changed]
        return Reach(path, tuple(sorted(found, key=_order)), tuple(map(self._unknown, unknown)))

    def _below(self, path: Path) -> list[Leaf]:
        """The value at a path, or all values below it. The name of a key is another question."""
        if not exists(self.environment.values, path):
            return [Leaf(path)]
        every = leaves(self.environment, self.variants.schema, path)
        found = [leaf for leaf in every if not leaf.of_key]
        # To disable a component would hide the effect of everything else in its section.
        return [leaf for leaf in found if leaf.path[-1] != "enabled"] or found

    def _of_key(self, below: Sequence[Leaf]) -> Sequence[Experiment]:
        """At most two experiments.

        Two different changes of one value find more than one, because a template may compare it.
        """
        if len(below) == 1:
            return self.runner.experiments(below[0], 2)
        alone = [test for leaf in below for test in self.runner.experiments(leaf, 1)]
        return self.runner.joint(alone)[:2]

    def _unknown(self, leaf: Leaf) -> Unknown:
        reason = self.runner.refused.get(leaf, NO_ALTERNATIVE)
        return Unknown(line_of(self.environment, leaf), reason)

    # What other values would change

    def replaced(
        self, replacements: Sequence[Mapping[Path, object]]
    ) -> list[tuple[Difference, ...] | None]:
        """The differences that each of these replacements of values makes.

        The value `Unset.UNSET` removes a key. The answer is None if the values are then not valid.
        """
        tests = [
            self.runner.experiment({Leaf(path): value for path, value in one.items()})
            for one in replacements
        ]
        results = iter(self.runner.effects([one for one in tests if one is not None]))
        self.runner.cache.write()
        return [None if one is None else _differences(next(results)) for one in tests]

    # Which values are behind a field

    def origin(self, identity: ObjectId, path: FieldPath) -> Origin:
        """The lines that a field depends on, the most helpful one first.

        Raises LookupError for an object that is not rendered.
        """
        target = self.runner.target(identity)
        candidates = self._candidates.of(target)

        def is_affected(found: Iterable[Difference]) -> bool:
            return _touches(found, identity, path.parts)

        selection = selected(self.runner, candidates, target, is_affected)
        observed = self._observed(selection.tests, target)
        self.runner.cache.write()
        lines = self._lines(observed, identity, path.parts)
        cleared = selection.cleared | observed.keys()
        unknown = tuple(map(self._unknown, self._not_observed(candidates, cleared)))
        return Origin(identity, path, tuple(sorted(lines, key=Line.rank)), unknown)

    def _not_observed(self, candidates: Iterable[Leaf], cleared: Iterable[Leaf]) -> Iterator[Leaf]:
        """Yields the leaves whose effect is not known.

        A key that is required cannot be removed, but the values below it are leaves of their own.
        """
        done, schema = set(cleared), self.variants.schema
        for leaf in candidates:
            if leaf not in done and not (leaf.of_key and not is_named_by_user(schema, leaf.path)):
                yield leaf

    def lines_behind(self, fields: Iterable[tuple[ObjectId, FieldPath]]) -> list[Line | None]:
        """The best line for each field, or None if no value changes the field.

        None is also the answer for an object that is not rendered. All fields of a component
        share the experiments: each leaf that can reach the component is changed once.
        """
        best = [self._best(identity, path.parts) for identity, path in fields]
        self.runner.cache.write()
        return best

    def _best(self, identity: ObjectId, path: Path) -> Line | None:
        try:
            target = self.runner.target(identity)
        except LookupError:
            return None
        key = f"{target.part} {target.identity}"
        if key not in self._observed_parts:
            candidates = self._candidates.of(target)
            tests = [test for leaf in candidates for test in self.runner.experiments(leaf, 1)]
            self._observed_parts[key] = self._observed(tests, target)
        return min(
            self._lines(self._observed_parts[key], identity, path), key=Line.rank, default=None
        )

    def _observed(self, tests: Sequence[Experiment], target: OutputPart) -> Observed:
        found: dict[Leaf, list[Difference]] = {}
        results = self.runner.effects(tests, [target.part])
        for test, result in zip(tests, results, strict=True):
            [leaf] = test.changes
            if isinstance(result, InvalidInput):
                self.runner.refused.setdefault(leaf, HELM_REFUSES)
            elif test.proves(leaf, result):
                found.setdefault(leaf, []).extend(result)
        return found

    def _lines(self, observed: Observed, identity: ObjectId, path: Path) -> list[Line]:
        return [
            line_of(
                self.environment,
                leaf,
                min(_distance(one, path) for one in effects if _touches([one], identity, path)),
                len(set(effects)),
                self._breadth(leaf),
            )
            for leaf, effects in observed.items()
            if _touches(effects, identity, path)
        ]

    def _breadth(self, leaf: Leaf) -> int:
        """As for all fields of a component, the answer is kept."""
        if leaf not in self._breadths:
            self._breadths[leaf] = self._candidates.breadth(leaf)
        return self._breadths[leaf]


def _differences(
    result: tuple[Difference, ...] | InvalidInput,
) -> tuple[Difference, ...] | None:
    return None if isinstance(result, InvalidInput) else result


def _touches(differences: Iterable[Difference], identity: ObjectId, path: Path) -> bool:
    return any(one.object == identity and one.touches(path) for one in differences)


def _distance(difference: Difference, path: Path) -> int:
    """How far above the field the difference is: 0 the field itself, 2 the whole object."""
    if len(difference.path) >= len(path):
        return 0
    return 1 if difference.path else 2


def _order(difference: Difference) -> tuple[object, ...]:
    return difference.object, tuple(map(str, difference.path)), difference.effect
