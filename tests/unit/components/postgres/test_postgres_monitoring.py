"""The metrics and alerts of the database, and the restrictions of the exporter."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.components.first_party.rendering import Example, Render

VALID = Path(__file__).parent / "valid"
OF_MONITORING = {"ServiceMonitor", "PrometheusRule"}


def alerts(example: Example) -> dict[str, str]:
    groups = example.one("PrometheusRule")["spec"]["groups"]
    return {rule["alert"]: rule["expr"] for group in groups for rule in group["rules"]}


def test_the_exporter_is_a_separate_deployment(rendered: Render) -> None:
    example = rendered(VALID / "everything.yaml")
    deployment = example.one("Deployment", "postgres-exporter", "data")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    service = example.one("Service", "postgres", "data")["spec"]["selector"]
    # The Service of the database must not select the Pods of the exporter.
    assert not service.items() <= labels.items()


def test_network_policies_allow_the_exporter_and_its_scraping(rendered: Render) -> None:
    example = rendered(VALID / "everything.yaml")
    labels = example.one("Deployment")["spec"]["template"]["metadata"]["labels"]
    policy = example.one("NetworkPolicy", "postgres-exporter")["spec"]
    assert policy["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 9187}]
    source = policy["ingress"][0]["from"][0]["namespaceSelector"]["matchLabels"]
    assert source == {"kubernetes.io/metadata.name": "monitoring"}
    assert policy["egress"][0]["ports"] == [{"protocol": "TCP", "port": 6432}]
    admitted = example.one("NetworkPolicy", "postgres")["spec"]["ingress"][-1]["from"][0]
    assert admitted["podSelector"]["matchLabels"].items() <= labels.items()


def test_the_monitor_selects_the_exporter(rendered: Render) -> None:
    example = rendered(VALID / "everything.yaml")
    monitor = example.one("ServiceMonitor", "postgres", "data")["spec"]
    service = example.one("Service", "postgres-exporter", "data")
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["endpoints"][0]["port"] in [port["name"] for port in service["spec"]["ports"]]


def test_alerts_select_this_database(rendered: Render) -> None:
    example = rendered(VALID / "everything.yaml")
    rules = alerts(example)
    claim = example.one("StatefulSet")["spec"]["volumeClaimTemplates"][0]["metadata"]["name"]
    assert f'persistentvolumeclaim="{claim}-postgres-0"' in rules["PostgresVolumeFillsUp"]
    assert rules["PostgresVolumeFillsUp"].endswith("< 0.2")
    assert rules["PostgresConnectionsRunOut"].endswith("> 0.75")
    assert all('namespace="data"' in expression for expression in rules.values())


def test_an_external_database_has_no_volume_alert(rendered: Render) -> None:
    rules = alerts(rendered(VALID / "external.yaml"))
    assert "PostgresDown" in rules
    assert not any("volume" in name.lower() for name in rules)


def test_the_dashboard_is_found_by_grafana(rendered: Render) -> None:
    dashboard = rendered(VALID / "everything.yaml").one("ConfigMap", "postgres-dashboard")
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    panels = json.loads(dashboard["data"]["postgres.json"])["panels"]
    assert all('namespace="data"' in t["expr"] for panel in panels for t in panel["targets"])
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_no_monitoring_objects_without_the_stack(rendered: Render) -> None:
    example = rendered(VALID / "metrics-without-stack.yaml")
    assert not OF_MONITORING & {item["kind"] for item in example.objects}
    assert "crds:monitoring.coreos.com" not in example.components["postgres"].requires
    example.one("Deployment", "postgres-exporter")
