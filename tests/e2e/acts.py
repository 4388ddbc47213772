"""Functions that the plays run inside a rehearsal, on a live Argo CD."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from gitops_gen.rehearse import settling
from gitops_gen.rehearse.servers.metrics import GROUP as METRICS
from tests.e2e.theatre import Play

BACKEND = "/apis/apps/v1/namespaces/app/deployments/backend"
STATEFUL_SET = "/apis/apps/v1/namespaces/database/statefulsets/postgres"
CLAIM = "/api/v1/namespaces/database/persistentvolumeclaims/data-postgres-0"
DATABASE = "/api/v1/namespaces/database"
DASHBOARD = "/api/v1/namespaces/app/configmaps/frontend-dashboard"
HELD = "acme.example/held"
WHILE = 15.0
"""The duration of a delay, in seconds."""


def _uids(play: Play, *paths: str) -> list[str | None]:
    return [(play.get(path) or {}).get("metadata", {}).get("uid") for path in paths]


def pushes(play: Play) -> dict[str, Any]:
    """Pushes a new image and replica count, removes a tier, then disables the database."""
    play.begin("first")
    facts: dict[str, Any] = {"volume": _uids(play, DATABASE, STATEFUL_SET, CLAIM)}
    facts["collected"] = _collected_from_the_start(play)
    facts["changed in"] = play.push("changed")
    spec = (play.get(BACKEND) or {})["spec"]
    facts["image"] = spec["template"]["spec"]["containers"][0]["image"]
    facts["replicas"] = spec["replicas"]
    facts["removed in"] = play.push("removed")
    facts["frontend"] = play.get("/apis/apps/v1/namespaces/app/deployments/frontend")
    facts["without database in"] = play.push("without-database")
    facts["volume after"] = _uids(play, DATABASE, STATEFUL_SET, CLAIM)
    return facts


def _collected_from_the_start(play: Play) -> bool:
    """Returns whether the controllers knew Argo CD's kinds when the garbage collector started."""
    log = (play.plan.folder / "logs" / "kube-controller-manager.log").read_text()
    before_it_began = log.partition("Garbage collector: all resource monitors have synced")[0]
    return 'resource="applications.argoproj.io"' in before_it_began


def hands(play: Play) -> dict[str, Any]:
    """Manual changes in the cluster."""
    play.begin("first")
    before = _uids(play, BACKEND)[0]
    play.delete(BACKEND)
    facts: dict[str, Any] = {}
    facts["healed in"] = play.until(lambda: _uids(play, BACKEND)[0] not in (None, before))
    play.patch(BACKEND, spec={"replicas": 5})
    facts["scaled back in"] = play.until(lambda: (play.get(BACKEND) or {})["spec"]["replicas"] == 1)
    kept = (BACKEND, STATEFUL_SET, CLAIM, DATABASE, play.application("backend"))
    before_root = _uids(play, *kept)
    play.delete(play.application("root"))
    play.until(lambda: play.get(play.application("root")) is None)
    settling.refresh_all(play.sandbox)
    facts["kept without root"] = _uids(play, *kept) == before_root
    return facts


def broken_child(play: Play) -> dict[str, Any]:
    """A push repairs a child Application that never becomes Healthy, and removes others."""
    facts = _broken(play)
    facts["mended in"] = play.push("mended")
    facts["left"] = sorted(play.states().keys() & {"frontend", "worker"})
    return facts


def given_up(play: Play) -> dict[str, Any]:
    """Argo CD ends the root Application's sync, which waits for a broken child; then a revert."""
    facts = _broken(play)
    facts["given up in"] = play.until(lambda: "Failed" in play.states()["root"])
    facts["reverted in"] = play.push("first")
    facts["left"] = sorted(play.states().keys() & {"worker"})
    return facts


def _broken(play: Play) -> dict[str, Any]:
    play.begin("first")
    play.send("broken")
    play.until(lambda: _waits_for_backend(play))
    return {"broken": play.states()["backend"], "root": play.states()["root"]}


def _waits_for_backend(play: Play) -> bool:
    """Whether the root Application's sync waits for a backend that does not become Healthy."""
    states = play.sandbox.applications()
    backend = states["backend"]
    stuck = backend.revision == play.commit and backend.health == "Progressing"
    waits = "waiting for healthy state of argoproj.io/Application/backend"
    return stuck and backend.sync == "Synced" and waits in states["root"].message


def slow(play: Play) -> dict[str, Any]:
    """Stops Argo CD for a while, then blocks the deletion of an object by a finalizer for a while.

    Nothing changes for many refresh intervals, but all Applications become Synced and Healthy.
    """
    play.begin("first")
    play.patch(DASHBOARD, metadata={"finalizers": [HELD]})
    facts: dict[str, Any] = {}
    play.send("changed")
    facts["Argo CD stopped"] = _settled(play, _stopped(play, "argocd-application-controller"))
    play.send("removed")
    play.until(lambda: HELD in play.told())
    facts["held"] = _settled(play, lambda: play.patch(DASHBOARD, metadata={"finalizers": None}))
    return facts


def _stopped(play: Play, name: str) -> Callable[[], None]:
    """Stops a program and returns a function that continues it."""
    [program] = [p.popen for p in play.sandbox.processes.started if p.name == name]
    program.send_signal(signal.SIGSTOP)
    return lambda: program.send_signal(signal.SIGCONT)


def _settled(play: Play, release: Callable[[], None]) -> list[str]:
    """Calls `release` during the wait. Returns what is not ready at the end of the wait."""
    release_later = threading.Timer(WHILE, release)
    release_later.start()
    left = settling.wait_until_settled(
        play.sandbox, play.expected, play.commit, refresh_interval=WHILE / 20
    )
    release_later.join()
    return [str(item) for item in left]


def autoscaled(play: Play) -> dict[str, Any]:
    """An autoscaler sets the replicas, and a push of a new image does not change them."""
    play.begin("first")
    play.push("autoscaled")
    hpa = "/apis/autoscaling/v2/namespaces/app/horizontalpodautoscalers/backend"
    # The minimum of the autoscaler is three replicas, regardless of the load.
    play.until(lambda: (play.get(BACKEND) or {})["spec"]["replicas"] == 3)
    facts: dict[str, Any] = {"autoscaler": bool(play.get(hpa)), "metrics": METRICS}
    index = play.sandbox.watcher.count
    play.push("new-image")
    seen = [e for e in play.sandbox.watcher.since(index) if e.object.id.kind == "Deployment"]
    counts = {e.after["spec"]["replicas"] for e in seen if e.object.id.name == "backend"}
    facts["replicas"] = sorted(counts)
    image = (play.get(BACKEND) or {})["spec"]["template"]["spec"]["containers"][0]["image"]
    facts["image"] = image
    return facts


def order(play: Play) -> dict[str, Any]:
    """Returns the times at which each component began to sync and became Healthy."""
    from gitops_gen.rehearse.timeline import sync_times
    from gitops_gen.rehearse.wave_order import order_violations

    begin = time.monotonic()
    play.begin("first")
    times = sync_times(play.sandbox.watcher.since(0), begin, play.commit)
    violations = order_violations(times, play.plan.pushes[0].facts, play.trees.left_out_names)
    return {"early": sorted({violation.component for violation in violations})}
