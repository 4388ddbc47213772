"""What a watcher makes of lists and watch streams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gitops_gen.model import ObjectId
from gitops_gen.rehearse.watch import Watcher
from tests.unit.rehearse.api_server import ApiServer, Recorded, answers, serving
from tests.waiting import until

SERVICES = "/api/v1/services"
AUTOSCALERS = "/apis/autoscaling/v2/horizontalpodautoscalers"


def service(name: str, version: int) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "app", "resourceVersion": str(version)}}


def listed(version: int, *items: dict[str, Any]) -> Recorded:
    return Recorded({"metadata": {"resourceVersion": str(version)}, "items": list(items)})


def event(event_type: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": event_type, "object": value}


def kinds_and_names(watcher: Watcher) -> list[tuple[str, str, bool]]:
    return [(e.type, e.object.id.name, e.before is None) for e in watcher.since(0)]


@pytest.fixture
def api() -> ApiServer:
    """Two services; then changes on a stream, and one that happens while no stream is open."""
    lists = [
        listed(2, service("backend", 1), service("frontend", 2)),
        listed(6, service("frontend", 5)),
    ]
    stream = [
        event("BOOKMARK", {"metadata": {"resourceVersion": "3"}}),
        event("MODIFIED", service("frontend", 4)),
        event("ADDED", service("worker", 5)),
        event("DELETED", service("worker", 5)),
        event("ERROR", {"code": 410, "message": "too old resource version"}),
        event("MODIFIED", service("never", 9)),
    ]
    return ApiServer(answers(**{f"GET {SERVICES}": lists}), {SERVICES: [stream]})


def test_lists_and_streams_become_events(api: ApiServer, tmp_path: Path) -> None:
    with serving(api, tmp_path / "api") as server:
        watcher = Watcher(server)
        watcher.follow([("v1", "Service")])
        until(lambda: watcher.count == 7, "an event")
        events = kinds_and_names(watcher)
        live = watcher.snapshot()
    assert events == [
        ("ADDED", "backend", True),
        ("ADDED", "frontend", True),
        ("MODIFIED", "frontend", False),
        ("ADDED", "worker", True),
        ("DELETED", "worker", False),
        ("MODIFIED", "frontend", False),
        ("DELETED", "backend", False),
    ]
    assert live == {ObjectId("", "Service", "app", "frontend"): service("frontend", 5)}


def test_events_since_an_earlier_one(api: ApiServer, tmp_path: Path) -> None:
    with serving(api, tmp_path / "api") as server:
        watcher = Watcher(server)
        watcher.follow([("v1", "Service")])
        until(lambda: watcher.count == 7, "an event")
        assert [e.object.id.name for e in watcher.since(5)] == ["frontend", "backend"]


def test_a_kind_is_followed_once_in_the_version_that_the_server_names_first(
    tmp_path: Path,
) -> None:
    """Two trees may use two versions of one kind, and the objects are the same."""
    scaler = {"metadata": {"name": "backend", "namespace": "app", "resourceVersion": "1"}}
    api = ApiServer(answers(**{f"GET {AUTOSCALERS}": listed(1, scaler)}))
    with serving(api, tmp_path / "api") as server:
        watcher = Watcher(server)
        watcher.follow([(f"autoscaling/{v}", "HorizontalPodAutoscaler") for v in ("v1", "v2")])
        watcher.follow([("autoscaling/v1", "HorizontalPodAutoscaler"), ("v1", "Binding")])
        watcher.follow([("example.org/v1", "Widget")])
        until(lambda: api.requests.count(f"GET {AUTOSCALERS}") > 1, "an event")
        events = watcher.since(0)
    assert [(str(e.object), e.object.api_version) for e in events] == [
        ("HorizontalPodAutoscaler app/backend", "autoscaling/v2")
    ]
    paths = {request for request in api.requests if request not in ("GET /api", "GET /apis")}
    assert paths == {f"GET {AUTOSCALERS}"}
