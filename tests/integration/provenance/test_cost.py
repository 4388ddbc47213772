"""What an answer costs, in renders of the umbrella: a key at most 3, a field at most 40."""

from __future__ import annotations

import pytest

from gitops_gen.model import FieldPath
from gitops_gen.provenance import Provenance, fields_of
from gitops_gen.provenance.cache import EffectCache
from gitops_gen.provenance.engine import Provenance as Engine
from gitops_gen.provenance.experiments import ExperimentRunner
from gitops_gen.provenance.leaves import leaves

BASE = 1
"""The render of the environment itself."""
MOST_OF_A_KEY, MOST_OF_A_FIELD = 3, 40


def test_every_key_of_the_example(example: Provenance) -> None:
    """Sums of fractions are not exact, so that 1e-6 is allowed."""
    environment, costs = example.environment, {}
    for leaf in leaves(environment, example.variants.schema):
        before = example.cost.renders
        reach = example.reach(leaf.path)
        costs[leaf] = BASE + example.cost.renders - before
        assert reach.differences or reach.unknown or leaf.path
    assert len(costs) > 250
    assert {leaf: cost for leaf, cost in costs.items() if cost > MOST_OF_A_KEY + 1e-6} == {}


@pytest.mark.parametrize(
    "name",
    [
        "Deployment/backend",
        "StatefulSet/postgres",
        "Ingress/ingress",
        "NetworkPolicy/allow-dns",
        "Application/kube-prometheus-stack",
        "AppProject/prod",
        "AppProject/bootstrap",
    ],
)
def test_fields_of_each_kind_of_component(example: Provenance, name: str) -> None:
    """Each question is asked without what earlier questions observed."""
    kind, _, called = name.partition("/")
    item = next(o for o in example.objects if (o.id.kind, o.id.name) == (kind, called))
    fields = list(fields_of(item.value))
    for field in (fields[len(fields) // 2], fields[-1]):
        fresh = Engine(ExperimentRunner(example.variants, EffectCache()))
        origin = fresh.origin(item.id, field)
        assert BASE + fresh.cost.renders <= MOST_OF_A_FIELD + 1e-6
        assert origin.field == field


def test_a_whole_object(example: Provenance) -> None:
    fresh = Engine(ExperimentRunner(example.variants, EffectCache()))
    item = next(o for o in example.objects if o.id.name == "backend" and o.id.kind == "Deployment")
    origin = fresh.origin(item.id, FieldPath())
    assert BASE + fresh.cost.renders <= MOST_OF_A_FIELD + 1e-6
    assert len(origin.lines) > 20
