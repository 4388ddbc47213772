"""Which changes of the API server Argo CD shows."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_gen.apicheck import Change
from gitops_gen.checks.api.normal_form import is_visible
from gitops_gen.model import FieldPath, ObjectId

SERVICE = ObjectId("", "Service", "app", "web")
SECRET = ObjectId("", "Secret", "app", "web")
CUSTOM = ObjectId("example.com", "CronTab", "app", "nightly")


def visible(
    identity: ObjectId, path: str, before: Any, after: Any = None, *, dropped: bool = False
) -> bool:
    def document(value: Any) -> Any:
        for part in reversed(FieldPath.parse(path).parts):
            value = {part: value} if isinstance(part, str) else [value]
        return value

    change = Change(FieldPath.parse(path), dropped, "", "")
    return is_visible(change, identity, document(before), document(after))


@pytest.mark.parametrize("empty", [None, "", 0, False, [], {}, {"a": {"b": ""}}])
def test_an_empty_field_that_is_dropped_is_not_visible(empty: Any) -> None:
    assert not visible(SERVICE, "spec.ports[0].name", empty, dropped=True)


@pytest.mark.parametrize("value", ["a", 1, True, [0], [{}], {"a": [""]}])
def test_any_other_field_that_is_dropped_is_visible(value: Any) -> None:
    assert visible(SERVICE, "spec.ports[0].name", value, dropped=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [(1, "1"), (0.5, "500m"), ("1000m", "1"), ("1024Mi", "1Gi"), ("512.0Mi", "512Mi")],
)
def test_another_form_of_a_quantity_is_not_visible(before: Any, after: str) -> None:
    assert not visible(SERVICE, "spec.limits.cpu", before, after)
    assert visible(CUSTOM, "spec.limits.cpu", before, after)


@pytest.mark.parametrize(("before", "after"), [(1, "2"), ("a", "b"), ("1m", "1M"), ([1], "1")])
def test_another_value_is_visible(before: Any, after: str) -> None:
    assert visible(SERVICE, "spec.limits.cpu", before, after)


def test_a_status_and_the_string_data_of_a_secret_are_not_visible() -> None:
    assert not visible(SERVICE, "status.loadBalancer", {"ingress": [1]}, dropped=True)
    assert not visible(CUSTOM, "status", {"ready": True}, dropped=True)
    assert not visible(SECRET, "stringData", {"a": "b"}, dropped=True)
    assert visible(SERVICE, "stringData", {"a": "b"}, dropped=True)
