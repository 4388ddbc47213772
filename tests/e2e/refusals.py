"""Functions that plays run: changes that the API server refuses, and removals from Git."""

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
"""The number of comparisons. A hidden refusal is hidden in the second comparison."""


def refused(play: Play) -> dict[str, Any]:
    """Changes the size of a volume, which is refused, and `work_mem`, in one commit."""
    play.begin("first")
    index = play.sandbox.watcher.count
    _push(play, "refused")
    play.until(lambda: _applied(play))
    _compare(play, POSTGRES, ENOUGH, index)
    return {**_seen(play, POSTGRES, index), "size": _claim_size(play)}


def hidden(play: Play) -> dict[str, Any]:
    """The same change, but the play waits only for comparisons."""
    play.begin("first")
    index = play.sandbox.watcher.count
    _push(play, "refused")
    _compare(play, POSTGRES, ENOUGH, index)
    return {**_seen(play, POSTGRES, index), "applied": _applied(play)}


def removals(play: Play, names: Sequence[str]) -> dict[str, Any]:
    """Pushes commits that each remove one more part, until nothing changes any more."""
    play.begin("first")
    facts = {"left": _left(play, names)}
    index = play.sandbox.watcher.count
    for name in play.states():
        _compare(play, name, 3, index)
    facts["drift"] = {name: _seen(play, name, index)["shown"] for name in play.states()}
    facts["operations"] = {name: _operations(play, name, index) for name in play.states()}
    return facts


def upgraded(play: Play, script: str, names: Sequence[str]) -> dict[str, Any]:
    """Pushes the Applications of another version, follows the page, then removes parts from Git."""
    play.begin("former")
    before, after = in_cluster(script)[:2]
    _run(play, before)
    _push(play, "first")
    _put_root(play, "first")
    _run(play, after)
    _rest(play, "first")
    return {"left": _left(play, names)}


def upgraded_with_a_refusal(play: Play, script: str, way_out: str) -> dict[str, Any]:
    """Follows the page while a refused change is hidden; `way_out` is the page that resolves it.

    Until the removal, the play waits only where the pages say so.
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
    """Returns what the Application postgres reports about a change that the API server refuses."""
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
    """Returns the Applications that were not synced or have an old field, and more facts."""
    found = play.sandbox.raw_applications()
    others = {name: value for name, value in found.items() if name != "root"}
    annotations = (play.get(BACKEND) or {})["metadata"]["annotations"]
    return {
        "not succeeded": [n for n, v in others.items() if state_of(v).phase != "Succeeded"],
        "with old fields": [n for n, v in others.items() if "info" in v["spec"]],
        "backend has a record": RECORD in annotations,
    }


def _variables(play: Play) -> list[str]:
    """Returns which variables of the test the backend's Deployment contains."""
    [container] = (play.get(BACKEND) or {})["spec"]["template"]["spec"]["containers"]
    names = {item["name"] for item in container.get("env") or ()}
    return sorted(names & {"KEPT", "LOST"})


def large_crd(play: Play) -> dict[str, Any]:
    """Returns the state of the large CRD of a chart."""
    play.begin("first")
    found = play.get(CRD) or {}
    annotations = (found.get("metadata") or {}).get("annotations") or {}
    return {"size": len(str(found)), "annotations": sorted(annotations)}


def more_room(play: Play, script: str) -> dict[str, Any]:
    """Runs all commands of the page while Argo CD still retries the sync."""
    play.begin("first")
    before, after = in_cluster(script)
    _run(play, before)
    pod = _uid(play, POD)
    _push(play, "grown")
    _run(play, after)
    return _grown(play, pod)


def more_room_late(play: Play, script: str) -> dict[str, Any]:
    """Runs the commands of the page, with the StatefulSet deleted after the end of the sync."""
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
    """Returns what still exists in the cluster when each commit is Synced and Healthy."""
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
    """Runs a command like a user, in a repository whose HEAD was pushed."""
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
    """Requests normal and hard refreshes until Argo CD has compared the commit `times` times."""
    kinds = cycle(("normal", "hard"))
    while (before := len(_reconciled(play, name, index))) < times:
        note = {"metadata": {"annotations": {"argocd.argoproj.io/refresh": next(kinds)}}}
        path = play.application(name)
        play.sandbox.server.request("PATCH", path, body=note, content_type=MERGE)
        play.until(lambda seen=before: len(_reconciled(play, name, index)) > seen)


def _reconciled(play: Play, name: str, index: int) -> set[str]:
    """Returns the times, in seconds, at which Argo CD compared the commit."""
    return {value["status"]["reconciledAt"] for value in _at_commit(play, name, index)}


def _at_commit(play: Play, name: str, index: int) -> Iterable[dict[str, Any]]:
    for event in play.sandbox.watcher.since(index):
        identity = event.object.id
        if (identity.kind, identity.name) == ("Application", name) and state_of(
            event.after
        ).revision == play.commit:
            yield event.after


def _seen(play: Play, name: str, index: int) -> dict[str, Any]:
    """Returns all states of an Application at the commit."""
    values = list(_at_commit(play, name, index))
    return {
        "comparisons": len(_reconciled(play, name, index)),
        "shown": sorted({state_of(value).sync for value in values}),
        # Between two retries, the message of Argo CD only announces the next retry.
        "message": "\n".join(dict.fromkeys(state_of(value).message for value in values)),
    }


def _operations(play: Play, name: str, index: int) -> int:
    """Returns the number of syncs that began."""
    return len({state_of(value).operation_started for value in _at_commit(play, name, index)}) - 1


def _phase(play: Play, name: str) -> str:
    """Returns the message of the last sync if it was a sync to this commit."""
    now = (play.get(play.application(name)) or {}).get("status") or {}
    operation = now.get("operationState") or {}
    revision = (operation.get("syncResult") or {}).get("revision")
    return str(operation.get("phase")) if revision == play.commit else ""


def _applied(play: Play) -> bool:
    """Returns whether the valid change was applied in the cluster."""
    lines = (play.get(CONFIGURATION) or {})["data"]["postgresql.conf"].splitlines()
    return "work_mem = '16MB'" in lines


def _claim_size(play: Play) -> str:
    [claim] = (play.get(STATEFUL_SET) or {})["spec"]["volumeClaimTemplates"]
    return str(claim["spec"]["resources"]["requests"]["storage"])


def _uid(play: Play, path: str) -> str | None:
    return (play.get(path) or {}).get("metadata", {}).get("uid")
