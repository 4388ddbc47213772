"""Pushes, and the report about each, with an Argo CD that syncs immediately."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gitops_gen.changes.prediction import ClusterEvent, Event, Prediction
from gitops_gen.errors import ToolFailed
from gitops_gen.model import ObjectId, Position, Values
from gitops_gen.rehearse.full_rehearsal import COMPARISONS, FullRehearsal
from gitops_gen.rehearse.plan import Push
from gitops_gen.rehearse.rehearsed_trees import read_trees
from gitops_gen.rehearse.repository import Repository
from gitops_gen.rehearse.result import ChangeKind, Mode
from gitops_gen.rehearse.revision_facts import ComponentFacts, RevisionFacts
from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers import redis
from gitops_gen.rehearse.servers.argocd import APPLICATIONS
from gitops_gen.rehearse.servers.cluster import Cluster
from gitops_gen.rehearse.servers.tools import Tools
from tests.unit.rehearse.api_server import serving
from tests.unit.rehearse.plans import plan
from tests.unit.rehearse.redis_server import redis_serving
from tests.unit.rehearse.syncing_server import SyncingServer

SMALL = Path(__file__).with_name("small")
SERVICE = "rendered/dev/manifests/backend/service-backend.yaml"
LINE = Position("values/dev.yaml", 8, 3)
FACTS = RevisionFacts((ComponentFacts("backend", 20, "app", LINE),))
BACKEND = {"version": "v1", "kind": "Service", "namespace": "app", "name": "backend"}
OUT_OF_SYNC = {**BACKEND, "status": "OutOfSync"}
COMPARED = "app|managed-resources|backend|1.8.3"


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Argo CD's comparisons in Redis, which are empty unless a test adds some."""
    values: dict[str, str] = {}
    with redis_serving(values) as port:
        monkeypatch.setattr(redis, "PORT", port)
        yield values


@pytest.fixture
def server() -> SyncingServer:
    return SyncingServer()


@contextmanager
def rehearsal(
    server: SyncingServer, folder: Path, *pushes: Push, prediction: Prediction | None = None
) -> Iterator[FullRehearsal]:
    """Returns a rehearsal of these pushes before the first push."""
    planned = replace(
        plan(Mode.FULL, *pushes, folder=folder), refresh_interval=0.01, prediction=prediction
    )
    trees, git = read_trees(planned), shutil.which("git") or ""
    sandbox = Sandbox(Tools({"git": git}), folder, "eu-central-1", lambda _text: None)
    sandbox.repository = Repository(git, folder, trees.address)
    sandbox.repository.create()
    server.bare = sandbox.repository.bare
    with serving(server, folder / "api") as api:
        sandbox.cluster = Cluster(api, folder / "kubeconfig")
        with closing(FullRehearsal(planned, trees, sandbox)) as full:
            yield full


def changed(folder: Path, name: str, port: int) -> Push:
    """Returns a push in which the Service has another port."""
    root = folder / f"files-{name}"
    shutil.copytree(SMALL, root)
    text = (root / SERVICE).read_text()
    (root / SERVICE).write_text(text.replace("port: 8080", f"port: {port}"))
    return Push(name, f"the commit of {name}", root, FACTS)


FIRST = Push("sync", "the work tree", SMALL, FACTS)
BASE = replace(FIRST, name="base", revision="main")
REVERT = replace(BASE, name="revert")


@pytest.mark.usefixtures("compared")
def test_a_first_sync_at_rest_has_nothing_against_it(server: SyncingServer, tmp_path: Path) -> None:
    with rehearsal(server, tmp_path, FIRST) as full:
        [phase] = full.phases()
        assert full.restored() is None
    assert (phase.name, phase.settled, phase.awaited) == ("sync", True, ())
    [step] = phase.steps
    assert (step.component, step.state, step.values) == ("backend", "Synced, Healthy", LINE)
    assert step.began is not None
    assert (phase.remarks, phase.drift, phase.orphans, phase.changes) == ((), (), (), ())


@pytest.mark.usefixtures("compared")
def test_the_bootstrap_is_applied_with_the_first_push_only(
    server: SyncingServer, tmp_path: Path
) -> None:
    push = changed(tmp_path, "push", 8081)
    with rehearsal(server, tmp_path, BASE, push) as full:
        full.phases()
    assert server.applied == [f"PATCH {APPLICATIONS}/root"]


@pytest.mark.usefixtures("compared")
def test_a_push_tells_what_it_changed_and_a_revert_what_it_restored(
    server: SyncingServer, tmp_path: Path
) -> None:
    push = changed(tmp_path, "push", 8081)
    with rehearsal(server, tmp_path, BASE, push, REVERT) as full:
        base, pushed, reverted = full.phases()
        assert full.restored() == ()
    assert base.changes == ()
    for phase in (pushed, reverted):
        [change] = phase.changes
        assert (change.kind, str(change.object)) == (ChangeKind.CHANGED, "Service app/backend")
        assert [str(path) for path in change.fields] == ["spec.ports[0].port"]


@pytest.mark.usefixtures("compared")
def test_what_a_revert_does_not_bring_back_is_reported(
    server: SyncingServer, tmp_path: Path
) -> None:
    push, other = changed(tmp_path, "push", 8081), changed(tmp_path, "revert", 8082)
    with rehearsal(server, tmp_path, BASE, push, other) as full:
        full.phases()
        assert full.restored() == ("Service app/backend: spec.ports[0].port was 8080, is 8082",)


@pytest.mark.parametrize("comparison", range(1, 1 + COMPARISONS))
def test_what_is_out_of_sync_in_any_comparison_drifts(
    server: SyncingServer, tmp_path: Path, compared: dict[str, str], comparison: int
) -> None:
    live, wanted = ({"spec": {"type": text}} for text in ("NodePort", "ClusterIP"))
    states = {"liveState": "{}", "normalizedLiveState": json.dumps(live)}
    item = {**OUT_OF_SYNC, **states, "predictedLiveState": json.dumps(wanted)}
    compared[COMPARED] = json.dumps([item])
    server.resources = lambda number: [OUT_OF_SYNC] if number == comparison else []
    with rehearsal(server, tmp_path, FIRST) as full:
        [phase] = full.phases()
    [drift] = phase.drift
    assert (drift.component, str(drift.object), drift.file) == (
        *("backend", "Service app/backend"),
        SERVICE,
    )
    assert [(str(one.path), one.wanted, one.live) for one in drift.fields] == [
        ("spec.type", "ClusterIP", "NodePort")
    ]


STOPPED: Values = {
    "sync": {"status": "OutOfSync"},
    "health": {"status": "Missing"},
    "operationState": {"phase": "Failed", "message": "one or more objects failed to apply"},
}


@pytest.mark.parametrize(("live", "reasons"), [(None, []), ({"a": 1}, ["differs from Git"])])
def test_what_a_stopped_sync_did_not_create_is_no_drift(
    server: SyncingServer,
    tmp_path: Path,
    compared: dict[str, str],
    live: Values | None,
    reasons: list[str],
) -> None:
    """An object that was created but cannot be changed to the state in Git is drift."""
    server.statuses["backend"] = {**STOPPED, "resources": [OUT_OF_SYNC]}
    states = {"liveState": json.dumps(live), "normalizedLiveState": json.dumps(live)}
    item = {**OUT_OF_SYNC, **states, "predictedLiveState": '{"a": 2}'}
    compared[COMPARED] = json.dumps([item])
    with rehearsal(server, tmp_path, FIRST) as full:
        [phase] = full.phases()
    assert not phase.settled
    assert [str(item) for item in phase.awaited] == ["backend is OutOfSync, Missing, Failed"]
    assert phase.steps[0].message == STOPPED["operationState"]["message"]
    assert [drift.reason for drift in phase.drift] == reasons


@pytest.mark.usefixtures("compared")
def test_what_appears_during_the_rehearsal_and_is_not_from_git_is_owned_by_nothing(
    server: SyncingServer, tmp_path: Path
) -> None:
    before = {"metadata": {"name": "before", "namespace": "app", "resourceVersion": "1"}}
    left = {"metadata": {"name": "left", "namespace": "app", "resourceVersion": "1"}}
    server.services.append(before)
    with rehearsal(server, tmp_path, FIRST) as full:
        server.services.append(left)
        [phase] = full.phases()
    assert [str(item) for item in phase.orphans] == ["Service app/left"]


@pytest.mark.usefixtures("compared")
def test_a_root_application_that_never_appears_is_a_failure_of_argocd(
    server: SyncingServer, tmp_path: Path
) -> None:
    """The user's files are not the cause, so no finding is reported."""
    server.ignored = frozenset({"root"})
    with (
        rehearsal(server, tmp_path, FIRST) as full,
        pytest.raises(ToolFailed, match="Argo CD did not process the root Application"),
    ):
        full.phases()


@pytest.mark.usefixtures("compared")
def test_a_push_is_compared_with_its_prediction(server: SyncingServer, tmp_path: Path) -> None:
    push = changed(tmp_path, "push", 8081)
    service = ObjectId("", "Service", "app", "backend")
    prediction = Prediction(frozenset({ClusterEvent(Event.PRUNED, service)}))
    with rehearsal(server, tmp_path, BASE, push, REVERT, prediction=prediction) as full:
        base, pushed, reverted = full.phases()
    assert (base.prediction, reverted.prediction) == (None, None)
    assert pushed.prediction is not None
    [found] = pushed.prediction.disagreements
    assert str(found) == "Service app/backend was not deleted, although that was predicted"
    assert found.values == LINE
