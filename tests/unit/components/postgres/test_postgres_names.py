"""The Service `postgres` in every namespace that uses the database, and the allowed clients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.components.first_party.rendering import Example, Render

VALID = Path(__file__).parent / "valid"


def aliases(example: Example) -> dict[str, str]:
    """Returns the targets of the ExternalName Services by namespace."""
    services = [s for s in example.all("Service") if s["spec"]["type"] == "ExternalName"]
    assert {service["metadata"]["name"] for service in services} <= {"postgres"}
    return {s["metadata"]["namespace"]: s["spec"]["externalName"] for s in services}


def admitted(example: Example) -> list[tuple[Any, Any]]:
    """Returns the namespace and Pod selector of every peer that may connect to the database."""
    policy = example.one("NetworkPolicy", "postgres")
    peers = [peer for rule in policy["spec"]["ingress"] for peer in rule["from"]]
    return [(peer.get("namespaceSelector"), peer["podSelector"]) for peer in peers]


def test_the_namespace_of_the_backend_has_a_service(rendered: Render) -> None:
    example = rendered(VALID / "nothing-said.yaml")
    assert aliases(example) == {"app": "postgres.database.svc.cluster.local"}


def test_each_other_namespace_has_one_service(rendered: Render) -> None:
    example = rendered(VALID / "two-namespaces.yaml")
    assert aliases(example).keys() == {"shop", "jobs"}
    example.one("Service", "postgres", "database")


def test_only_tiers_that_declare_it_may_connect(rendered: Render) -> None:
    example = rendered(VALID / "two-namespaces.yaml")
    tiers = {
        namespace["matchLabels"]["kubernetes.io/metadata.name"]: pods["matchExpressions"]
        for namespace, pods in admitted(example)
        if namespace
    }
    key = "gitops-gen.io/tier"
    assert tiers == {
        "shop": [{"key": key, "operator": "In", "values": ["backend"]}],
        "database": [{"key": key, "operator": "In", "values": ["reports"]}],
        "jobs": [{"key": key, "operator": "In", "values": ["importer", "worker"]}],
    }
    for rule in example.one("NetworkPolicy", "postgres")["spec"]["ingress"]:
        assert rule["ports"] == [{"protocol": "TCP", "port": 5432}]


def test_no_peer_may_connect_to_an_unused_database(rendered: Render) -> None:
    example = rendered(VALID / "unused.yaml")
    policy = example.one("NetworkPolicy", "postgres")["spec"]
    assert "Ingress" in policy["policyTypes"]
    assert "ingress" not in policy
    assert not aliases(example)


def test_an_external_database_keeps_the_names(rendered: Render) -> None:
    example = rendered(VALID / "external.yaml")
    host = "shop.c0ffee.ap-northeast-2.rds.amazonaws.com"
    assert aliases(example) == {"app": host}
    assert not example.all("StatefulSet")
    assert "database:postgres" in example.components["postgres"].provides


@pytest.mark.parametrize("name", ["external.yaml", "external-unwatched.yaml"])
def test_an_external_database_needs_a_namespace_only_for_its_exporter(
    rendered: Render, name: str
) -> None:
    component = rendered(VALID / name).components["postgres"]
    used = {namespace.name for namespace in component.namespaces}
    assert used == ({"app", "database"} if name == "external.yaml" else {"app"})
    assert not any(namespace.holds_data for namespace in component.namespaces)
    assert {secret.namespace for secret in component.secrets} == used
    assert component.namespace in used


def test_an_external_secret_in_each_namespace(rendered: Render) -> None:
    example = rendered(VALID / "external-secret.yaml")
    for namespace in ("app", "database"):
        spec = example.one("ExternalSecret", "postgres-credentials", namespace)["spec"]
        assert spec["secretStoreRef"] == {
            "kind": "ClusterSecretStore",
            "name": "aws-secrets-manager",
        }
        assert spec["target"]["name"] == "postgres-credentials"
        assert spec["target"]["deletionPolicy"] == "Retain"
        assert spec["refreshInterval"] == "15m"
        reference = spec["data"][0]["remoteRef"]
        assert (reference["key"], reference["property"]) == ("acme/dev/postgres", "password")
    component = example.components["postgres"]
    assert "secretstore:aws-secrets-manager" in component.requires
    assert not component.secrets
