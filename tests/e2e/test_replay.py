"""Random changes of the example have the consequences that `diff` predicts.

GITOPS_GEN_E2E_SEED is the random seed, GITOPS_GEN_E2E_CHANGES the number of changes.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from random import Random

import pytest

from gitops_gen.changes.prediction import Event, Prediction
from gitops_gen.gobuild import find
from gitops_gen.helm import executable
from gitops_gen.model import Tree
from gitops_gen.rehearse.servers import standins, versions
from gitops_gen.rehearse.servers.tools import tools
from gitops_gen.workspace.workspace import HelmRun
from tests.e2e.differential.program import SOURCES
from tests.e2e.replay import api_server
from tests.e2e.replay.comparison import Table, manifests, pair, predictions, step
from tests.e2e.replay.mutations import Change, Mutations
from tests.e2e.repositories import EXAMPLE, Tell

SEED = int(os.environ.get("GITOPS_GEN_E2E_SEED", "1"))
CHANGES = int(os.environ.get("GITOPS_GEN_E2E_CHANGES", "40"))

pytestmark = pytest.mark.skipif(
    find(SOURCES, "apicheck") is None, reason="apicheck is not built: make apicheck"
)


@dataclass(frozen=True)
class Replay:
    base: Tree
    changes: list[Change]
    predictions: list[Prediction]


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE / "values", folder / "values")
    mutations = Mutations(folder, Random(SEED), HelmRun(executable(print), 1))
    changes = list(mutations.changes(CHANGES))
    version = (versions.kubernetes(tools()) or "").rpartition(".")[0]
    return Replay(mutations.base, changes, predictions(mutations.base, changes, version))


def test_the_api_server_refuses_and_rolls_out_what_is_predicted(replay: Replay, tell: Tell) -> None:
    base, groups = pair({}, replay.base), frozenset(standins.crd_groups())
    steps = [step(pair(replay.base, change.files)) for change in replay.changes]
    observed = api_server.replayed(manifests(base.head.values()), steps, groups, tools())
    table = Table()
    for change, prediction, one in zip(replay.changes, replay.predictions, observed, strict=True):
        kinds = {Event.REFUSED, Event.RESTARTED}
        table.add(change.name, prediction, one.events, kinds, one.messages)
    for line in (*table.lines(), *table.differences):
        tell(line)
    assert table.differences == []
