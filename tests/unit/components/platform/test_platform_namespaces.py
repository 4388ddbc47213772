"""The namespaces are those that the other components declare."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.components.platform.namespaces import declared, never_owned, owned
from gitops_gen.components.types import Component, Namespace, Subchart
from tests.unit.components.first_party.rendering import Example, Object, Render

VALID = Path(__file__).parent / "valid"
SECURITY = "pod-security.kubernetes.io/"


@pytest.fixture
def plain(rendered: Render) -> Example:
    return rendered(VALID / "nothing-said.yaml")


def labels(example: Example, name: str) -> dict[str, str]:
    found: dict[str, str] = example.one("Namespace", name)["metadata"]["labels"]
    return found


def policies(example: Example, namespace: str) -> dict[str, Object]:
    return {
        policy["metadata"]["name"]: policy["spec"]
        for policy in example.all("NetworkPolicy")
        if policy["metadata"]["namespace"] == namespace
    }


def test_the_tiers_and_the_database_s(plain: Example) -> None:
    names = {namespace["metadata"]["name"] for namespace in plain.all("Namespace")}
    assert {"app", "database"} <= names
    assert not names & never_owned()
    assert {f"namespace:{name}" for name in names} <= plain.components["platform"].provides


def test_no_namespace_is_ever_pruned(plain: Example) -> None:
    for namespace in plain.all("Namespace"):
        annotations = namespace["metadata"]["annotations"]
        assert annotations["argocd.argoproj.io/sync-options"] == "Prune=false,Delete=false"
        assert annotations["argocd.argoproj.io/compare-options"] == "IgnoreExtraneous"
        assert annotations["helm.sh/resource-policy"] == "keep"


def test_pod_security(plain: Example) -> None:
    for name in ("app", "database"):
        ours = labels(plain, name)
        assert ours[f"{SECURITY}enforce"] == "restricted"
        assert ours[f"{SECURITY}enforce-version"] == "v1.35"


def test_node_exporter_needs_a_privileged_namespace(plain: Example) -> None:
    assert labels(plain, "monitoring")[f"{SECURITY}enforce"] == "privileged"


def test_namespaces_of_targets_have_readiness_gates(plain: Example) -> None:
    gate = "elbv2.k8s.aws/pod-readiness-gate-inject"
    assert labels(plain, "app")[gate] == "enabled"
    assert gate not in labels(plain, "database")


def test_namespaces_with_data_are_marked(plain: Example) -> None:
    assert labels(plain, "database")["gitops-gen.io/holds-data"] == "true"
    assert "gitops-gen.io/holds-data" not in labels(plain, "app")


@pytest.mark.parametrize("namespace", ["app", "database"])
def test_only_dns_traffic_is_allowed(plain: Example, namespace: str) -> None:
    ours = policies(plain, namespace)
    both = ["Ingress", "Egress"]
    assert ours["default-deny"] == {"podSelector": {}, "policyTypes": both}
    assert ours["allow-dns"]["podSelector"] == {}
    assert ours["allow-dns"]["policyTypes"] == ["Egress"]
    (rule,) = ours["allow-dns"]["egress"]
    (peer,) = rule["to"]
    assert peer["podSelector"]["matchLabels"] == {"k8s-app": "kube-dns"}
    assert {(port["protocol"], port["port"]) for port in rule["ports"]} == {
        ("UDP", 53),
        ("TCP", 53),
    }


def test_the_namespace_of_an_add_on_is_not_isolated(plain: Example) -> None:
    assert not policies(plain, "monitoring")


def test_without_a_database_there_is_no_namespace_for_it(rendered: Render) -> None:
    example = rendered(VALID / "without-database.yaml")
    assert "database" not in {o["metadata"]["name"] for o in example.all("Namespace")}


def test_namespaces_that_are_created_elsewhere(rendered: Render) -> None:
    assert "platform" not in rendered(VALID / "off.yaml").components


def component(*namespaces: Namespace) -> Component:
    source = Subchart("nowhere", {})
    return Component(
        name="c", namespace="c", wave=0, source=source, section=("c",), namespaces=namespaces
    )


def test_declarations_of_the_same_namespace_are_merged() -> None:
    one = component(Namespace("a", load_balanced=True), Namespace("b"))
    other = component(Namespace("a", pod_security="baseline", isolated=True))
    third = component(Namespace("a", holds_data=True), Namespace("kube-system"))
    assert declared([one, other, third]) == (
        Namespace("a", "baseline", load_balanced=True, holds_data=True, isolated=True),
        Namespace("b"),
        Namespace("kube-system"),
    )
    assert {namespace.name for namespace in owned(declared([one, other, third]))} == {"a", "b"}
