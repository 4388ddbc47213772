"""Refreshing all Applications, and waiting for objects that are being deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.model import Values
from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers.api import Server
from gitops_gen.rehearse.servers.argocd import APPLICATIONS, REFRESH
from gitops_gen.rehearse.servers.cluster import Cluster
from gitops_gen.rehearse.servers.tools import Tools
from gitops_gen.rehearse.settling import being_deleted, refresh_all
from tests.unit.rehearse.api_server import ApiServer, Recorded, answers, serving
from tests.unit.rehearse.recorded import by_id, recording

RECORDED = recording("never-healthy")["applications"]
LISTED, NAMES = Recorded({"items": RECORDED}), ("root", "backend")


def asked(value: Values) -> Values:
    """Returns an Application with a pending refresh."""
    return {**value, "metadata": {**value["metadata"], "annotations": {REFRESH: "hard"}}}


def sandbox(server: Server, folder: Path) -> Sandbox:
    found = Sandbox(Tools({}), folder, "eu-central-1", lambda _text: None)
    found.cluster = Cluster(server, folder / "kubeconfig")
    return found


def test_every_application_is_refreshed_and_the_root_application_is_the_last(
    tmp_path: Path,
) -> None:
    waiting = Recorded({"items": [asked(value) for value in RECORDED]})
    refreshes = {f"PATCH {APPLICATIONS}/{name}": Recorded({}) for name in NAMES}
    lists = [LISTED, waiting, waiting, LISTED, waiting, LISTED]
    api = ApiServer(answers(**refreshes, **{f"GET {APPLICATIONS}": lists}))
    with serving(api, tmp_path / "api") as server:
        found = refresh_all(sandbox(server, tmp_path))
    assert set(found) == set(NAMES)
    lists_and_patches = [request.removeprefix("PATCH ") for request in api.requests]
    assert lists_and_patches == [
        f"GET {APPLICATIONS}",
        f"{APPLICATIONS}/backend",
        *[f"GET {APPLICATIONS}"] * 3,
        f"{APPLICATIONS}/root",
        *[f"GET {APPLICATIONS}"] * 3,
    ]


def test_an_application_that_was_deleted_meanwhile_is_not_waited_for(tmp_path: Path) -> None:
    """The server responds with 404 to the request for a refresh."""
    gone = Recorded({"items": [v for v in RECORDED if v["metadata"]["name"] == "root"]})
    root = {f"PATCH {APPLICATIONS}/root": Recorded({})}
    api = ApiServer(answers(**root, **{f"GET {APPLICATIONS}": [LISTED, gone]}))
    with serving(api, tmp_path / "api") as server:
        assert set(refresh_all(sandbox(server, tmp_path))) == {"root"}


def test_a_list_that_is_refused_is_a_failure_of_the_server(tmp_path: Path) -> None:
    refused = Recorded({"message": "etcdserver: request timed out"}, 500)
    api = ApiServer(answers(**{f"GET {APPLICATIONS}": refused}))
    with serving(api, tmp_path / "api") as server:
        rehearsed = sandbox(server, tmp_path)
        with pytest.raises(ToolFailed, match="cannot be listed: etcdserver: request timed out"):
            refresh_all(rehearsed)


def test_an_object_that_is_being_deleted_is_not_ready_because_of_its_finalizers() -> None:
    going = {"deletionTimestamp": "2026-11-30T06:50:39Z"}
    held = {**going, "name": "dashboard", "namespace": "app", "finalizers": ["example.org/held"]}
    live = by_id(
        [
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": held},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {**going, "name": "web"}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "stays"}},
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "Application",
                "metadata": {**going, "name": "backend"},
            },
        ]
    )
    assert [str(item) for item in being_deleted(live)] == [
        "ConfigMap app/dashboard is being deleted, blocked by finalizers: example.org/held",
        "Pod web is being deleted",
    ]
