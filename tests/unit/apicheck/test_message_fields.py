"""The fields of an object that the message of a server is about."""

from __future__ import annotations

import pytest

from gitops_gen.apicheck.message_fields import message_fields
from gitops_gen.model import Values

CONTAINER = {
    "name": "web",
    "image": "web:1",
    "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
}
DEPLOYMENT: Values = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"team": "of web", "app.kubernetes.io/name": "web"}},
    "spec": {"replicas": -1, "template": {"spec": {"containers": [CONTAINER]}}},
}
CONFIG_MAP: Values = {"metadata": {"name": "settings"}, "data": {"a/b": "1", "c": "2"}}
INVALID = 'Deployment.apps "web" is invalid: '


def claim(size: str) -> Values:
    request = {"resources": {"requests": {"storage": size}}}
    return {"spec": {"replicas": 1, "volumeClaimTemplates": [{"spec": request}]}}


def fields(message: str, value: Values, before: Values | None = None) -> list[str]:
    return list(map(str, message_fields(message, value, before)))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("spec.replicas: Invalid value: -1: must be greater than or equal to 0", "spec.replicas"),
        (
            "spec.template.spec.containers[0].env[1].name: Invalid value: "
            '"B": a valid environment variable name must consist of',
            "spec.template.spec.containers[0].env[1].name",
        ),
        (
            "failed to create typed patch object: .spec.replicsa: field not declared in schema",
            "spec.replicsa",
        ),
    ],
)
def test_a_message_names_its_field(message: str, expected: str) -> None:
    assert fields(INVALID + message, DEPLOYMENT) == [expected]


def test_each_problem_of_a_message_has_a_field() -> None:
    message = (
        INVALID + "[spec.replicas: Invalid value: -1: must be greater than or equal to 0, "
        "spec.template.spec.containers[0].image: Required value]"
    )
    expected = ["spec.replicas", "spec.template.spec.containers[0].image"]
    assert fields(message, DEPLOYMENT) == expected


def test_the_refused_entry_of_a_map_is_the_field() -> None:
    """The API server names only the map, and quotes the key or the value that it refuses."""
    message = INVALID + 'metadata.labels: Invalid value: "of web": a valid label must consist of'
    assert fields(message, DEPLOYMENT) == ["metadata.labels.team"]
    message = 'ConfigMap "settings" is invalid: data[a/b]: Invalid value: "a/b": a valid config key'
    assert fields(message, CONFIG_MAP) == ["data.a/b"]


def test_an_immutable_field_is_found_by_what_changed() -> None:
    """The API server names only `spec`, whichever of its fields changed."""
    message = (
        'StatefulSet.apps "postgres" is invalid: spec: Forbidden: updates to statefulset spec for '
        "fields other than 'replicas', 'ordinals', 'template' are forbidden"
    )
    changed = "spec.volumeClaimTemplates[0].spec.resources.requests.storage"
    assert fields(message, claim("7Gi"), claim("5Gi")) == [changed]
    assert fields(message, claim("7Gi")) == []


@pytest.mark.parametrize(
    "message",
    [
        'no matches for kind "Widget" in version "acme.example/v1"',
        'namespaces "nowhere" not found',
        'pods "web-1" is forbidden: error looking up service account app/nobody: '
        'serviceaccount "nobody" not found',
        'Deployment.apps "web" is invalid: spec: Forbidden: updates are forbidden',
        "Waiting for rollout to finish: 0 of 1 updated replicas are available...",
    ],
)
def test_a_message_without_a_field(message: str) -> None:
    assert fields(message, DEPLOYMENT) == []


def test_a_value_may_have_escapes_that_only_go_has() -> None:
    message = r'metadata.labels: Invalid value: "of\x1b[31m web": must consist of letters'
    assert fields(INVALID + message, DEPLOYMENT) == ["metadata.labels"]
