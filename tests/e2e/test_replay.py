"""Random changes of the example have the consequences that `diff` predicts.

GITOPS_GEN_E2E_SEED is the random seed, GITOPS_GEN_E2E_CHANGES the number of changes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from random import Random

import pytest

from gitops_gen.changes.prediction import Event, Prediction
from gitops_gen.gobuild import find
from gitops_gen.helm import executable
from gitops_gen.model import Tree
from gitops_gen.objects.reading import is_application
from gitops_gen.rehearse.servers import standins, versions
from gitops_gen.rehearse.servers.tools import tools
from gitops_gen.workspace.workspace import HelmRun
from tests.e2e.differential.program import SOURCES
from tests.e2e.replay import api_server, argocd
from tests.e2e.replay.comparison import Table, manifests, pair, predictions, step
from tests.e2e.replay.mutations import Change, Mutations
from tests.e2e.repositories import EXAMPLE, Tell

SEED = int(os.environ.get("GITOPS_GEN_E2E_SEED", "1"))
CHANGES = int(os.environ.get("GITOPS_GEN_E2E_CHANGES", "40"))

pytestmark = pytest.mark.skipif(
    find(SOURCES, "apicheck") is None, reason="apicheck is not built: make apicheck"
)


ARGOCD_CHANGES = int(os.environ.get("GITOPS_GEN_E2E_ARGOCD_CHANGES", str(max(6, CHANGES // 16))))


@dataclass(frozen=True)
class Replay:
    example: Path
    base: Tree
    changes: list[Change]
    predictions: list[Prediction]

    def pushable(self) -> Iterator[tuple[Change, Prediction]]:
        """Yields the changes after which every Application still reads the same repository."""
        sources = _sources(self.base)
        for change, prediction in zip(self.changes, self.predictions, strict=True):
            if _sources(change.files).items() <= sources.items():
                yield change, prediction


def _sources(files: Tree) -> dict[str, object]:
    """The source of each Application, by its name."""
    found = pair({}, files).head.values()
    return {item.id.name: item.value["spec"]["source"] for item in found if is_application(item.id)}


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE / "values", folder / "values")
    mutations = Mutations(folder, Random(SEED), HelmRun(executable(print), 1))
    changes = list(mutations.changes(CHANGES))
    version = (versions.kubernetes(tools()) or "").rpartition(".")[0]
    return Replay(folder, mutations.base, changes, predictions(mutations.base, changes, version))


def test_the_api_server_refuses_and_rolls_out_what_is_predicted(replay: Replay, tell: Tell) -> None:
    base, groups = pair({}, replay.base), frozenset(standins.crd_groups())
    steps = [step(pair(replay.base, change.files)) for change in replay.changes]
    observed = api_server.replayed(manifests(base.head.values()), steps, groups, tools())
    table = Table()
    for change, prediction, one in zip(replay.changes, replay.predictions, observed, strict=True):
        # Argo CD refuses these objects, so it does not send them to the API server.
        kept = replace(prediction, events=prediction.events - prediction.by_argocd)
        kinds = {Event.REFUSED, Event.RESTARTED}
        table.add(change.name, kept, one.events - prediction.by_argocd, kinds, one.messages)
    for line in (*table.lines(), *table.differences):
        tell(line)
    assert table.differences == []


def test_argocd_deletes_and_restarts_what_is_predicted(replay: Replay, tell: Tell) -> None:
    """The changes contain as many of each kind as possible."""
    chosen = _mixed(list(replay.pushable()))[:ARGOCD_CHANGES]
    changes, predicted = [one for one, _ in chosen], [one for _, one in chosen]
    outcomes = argocd.replayed(replay.example, replay.base, changes, predicted)
    table = Table()
    for change, one in zip(changes, outcomes, strict=True):
        prediction = one.prediction
        if not one.settled:
            # A failed sync does not delete or change the objects after the one that it failed at.
            prediction = replace(prediction, events=prediction.events & one.happened)
        table.add(change.name, prediction, one.happened, set(Event), one.messages)
    for line in (f"{len(changes)} changes", *table.lines(), *table.differences):
        tell(line)
    assert table.differences == []


def _mixed(found: list[tuple[Change, Prediction]]) -> list[tuple[Change, Prediction]]:
    """The changes in turn: one with a deletion, one with a restart, one with a refusal, another."""
    kinds = (Event.PRUNED, Event.RESTARTED, Event.REFUSED, None)
    groups = [[one for one in found if _kind(one[1]) is kind] for kind in kinds]
    turns = zip_longest(*groups)
    return [one for turn in turns for one in turn if one is not None]


def _kind(prediction: Prediction) -> Event | None:
    """The event that makes the change worth a push. Others see only what the API server shows."""
    kinds = {one.event for one in prediction.events}
    return next(
        (one for one in (Event.PRUNED, Event.REFUSED, Event.RESTARTED) if one in kinds), None
    )
