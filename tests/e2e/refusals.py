"""Changes that the API server refuses, and what leaves Git: functions for the inside of a play."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any

from gitops_gen.rehearse.application_state import settled, state_of
from gitops_gen.rehearse.servers.api import MERGE
from tests.e2e.recipes import in_cluster
from tests.e2e.theatre import Play

POSTGRES = "postgres"
STATEFUL_SET = "/apis/apps/v1/namespaces/database/statefulsets/postgres"
POD = "/api/v1/namespaces/database/pods/postgres-0"
CONFIGURATION = "/api/v1/namespaces/database/configmaps/postgres"
BACKEND = "/apis/apps/v1/namespaces/app/deployments/backend"
SHRINKING = "/api/v1/namespaces/shrinking/configmaps"
DEPLOYMENT = "/apis/apps/v1/namespaces/shrinking/deployments/shrinking"
CRD = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crates.acme.example"
REQUEST = "kubectl -n argocd patch "
RECORD = "kubectl.kubernetes.io/last-applied-configuration"
ENOUGH = 10
"""Comparisons: a refusal that is hidden is hidden in the second one."""


def refused(play: Play) -> dict[str, Any]:
    """A claim size, which is refused, and a good `work_mem` in one commit."""
    play.begin("first")
    index = play.sandbox.watcher.count
    _push(play, "refused")
    play.until(lambda: _applied(play))
    _compare(play, POSTGRES, ENOUGH, index)
    return {**_seen(play, POSTGRES, index), "size": _claim_size(play)}


def hidden(play: Play) -> dict[str, Any]:
    """The same where nothing is waited for but comparisons."""
    play.begin("first")
    index = play.sandbox.watcher.count
    _push(play, "refused")
    _compare(play, POSTGRES, ENOUGH, index)
    return {**_seen(play, POSTGRES, index), "applied": _applied(play)}


def removals(play: Play, names: Sequence[str]) -> dict[str, Any]:
    """One commit after the other, each without one thing more; then nothing moves any more."""
    play.begin("first")
    facts = {"left": _left(play, names)}
    index = play.sandbox.watcher.count
    for name in play.states():
        _compare(play, name, 3, index)
    facts["drift"] = {name: _seen(play, name, index)["shown"] for name in play.states()}
    facts["operations"] = {name: _operations(play, name, index) for name in play.states()}
    return facts


def upgraded(play: Play, script: str, names: Sequence[str]) -> dict[str, Any]:
    """The Applications of another version come, the page is followed, then things leave Git."""
    play.begin("former")
    before, after = in_cluster(script)[:2]
    _run(play, before)
    _push(play, "first")
    _put_root(play, "first")
    _run(play, after)
    _rest(play, "first")
    return {"left": _left(play, names)}


def upgraded_with_a_refusal(play: Play, script: str, way_out: str) -> dict[str, Any]:
    """The same page where a refused change is hidden; `way_out` is the page that leads out of it.

    From there to the removal nothing is waited for but what the pages wait for.
    """
    before, step_3 = in_cluster(script)[:2]
    facts: dict[str, Any] = {"hidden": _hide_a_refusal(play)}
    _run(play, before)
    _push(play, "refused")
    _put_root(play, "refused")
    _run(play, step_3)
    facts["first run"] = _upgraded(play)
    _run(play, "".join(in_cluster(way_out)))
    _run(play, step_3)
    facts["second run"] = _upgraded(play)
    _push(play, "removed")
    _rest(play, "removed")
    return {**facts, "variables": _variables(play), "size": _claim_size(play)}


def _hide_a_refusal(play: Play) -> str:
    """What postgres shows of a change that the API server refuses."""
    play.begin("former")
    index = play.sandbox.watcher.count
    _push(play, "hidden")
    _compare(play, POSTGRES, ENOUGH, index)
    _rest(play, "hidden")
    return play.sandbox.applications()[POSTGRES].sync


def _put_root(play: Play, name: str) -> None:
    for item in play.trees.by_push[name].bootstrap:
        play.sandbox.put(play.sandbox.repository.adapted_value(item.value))


def _upgraded(play: Play) -> dict[str, Any]:
    """Which Applications have not synced or keep an old field; whether the backend has a record."""
    found = play.sandbox.raw_applications()
    others = {name: value for name, value in found.items() if name != "root"}
    annotations = (play.get(BACKEND) or {})["metadata"]["annotations"]
    return {
        "not succeeded": [n for n, v in others.items() if state_of(v).phase != "Succeeded"],
        "with old fields": [n for n, v in others.items() if "info" in v["spec"]],
        "backend has a record": RECORD in annotations,
    }


def _variables(play: Play) -> list[str]:
    """The names that the backend's Deployment sets, of those that a test gave it."""
    [container] = (play.get(BACKEND) or {})["spec"]["template"]["spec"]["containers"]
    names = {item["name"] for item in container.get("env") or ()}
    return sorted(names & {"KEPT", "LOST"})


def large_crd(play: Play) -> dict[str, Any]:
    """What became of the large CRD of a chart."""
    play.begin("first")
    found = play.get(CRD) or {}
    annotations = (found.get("metadata") or {}).get("annotations") or {}
    return {"size": len(str(found)), "annotations": sorted(annotations)}


def more_room(play: Play, script: str) -> dict[str, Any]:
    """The page's commands, all of them while Argo CD still tries to sync."""
    play.begin("first")
    before, after = in_cluster(script)
    _run(play, before)
    pod = _uid(play, POD)
    _push(play, "grown")
    _run(play, after)
    return _grown(play, pod)


def more_room_late(play: Play, script: str) -> dict[str, Any]:
    """The page's commands, the StatefulSet deleted when Argo CD has given the sync up."""
    play.begin("first")
    before, after = in_cluster(script)
    deletion, request = after.split(REQUEST)
    _run(play, before)
    pod = _uid(play, POD)
    _push(play, "grown")
    play.until(lambda: _phase(play, POSTGRES) == "Failed", 300)
    _run(play, deletion)
    index = play.sandbox.watcher.count
    _compare(play, POSTGRES, 3, index)
    before_the_request = {**_seen(play, POSTGRES, index), "there": play.get(STATEFUL_SET)}
    _run(play, f"{REQUEST}{request}")
    return {**_grown(play, pod), "before the request": before_the_request}


def _grown(play: Play, pod: str | None) -> dict[str, Any]:
    _rest(play, "grown")
    return {"size": _claim_size(play), "same pod": _uid(play, POD) == pod}


def _left(play: Play, names: Sequence[str]) -> dict[str, list[str]]:
    """What is still in the cluster when each commit is Synced and Healthy."""
    found = {}
    for name in names:
        _push(play, name)
        _rest(play, name)
        found[name] = _there(play)
    return found


def _there(play: Play) -> list[str]:
    settings = play.get(f"{SHRINKING}/settings") or {}
    template = (play.get(DEPLOYMENT) or {})["spec"]["template"]
    [container] = template["spec"]["containers"]
    metadata = settings["metadata"]
    there = {
        "key": "lost" in settings["data"],
        "label": "lost" in metadata["labels"],
        "annotation": "lost" in metadata["annotations"],
        "env": "LOST" in {item["name"] for item in container["env"]},
        "list": "--lost" in container["args"],
        "object": play.get(f"{SHRINKING}/lost") is not None,
    }
    return [name for name, is_there in there.items() if is_there]


def _push(play: Play, name: str) -> None:
    push = next(push for push in play.plan.pushes if push.name == name)
    play.commit = play.sandbox.repository.push(push.root, "dev", play.trees.left_out_names)
    play.sandbox.refresh_all()


def _rest(play: Play, name: str) -> None:
    expected = play.trees.expected(play.trees.by_push[name])
    play.until(lambda: settled(play.sandbox.applications(), expected, play.commit), 300)


def _run(play: Play, script: str) -> None:
    """As a user would, in a repository whose HEAD was pushed."""
    sandbox = play.sandbox
    places = {"KUBECONFIG": sandbox.cluster.kubeconfig, "GIT_DIR": sandbox.repository.bare}
    env = {**sandbox.env, **{name: os.fspath(place) for name, place in places.items()}}
    command = ["bash", "-euxo", "pipefail", "-c", script]
    done = subprocess.run(
        command,
        env=env,
        cwd=sandbox.repository.work_tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{play.states()}"


def _compare(play: Play, name: str, times: int, index: int) -> None:
    """Refreshes of both sorts until Argo CD has compared the commit so often."""
    kinds = cycle(("normal", "hard"))
    while (before := len(_reconciled(play, name, index))) < times:
        note = {"metadata": {"annotations": {"argocd.argoproj.io/refresh": next(kinds)}}}
        path = play.application(name)
        play.sandbox.server.request("PATCH", path, body=note, content_type=MERGE)
        play.until(lambda seen=before: len(_reconciled(play, name, index)) > seen)


def _reconciled(play: Play, name: str, index: int) -> set[str]:
    """When Argo CD compared the commit, to the second."""
    return {value["status"]["reconciledAt"] for value in _at_commit(play, name, index)}


def _at_commit(play: Play, name: str, index: int) -> Iterable[dict[str, Any]]:
    for event in play.sandbox.watcher.since(index):
        identity = event.object.id
        if (identity.kind, identity.name) == ("Application", name) and state_of(
            event.after
        ).revision == play.commit:
            yield event.after


def _seen(play: Play, name: str, index: int) -> dict[str, Any]:
    """What an Application showed of the commit, all the time."""
    values = list(_at_commit(play, name, index))
    return {
        "comparisons": len(_reconciled(play, name, index)),
        "shown": sorted({state_of(value).sync for value in values}),
        # Between two tries Argo CD says only that it tries again.
        "message": "\n".join(dict.fromkeys(state_of(value).message for value in values)),
    }


def _operations(play: Play, name: str, index: int) -> int:
    """How many syncs began."""
    return len({state_of(value).operation_started for value in _at_commit(play, name, index)}) - 1


def _phase(play: Play, name: str) -> str:
    """Of the last sync, where it was of this commit."""
    now = (play.get(play.application(name)) or {}).get("status") or {}
    operation = now.get("operationState") or {}
    revision = (operation.get("syncResult") or {}).get("revision")
    return str(operation.get("phase")) if revision == play.commit else ""


def _applied(play: Play) -> bool:
    """Whether the good change is in the cluster."""
    lines = (play.get(CONFIGURATION) or {})["data"]["postgresql.conf"].splitlines()
    return "work_mem = '16MB'" in lines


def _claim_size(play: Play) -> str:
    [claim] = (play.get(STATEFUL_SET) or {})["spec"]["volumeClaimTemplates"]
    return str(claim["spec"]["resources"]["requests"]["storage"])


def _uid(play: Play, path: str) -> str | None:
    return (play.get(path) or {}).get("metadata", {}).get("uid")
