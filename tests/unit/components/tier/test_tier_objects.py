"""Requirements for every tier in valid/."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cases import cases

CASES = cases(Path(__file__).parent, "valid")
MONITORED = "crds:monitoring.coreos.com"
Object = dict[str, Any]


@pytest.fixture(params=CASES, ids=lambda file: file.stem)
def tiers(request: pytest.FixtureRequest, render: Callable[[str], dict[str, Any]]) -> list[Any]:
    return list(render(request.param.read_text()).values())


def test_objects_have_the_expected_order_of_keys_and_namespace(tiers: list[Any]) -> None:
    for tier in tiers:
        for item in tier.objects.values():
            assert list(item)[:3] == ["apiVersion", "kind", "metadata"]
            assert list(item["metadata"])[:2] == ["name", "namespace"]
            assert item["metadata"]["namespace"] == tier.component.namespace
        # A template that prints nothing leaves an empty value.
        assert "null" not in tier.text
        assert not re.search(r"[ \t]$|<no value>", tier.text, re.MULTILINE)


def test_pods_match_the_restricted_profile(tiers: list[Any]) -> None:
    for tier in tiers:
        for template in tier.pod_templates:
            pod = template["spec"]
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
            assert pod["automountServiceAccountToken"] is False
            assert pod["enableServiceLinks"] is False
            assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
            for container in pod["containers"]:
                context = container["securityContext"]
                assert context["allowPrivilegeEscalation"] is False
                assert context["readOnlyRootFilesystem"] is True
                assert context["capabilities"] == {"drop": ["ALL"]}


def test_every_pod_has_a_policy_and_policies_select_nothing_else(tiers: list[Any]) -> None:
    for tier in tiers:
        policy = tier.one("NetworkPolicy")["spec"]
        assert policy["policyTypes"] == ["Ingress", "Egress"]
        for template in tier.pod_templates:
            labels = template["metadata"]["labels"]
            assert policy["podSelector"]["matchLabels"].items() <= labels.items()
        for rule in policy.get("ingress", []) + policy.get("egress", []):
            # An empty list of peers or ports would allow all peers or ports.
            assert rule.get("from") or rule.get("to")
            assert rule["ports"]


def test_the_service_selects_the_deployment_and_never_a_migration(tiers: list[Any]) -> None:
    for tier in tiers:
        service = tier.one("Service")
        if service is None:
            continue
        (serving,) = (item for item in tier.pod_templates if selects(service, item))
        ports = serving["spec"]["containers"][0]["ports"]
        listening = {port["name"]: port["containerPort"] for port in ports}
        for port in service["spec"]["ports"]:
            # Network policies of the VPC CNI require equal ports.
            assert port["port"] == port["targetPort"] == listening[port["name"]]


def selects(service: Object, template: Object) -> bool:
    selector: Object = service["spec"]["selector"]
    labels: Object = template["metadata"]["labels"]
    return selector.items() <= labels.items()


def test_a_pod_runs_until_the_load_balancer_has_removed_it(tiers: list[Any]) -> None:
    for tier in tiers:
        for template in tier.pod_templates:
            (container,) = template["spec"]["containers"]
            sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {})
            grace = template["spec"].get("terminationGracePeriodSeconds", 30)
            assert sleep.get("seconds", 0) < grace


def test_liveness_reacts_later_than_readiness(tiers: list[Any]) -> None:
    for tier in tiers:
        for template in tier.pod_templates:
            (container,) = template["spec"]["containers"]
            if "livenessProbe" in container:
                assert patience(container["readinessProbe"]) < patience(container["livenessProbe"])


def patience(probe: Object) -> int:
    return int(probe["periodSeconds"]) * int(probe["failureThreshold"])


def test_mounted_objects_are_rendered_or_required(tiers: list[Any]) -> None:
    for tier in tiers:
        made = {name for name in tier.objects if name.startswith("ConfigMap/")}
        for template in tier.pod_templates:
            volumes = {volume["name"]: volume for volume in template["spec"].get("volumes", [])}
            (container,) = template["spec"]["containers"]
            mounts = container.get("volumeMounts", [])
            assert {mount["name"] for mount in mounts} == volumes.keys()
            maps = [
                volume["configMap"]["name"] for volume in volumes.values() if "configMap" in volume
            ]
            assert {f"ConfigMap/{name}" for name in maps} <= made


def test_a_disruption_budget_never_blocks(tiers: list[Any]) -> None:
    for tier in tiers:
        budget = tier.one("PodDisruptionBudget")
        if budget is not None:
            assert budget["spec"]["maxUnavailable"] == 1
            assert "minAvailable" not in budget["spec"]


def test_objects_that_a_migration_requires_are_synced_earlier(tiers: list[Any]) -> None:
    for tier in tiers:
        if tier.one("Job") is None:
            continue
        waves = {name.partition("/")[0]: wave(item) for name, item in tier.objects.items()}
        assert waves["ServiceAccount"] < waves["Job"] < waves.get("Deployment", 0)
        assert waves["NetworkPolicy"] < waves["Job"] < waves.get("CronJob", 0)


def wave(item: Object) -> int:
    annotations = item["metadata"].get("annotations", {})
    return int(annotations.get("argocd.argoproj.io/sync-wave", 0))


def test_dashboards_are_valid_json_for_grafana(tiers: list[Any]) -> None:
    for tier in tiers:
        found = [item for name, item in tier.objects.items() if name.endswith("-dashboard")]
        assert len(found) == (MONITORED in tier.component.requires)
        for item in found:
            (text,) = item["data"].values()
            dashboard = json.loads(text)
            assert len(dashboard["uid"]) <= 40
            panels = dashboard["panels"]
            assert len({panel["id"] for panel in panels}) == len(panels)
            places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
            assert len(places) == len(panels)
            for panel in panels:
                assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
                assert all(balanced(target["expr"]) for target in panel["targets"])


def test_alerts_describe_the_problem_and_the_remedy(tiers: list[Any]) -> None:
    for tier in tiers:
        rule = tier.one("PrometheusRule")
        alerts = rule["spec"]["groups"][0]["rules"] if rule else []
        assert bool(alerts) is (MONITORED in tier.component.requires)
        for alert in alerts:
            assert balanced(alert["expr"])
            assert f'namespace="{tier.component.namespace}"' in alert["expr"]
            assert alert["labels"]["severity"] in ("warning", "critical")
            assert alert["annotations"].keys() == {"summary", "description"}
            assert "\n" not in alert["annotations"]["description"]


def balanced(expression: str) -> bool:
    text = re.sub(r'"[^"]*"', "", expression)
    return all(text.count(left) == text.count(right) for left, right in ("()", "{}", "[]"))


def test_a_changed_file_changes_the_mounted_config_map(render: Any) -> None:
    values = (CASES[0].parent / "files.yaml").read_text()
    before = render(values)["web"]
    after = render(values.replace('level = "info"', 'level = "debug"'))["web"]
    names = [tier.one("ConfigMap")["metadata"]["name"] for tier in (before, after)]
    assert names[0] != names[1]
    for tier, name in zip((before, after), names, strict=True):
        (template,) = tier.pod_templates
        files = next(v for v in template["spec"]["volumes"] if v["name"] == "files")
        assert files["configMap"]["name"] == name
