"""Fields that differ between two renders, in the coordinates of the first one."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_gen.model import FieldPath, ObjectId
from gitops_gen.objects.kube_object import KubeObject
from gitops_gen.provenance.comparison import Difference, Effect, compared


def item(
    value: Any, name: str = "web", namespace: str = "app", kind: str = "Service"
) -> KubeObject:
    return KubeObject(ObjectId("", kind, namespace, name), "v1", value, component="web")


def found(before: Any, after: Any) -> list[str]:
    differences = compared([item(before)], [item(after)])
    return [f"{FieldPath(one.path)} {one.effect}" for one in differences]


PORT, METRICS = {"name": "http", "port": 80}, {"name": "metrics", "port": 9090}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": "1"}, ["a changed"]),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, ["a.b changed", "a.c added"]),
        ({"a": 1, "b": 2}, {"b": 2}, ["a removed"]),
        # An added item does not change the items after it.
        ({"ports": [PORT]}, {"ports": [METRICS, PORT]}, ["ports[0] added"]),
        ({"ports": [METRICS, PORT]}, {"ports": [PORT]}, ["ports[0] removed"]),
        # An item with another name is the same item if it took the place of the only other one.
        (
            {"ports": [PORT, METRICS]},
            {"ports": [{"name": "web", "port": 80}, METRICS]},
            ["ports[0].name changed"],
        ),
        ({"ports": [PORT, METRICS]}, {"ports": [METRICS, PORT]}, ["ports changed"]),
        ({"args": ["-a", "-b"]}, {"args": ["-a", "-c"]}, ["args[1] changed"]),
        ({"args": ["-a", "-b"]}, {"args": ["-b"]}, ["args[0] removed"]),
        ({"args": ["-a", "-b"]}, {"args": ["-b", "-a"]}, ["args changed"]),
    ],
)
def test_the_fields_that_differ(before: Any, after: Any, expected: list[str]) -> None:
    assert found(before, after) == expected


def test_an_object_in_another_namespace_is_the_same_object() -> None:
    before = item({"metadata": {"namespace": "app"}})
    after = item({"metadata": {"namespace": "shop"}}, namespace="shop")
    [difference] = compared([before], [after])
    assert difference == Difference(before.id, ("metadata", "namespace"), Effect.CHANGED)


def test_objects_are_removed_and_added() -> None:
    before, after = item({}, kind="Service"), item({}, kind="Ingress")
    differences = {(one.object.kind, one.path, one.effect) for one in compared([before], [after])}
    assert differences == {("Service", (), Effect.REMOVED), ("Ingress", (), Effect.ADDED)}


@pytest.mark.parametrize(
    ("difference", "effect", "field", "touches"),
    [
        ("spec.replicas", Effect.CHANGED, "spec.replicas", True),
        ("spec.replicas", Effect.CHANGED, "spec", True),
        ("spec.replicas", Effect.CHANGED, "spec.selector", False),
        ("spec.ports", Effect.CHANGED, "spec.ports[0].port", True),
        ("spec.ports[1]", Effect.REMOVED, "spec.ports[1].port", True),
        ("spec.ports[1]", Effect.ADDED, "spec.ports", True),
        ("spec.ports[1]", Effect.ADDED, "spec.ports[1].port", False),
        ("", Effect.REMOVED, "spec.replicas", True),
    ],
)
def test_the_fields_that_a_difference_touches(
    difference: str, effect: Effect, field: str, touches: bool
) -> None:
    one = Difference(item({}).id, FieldPath.parse(difference).parts, effect)
    assert one.touches(FieldPath.parse(field).parts) is touches
