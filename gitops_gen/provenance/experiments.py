"""Experiments: an environment in which some leaves have another value, and what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, ObjectId
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.provenance.alternatives import alternatives, examples
from gitops_gen.provenance.cache import EffectCache
from gitops_gen.provenance.comparison import Difference, compared
from gitops_gen.provenance.leaves import Leaf, Unset, changed, exists, is_named_by_user, value_at
from gitops_gen.workspace.variants import (
    Variant,
    VariantRequest,
    Variants,
    changed_components,
)

APPLICATIONS = "argocd/applications"
"""The part of the output that consists of the Applications. It needs no Helm."""
PROJECTS = "argocd/projects"
"""The AppProjects, which depend on the kinds and namespaces of all rendered objects."""

# Alternatives of one value that are validated before the value counts as unknown.
_MOST_TRIES = 16


@dataclass(frozen=True)
class Experiment:
    """A variant whose values are valid, and the changes that it consists of."""

    changes: Mapping[Leaf, Any]
    variant: Variant

    def proves(self, leaf: Leaf, effects: Sequence[Difference]) -> bool:
        """Whether the effects tell what the leaf does.

        If the removal of a value has no effect, another value may still have one.
        """
        return bool(effects) or leaf.of_key or self.changes[leaf] is not Unset.UNSET

    @cached_property
    def key(self) -> str:
        """A text that identifies the changes, for the cache."""
        parts = ((leaf.path, leaf.of_key, value) for leaf, value in self.changes.items())
        return repr(sorted(parts, key=repr))


@dataclass(frozen=True, slots=True)
class OutputPart:
    """The part of the output that contains an object. `identity` is set for Argo CD's objects."""

    part: str
    identity: ObjectId | None = None

    @property
    def is_of_argocd(self) -> bool:
        return self.part in (APPLICATIONS, PROJECTS)


@dataclass(slots=True)
class Cost:
    """The work of Helm so far. `renders` is in renders of the umbrella of the environment: the
    number of rendered charts, divided by that of the umbrella; a repository chart counts as 1."""

    renders: float = 0.0
    variants: int = 0


@dataclass(frozen=True)
class ExperimentRunner:
    """Finds valid changes of leaves and observes their effects."""

    variants: Variants
    cache: EffectCache
    cost: Cost = field(default_factory=Cost)
    refused: dict[Leaf, str] = field(default_factory=dict)
    """Why no change of a leaf was valid."""

    @property
    def environment(self) -> Environment:
        return self.variants.base.environment

    def alternatives(self, leaf: Leaf) -> Iterator[Any]:
        """Yields other values for a leaf, or values for a leaf that is not set."""
        values, schema = self.environment.values, self.variants.schema
        if leaf.of_key:
            return self._of_key(leaf)
        if not exists(values, leaf.path):
            return examples(schema, leaf.path)
        return self._of_value(leaf)

    def _of_key(self, leaf: Leaf) -> Iterator[Any]:
        """Yields other names for a key that the user chose. Any other key is removed."""
        if not is_named_by_user(self.variants.schema, leaf.path):
            return iter([Unset.UNSET])
        name, siblings = str(leaf.path[-1]), value_at(self.environment.values, leaf.path[:-1])
        # Whether a name is allowed decides the validation of all values.
        names = (f"{name}x", f"x{name}", f"{name}/x", name[:-1])
        return (new_name for new_name in names if new_name and new_name not in siblings)

    def _of_value(self, leaf: Leaf) -> Iterator[Any]:
        """Yields other values of the same type, and the removal of a key in a file of the user."""
        value = value_at(self.environment.values, leaf.path)
        # The removal follows the tries that are made at most.
        yield from islice(alternatives(value, self.variants.schema, leaf.path), _MOST_TRIES - 1)
        if isinstance(leaf.path[-1], str) and self.environment.written(*leaf.path):
            yield Unset.UNSET

    def experiments(self, leaf: Leaf, most: int) -> list[Experiment]:
        """At most `most` experiments with one leaf. Without any, `refused` has the reason."""
        return list(islice(self._valid(leaf), most))

    def _valid(self, leaf: Leaf) -> Iterator[Experiment]:
        for value in islice(self.alternatives(leaf), _MOST_TRIES):
            experiment = self.experiment({leaf: value})
            if experiment is not None:
                yield experiment

    def experiment(self, changes: Mapping[Leaf, Any]) -> Experiment | None:
        """An experiment, or None if the changed values are not valid."""
        environment = changed(self.environment, changes)
        findings: Sequence[Finding] = self.variants.refusals(environment)
        # The message of a finding may quote a changed value, which may resemble a secret.
        reason = f"the rule {findings[0].rule.id} refuses" if findings else ""
        try:
            if not findings:
                variant = self.variants.planned(environment)
                if self.variants.has_known_charts(variant):
                    return Experiment(changes, variant)
                reason = "no other chart is rendered for"
        except InvalidInput as error:
            reason = f"the rule {error.findings[0].rule.id} refuses"
        for leaf in changes:
            self.refused.setdefault(leaf, f"{reason} the other values that were tried")
        return None

    def joint(self, tests: Sequence[Experiment]) -> list[Experiment]:
        """Few experiments that together make the changes of all of these."""
        if len(tests) <= 1:
            return list(tests)
        together = {leaf: value for test in tests for leaf, value in test.changes.items()}
        experiment = self.experiment(together)
        if experiment is not None:
            return [experiment]
        middle = len(tests) // 2
        return [*self.joint(tests[:middle]), *self.joint(tests[middle:])]

    def target(self, identity: ObjectId) -> OutputPart:
        """The part that contains an object. Raises LookupError for an object that is not
        rendered."""
        if identity in self._of_argocd:
            part = PROJECTS if identity.kind == "AppProject" else APPLICATIONS
            return OutputPart(part, identity)
        return OutputPart(self._components[identity])

    @cached_property
    def _of_argocd(self) -> frozenset[ObjectId]:
        return frozenset(item.id for item in self.variants.argocd)

    @cached_property
    def _components(self) -> dict[ObjectId, str]:
        return {item.id: item.component for item in self.variants.rendering.objects}

    # Effects

    def parts(self, experiment: Experiment) -> frozenset[str]:
        """The parts of the output that an experiment may change: components, and Argo CD's."""
        components = changed_components(self.variants.base, experiment.variant)
        return components | {APPLICATIONS, PROJECTS}

    def effects(
        self, experiments: Sequence[Experiment], wanted: Iterable[str] | None = None
    ) -> list[tuple[Difference, ...] | InvalidInput]:
        """The differences in the wanted parts of the output, by default in all."""
        only = None if wanted is None else frozenset(wanted)
        parts = [self.parts(one) if only is None else self.parts(one) & only for one in experiments]
        self._observe(experiments, parts)
        return [self._recorded(one, of_one) for one, of_one in zip(experiments, parts, strict=True)]

    def _recorded(
        self, experiment: Experiment, parts: Iterable[str]
    ) -> tuple[Difference, ...] | InvalidInput:
        found: list[Difference] = []
        for part in sorted(parts):
            differences = self.cache.get(experiment.key, part)
            if isinstance(differences, InvalidInput):
                return differences
            found += differences or ()
        return tuple(found)

    def _observe(self, experiments: Sequence[Experiment], parts: Sequence[frozenset[str]]) -> None:
        """Renders what the cache does not contain, and adds it to the cache."""
        missing = [
            (one, {part for part in of_one if self.cache.get(one.key, part) is None})
            for one, of_one in zip(experiments, parts, strict=True)
        ]
        missing = [(one, of_one) for one, of_one in missing if of_one]
        requests = [self._request(one, of_one) for one, of_one in missing]
        needing_helm = [request for request in requests if request.components]
        self._count(needing_helm)
        renderings = iter(self.variants.render(needing_helm))
        for (one, of_one), request in zip(missing, requests, strict=True):
            rendering = next(renderings) if request.components else None
            if isinstance(rendering, InvalidInput):
                for part in of_one:
                    self.cache.refuse(one.key, part, rendering)
            else:
                objects = rendering.objects if rendering else {}
                self._record(one, of_one, objects)

    def _request(self, experiment: Experiment, parts: Iterable[str]) -> VariantRequest:
        wanted = set(parts)
        if PROJECTS in wanted:
            wanted |= self.parts(experiment)
        variant = experiment.variant
        return VariantRequest(variant, frozenset(wanted & variant.inputs.keys()))

    def _record(
        self,
        experiment: Experiment,
        parts: Iterable[str],
        rendered: Mapping[str, Sequence[KubeObject]],
    ) -> None:
        base = self.variants.objects
        for part in parts:
            if part not in (APPLICATIONS, PROJECTS):
                found = compared(base.get(part, ()), rendered.get(part, ()))
                self.cache.put(experiment.key, part, found)
        if PROJECTS in parts or APPLICATIONS in parts:
            self._record_argocd(experiment, parts, {**base, **rendered})

    def _record_argocd(
        self,
        experiment: Experiment,
        parts: Iterable[str],
        objects: Mapping[str, Sequence[KubeObject]],
    ) -> None:
        variant = experiment.variant
        components = [item.component.name for item in variant.planned]
        rendered = [item for name in components for item in objects.get(name, ())]
        after = self.variants.argocd_of(variant, rendered)
        for part in parts:
            if part in (APPLICATIONS, PROJECTS):
                before = of_part(self.variants.argocd, part)
                self.cache.put(experiment.key, part, compared(before, of_part(after, part)))

    def price(self, experiments: Iterable[Experiment], part: str) -> float:
        """What it costs to observe the effects of experiments on a part, as in `Cost`."""
        requests = (
            self._request(one, [part])
            for one in experiments
            if part in self.parts(one) and self.cache.get(one.key, part) is None
        )
        return sum(map(self._price, requests))

    def _count(self, requests: Sequence[VariantRequest]) -> None:
        self.cost.variants += len(requests)
        self.cost.renders += sum(map(self._price, requests))

    def _price(self, request: VariantRequest) -> float:
        of_umbrella = self.variants.base.first_party
        count = len(request.components & of_umbrella)
        separate_charts = len(request.components) - count
        return separate_charts + (count / len(of_umbrella) if count else 0.0)


def of_part(objects: Iterable[KubeObject], part: str) -> tuple[KubeObject, ...]:
    kind = "AppProject" if part == PROJECTS else "Application"
    return tuple(item for item in objects if item.id.kind == kind)
