"""Answers of `explain` for many values and fields, each without a cache, and what they cost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gitops_gen.helm import executable
from gitops_gen.provenance import Provenance, fields_of
from gitops_gen.provenance.cache import EffectCache
from gitops_gen.provenance.experiments import ExperimentRunner
from gitops_gen.provenance.leaves import leaves
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from gitops_gen.workspace.workspace import HelmRun

KEYS, FIELDS = 60, 25
BASE = 1
"""The render of the environment itself."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one answer. `renders` are renders of one umbrella."""

    renders: float
    seconds: float


def answers(folder: Path, environment: str) -> Iterator[tuple[str, int, list[Cost]]]:
    """Yields the kind of the question, the bound of its renders, and the cost of each answer."""
    workspace = Workspace(WorkTree(str(folder)))
    loaded = workspace.load_to_render(environment)
    base = Provenance.of(workspace, loaded, HelmRun(executable(print), 2))
    paths = [leaf.path for leaf in leaves(base.environment, base.variants.schema)]
    every = [(item.id, field) for item in base.objects for field in fields_of(item.value)]
    chosen = random.Random(1)
    keys = chosen.sample(paths, KEYS)
    yield "KEY", 3, [_cost(base, lambda p, path=path: p.reach(path)) for path in keys]
    fields = chosen.sample(every, FIELDS)
    yield "FIELD", 40, [_cost(base, lambda p, one=one: p.origin(*one)) for one in fields]


def _cost(base: Provenance, ask: Callable[[Provenance], object]) -> Cost:
    fresh = Provenance(ExperimentRunner(base.variants, EffectCache()))
    start = time.perf_counter()
    ask(fresh)
    return Cost(BASE + fresh.cost.renders, time.perf_counter() - start)
