"""The rules of the groups security and posture, for objects that no chart of the tests renders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.checks.rules import object_rules
from gitops_gen.checks.view import EnvironmentView, ObjectIssue
from gitops_gen.components.types import Component, RepositoryChart, UpstreamChart
from gitops_gen.model import Environment, Pin

GROUPS = ("security", "posture")
SOURCES = {
    "upstream": UpstreamChart(Pin("https://charts.example.org", "agent", "1.0.0"), {}, "agent"),
    "repository": RepositoryChart("charts/agent", {}, "agent"),
}
AGENT = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "agent", "namespace": "agents"},
    "spec": {"template": {"spec": {"hostNetwork": True}}},
}
NAMESPACE = {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {
        "name": "agents",
        "labels": {"pod-security.kubernetes.io/enforce": "privileged"},
    },
}
ROLE = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRole",
    "metadata": {"name": "agent"},
    "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}],
}


def found(source: str, *objects: Any) -> list[tuple[str, str]]:
    """The rules that report something about objects of a chart, with their messages."""
    return [(rule, issue.message) for rule, issue in issues(SOURCES[source], objects)]


def issues(source: Any, objects: Any) -> Iterator[tuple[str, ObjectIssue]]:
    paths = [f"rendered/prod/manifests/agent/{index}.yaml" for index in range(len(objects))]
    files = dict(zip(paths, (json.dumps(one).encode() for one in objects), strict=True))
    component = Component(
        name="agent", namespace="agents", wave=0, source=source, section=("addons", "agent")
    )
    environment = Environment("prod", {"stage": "production"}, {}, "values/prod.yaml")
    rendered = RenderedFiles("prod", tuple(files), files.__getitem__)
    view = EnvironmentView.of(environment, {"agent": component}, rendered)
    for one in (one for one in object_rules() if one.group in GROUPS):
        for issue in one.problems(view):
            if isinstance(issue, ObjectIssue):
                yield one.rule.id, issue


def test_objects_of_upstream_charts_are_judged_only_by_their_namespace() -> None:
    reported = [rule for rule, _ in found("repository", NAMESPACE, AGENT, ROLE)]
    assert {"security-host-namespaces", "security-rbac-wildcard"} <= set(reported)
    assert found("upstream", NAMESPACE, AGENT, ROLE) == []


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("level", ["baseline", "restricted", "unknown"])
def test_a_violation_of_an_enforced_standard_is_reported_once(source: str, level: str) -> None:
    metadata: Any = NAMESPACE["metadata"]
    labels = {"pod-security.kubernetes.io/enforce": level}
    namespace = {**NAMESPACE, "metadata": {**metadata, "labels": labels}}
    [(rule, message)] = [one for one in found(source, namespace, AGENT) if "hostNet" in one[1]]
    assert rule == "security-pod-refused"
    assert f"Namespace agents enforces the standard {level}" in message


def test_a_namespace_with_a_label_for_warnings_only_refuses_nothing() -> None:
    metadata: Any = NAMESPACE["metadata"]
    labels = {"pod-security.kubernetes.io/warn": "restricted"}
    namespace = {**NAMESPACE, "metadata": {**metadata, "labels": labels}}
    assert found("upstream", namespace, AGENT) == []


ODD = [None, "x", 1, True, [], {}, [None], ["x"], [{}], [[1]], {"a": 1}]
PLACES = {
    "Service": [("spec", "type"), ("spec", "externalIPs"), ("metadata", "annotations")],
    "Pod": [("spec", "containers"), ("spec", "securityContext"), ("spec", "volumes")],
    "ServiceAccount": [("automountServiceAccountToken",)],
    "Namespace": [("metadata", "labels")],
    "Role.rbac.authorization.k8s.io": [("rules",)],
    "RoleBinding.rbac.authorization.k8s.io": [("subjects",), ("roleRef",)],
    "AppProject.argoproj.io": [("spec", "sourceRepos"), ("spec", "destinations"), ("spec",)],
    "Deployment.apps": [("spec",), ("spec", "template"), ("spec", "replicas")],
    "HorizontalPodAutoscaler.autoscaling": [("spec", "scaleTargetRef"), ("spec",)],
}


@pytest.mark.parametrize("kind", PLACES)
def test_an_object_that_the_api_server_refuses_is_no_failure(kind: str) -> None:
    name, _, group = kind.partition(".")
    for path in PLACES[kind]:
        for odd in ODD:
            item: Any = {
                "apiVersion": f"{group}/v1" if group else "v1",
                "kind": name,
                "metadata": {"name": "a", "namespace": "agents"},
            }
            above = item
            for key in path[:-1]:
                above = above.setdefault(key, {})
            above[path[-1]] = odd
            found("repository", item)
