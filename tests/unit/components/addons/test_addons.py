"""The components of each add-on in the environments of valid/."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops_gen.components import catalogue
from gitops_gen.components.addon_values import lookup
from gitops_gen.components.types import (
    Component,
    NamedSecret,
    Namespace,
    RepositoryChart,
    Subchart,
    UpstreamChart,
)
from gitops_gen.model import Environment, Pin
from tests.cases import each

Load = Callable[[Path], Environment]
Plan = Callable[[str], dict[str, Component]]

FOLDERS = [folder for folder in catalogue() if folder.section[0] == "addons"]


def values(component: Component) -> dict[str, Any]:
    assert isinstance(component.source, UpstreamChart)
    return component.source.values


@each(Path(__file__).parent, "valid")
def test_all_environments_are_valid(
    case: Path, load: Callable[[Path], Environment], components: Plan
) -> None:
    assert load(case).enabled("addons") or not components(case.stem)


def test_add_ons_that_are_enabled_by_default(components: Plan) -> None:
    assert set(components("nothing-said")) >= {
        "aws-load-balancer-controller",
        "cert-manager",
        "kube-prometheus-stack",
        "prometheus-operator-crds",
    }


def test_pins(components: Plan) -> None:
    sources = [component.source for component in components("everything").values()]
    pins = {source.pin for source in sources if isinstance(source, UpstreamChart)}
    assert pins >= {
        Pin("https://aws.github.io/eks-charts", "aws-load-balancer-controller", "3.5.0"),
        Pin(
            "https://aws-observability.github.io/helm-charts",
            "amazon-cloudwatch-observability",
            "6.4.0",
        ),
        Pin("https://charts.jetstack.io", "cert-manager", "v1.21.1"),
        Pin("https://charts.external-secrets.io", "external-secrets", "2.9.0"),
        Pin("https://kubernetes-sigs.github.io/external-dns", "external-dns", "1.21.1"),
        Pin("https://kubernetes-sigs.github.io/metrics-server", "metrics-server", "3.13.1"),
        Pin(
            "https://prometheus-community.github.io/helm-charts", "kube-prometheus-stack", "88.5.3"
        ),
        Pin(
            "https://prometheus-community.github.io/helm-charts",
            "prometheus-operator-crds",
            "31.0.1",
        ),
    }


def test_add_ons_that_are_disabled_by_default(components: Plan) -> None:
    disabled = {"amazon-cloudwatch-observability", "external-dns", "external-secrets"}
    assert not (disabled | {"metrics-server"}) & set(components("nothing-said"))


def test_everything_required_is_provided_in_an_earlier_wave(components: Plan) -> None:
    planned = components("everything").values()
    providers = {name: component for component in planned for name in component.provides}
    for component in planned:
        for name in component.requires:
            assert providers[name].wave < component.wave, (component.name, name)


def test_crds_precede_the_namespaces(components: Plan) -> None:
    """They have no namespace, and must not wait for the namespaces of `platform` in wave -20."""
    crds = components("nothing-said")["prometheus-operator-crds"]
    assert (crds.wave, crds.namespaces) == (-30, ())


def test_namespaces(components: Plan) -> None:
    planned = components("everything").values()
    made = [namespace for component in planned for namespace in component.namespaces]
    assert set(made) >= {
        Namespace("cert-manager"),
        Namespace("external-dns"),
        Namespace("external-secrets"),
        Namespace("monitoring", "privileged", holds_data=True),
    }


def test_argo_cd_creates_only_the_namespace_of_cloudwatch(components: Plan) -> None:
    planned = components("everything").values()
    made = {c.namespace: c.create_namespace for c in planned if c.create_namespace is not None}
    assert made == {"amazon-cloudwatch": {"pod-security.kubernetes.io/enforce": "privileged"}}


def test_only_the_stack_creates_objects_in_a_second_namespace(components: Plan) -> None:
    planned = components("everything").values()
    touched = {component.name: component.touches for component in planned if component.touches}
    assert touched == {"kube-prometheus-stack": {"kube-system"}}


def test_the_stack_contains_no_crds(components: Plan) -> None:
    planned = components("everything")
    crds = ("apiextensions.k8s.io", "CustomResourceDefinition")
    assert crds not in planned["kube-prometheus-stack"].cluster_kinds
    assert planned["prometheus-operator-crds"].cluster_kinds == {crds}


def test_crds_that_others_rely_on_are_kept_by_argo_cd_and_by_helm(components: Plan) -> None:
    planned = components("everything")
    for name in ("external-secrets", "prometheus-operator-crds"):
        assert values(planned[name])["crds"]["annotations"] == {
            "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
            "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
            "helm.sh/resource-policy": "keep",
        }


def test_the_clusters_facts_reach_the_charts(components: Plan) -> None:
    planned = components("everything")
    controller = values(planned["aws-load-balancer-controller"])
    assert controller["clusterName"] == "acme-dev"
    assert controller["region"] == "ap-northeast-2"
    assert controller["vpcId"] == "vpc-0a1b2c3d4e5f60718"
    assert controller["defaultTags"] == {"team": "shop"}
    cloudwatch = values(planned["amazon-cloudwatch-observability"])
    assert (cloudwatch["clusterName"], cloudwatch["region"]) == ("acme-dev", "ap-northeast-2")


def test_external_dns_marks_its_records_with_the_name_of_the_cluster(components: Plan) -> None:
    dns = values(components("everything")["external-dns"])
    assert dns["txtOwnerId"] == "acme-dev"
    assert (dns["policy"], dns["sources"]) == ("upsert-only", ["ingress"])


def test_cert_manager_creates_the_certificate_of_metrics_server(components: Plan) -> None:
    """Its chart could also generate a key at each render, or disable the verification."""
    server = components("everything")["metrics-server"]
    assert values(server)["tls"]["type"] == "cert-manager"
    assert values(server)["apiService"] == {"insecureSkipTLSVerify": False}
    assert "webhook:cert-manager" in server.requires


def test_the_service_account_of_the_agents_has_a_fixed_name(components: Plan) -> None:
    """Without a configured name, the chart gives the ServiceAccount the name of the agent."""
    cloudwatch = values(components("everything")["amazon-cloudwatch-observability"])
    assert cloudwatch["agent"]["serviceAccount"] == {"name": "cloudwatch-agent"}


def test_cert_manager_of_eks_provides_the_same_capabilities(components: Plan) -> None:
    planned = components("eks-add-ons")
    assert "cert-manager" not in planned
    assert "webhook:cert-manager" not in planned["aws-load-balancer-controller"].requires


MONITORS = {
    "aws-load-balancer-controller": ("serviceMonitor", "enabled"),
    "cert-manager": ("prometheus", "servicemonitor", "enabled"),
    "external-dns": ("serviceMonitor", "enabled"),
    "external-secrets": ("serviceMonitor", "enabled"),
    "metrics-server": ("metrics", "enabled"),
}


@pytest.mark.parametrize(("name", "switch"), MONITORS.items(), ids=MONITORS)
def test_monitors_are_rendered_only_with_the_stack(
    name: str, switch: tuple[str, ...], components: Plan
) -> None:
    with_stack = components("everything")[name]
    assert lookup(values(with_stack), *switch) is True
    assert "crds:monitoring.coreos.com" in with_stack.requires
    without = components("without-monitoring")[name]
    assert lookup(values(without), *switch) is None
    assert "crds:monitoring.coreos.com" not in without.requires


def test_user_values_override_built_in_values(components: Plan) -> None:
    component = components("own-values")["aws-load-balancer-controller"]
    assert isinstance(component.source, UpstreamChart)
    assert component.source.pin.version == "3.5.1"
    ours = component.source.values
    assert ours["replicaCount"] == 3
    assert "defaultTargetType" not in ours
    assert ours["podSecurityContext"] == {
        "runAsGroup": 65534,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert ours["securityContext"] == {"capabilities": {"drop": ["NET_RAW"]}}
    assert ours["enableCertManager"] is True


def test_user_entries_follow_built_in_entries(components: Plan) -> None:
    """The user's list may repeat a built-in entry, which earlier versions required."""
    planned = components("own-lists")
    objects = values(planned["external-secrets"])["extraObjects"]
    assert [(one["kind"], one["metadata"]["name"]) for one in objects] == [
        ("Issuer", "external-secrets-webhook"),
        ("ConfigMap", "notes"),
        ("Issuer", "external-secrets-webhook"),
    ]
    stack = values(planned["kube-prometheus-stack"])
    role, template = stack["extraManifests"]
    assert role["metadata"]["name"] == stack["grafana"]["rbac"]["useExistingClusterRole"]
    assert "kind: ConfigMap" in template
    assert stack["kube-state-metrics"]["collectorsExclude"] == ["secrets", "leases"]


def test_prometheus_drops_the_oldest_before_its_volume_is_full(components: Plan) -> None:
    spec = values(components("nothing-said")["kube-prometheus-stack"])["prometheus"][
        "prometheusSpec"
    ]
    claim = spec["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert claim == {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "gp2",
        "resources": {"requests": {"storage": "50Gi"}},
    }
    assert (spec["retention"], spec["retentionSize"]) == ("15d", "40960MiB")


def test_the_stacks_own_settings(components: Plan) -> None:
    component = components("stack-settings")["kube-prometheus-stack"]
    stack = values(component)
    assert stack["grafana"]["admin"] == {"existingSecret": "grafana-from-vault"}
    prometheus = stack["prometheus"]["prometheusSpec"]
    assert (prometheus["retention"], prometheus["retentionSize"]) == ("90d", "838860MiB")
    alertmanager = stack["alertmanager"]["alertmanagerSpec"]
    assert alertmanager["useExistingSecret"] is True
    assert alertmanager["configSecret"] == "alertmanager-config"
    assert component.secrets == (
        NamedSecret(
            "monitoring",
            "grafana-from-vault",
            ("admin-user", "admin-password"),
            "Grafana's administrator",
            password_key="admin-password",
            fields={"admin-user": "admin"},
        ),
        NamedSecret(
            "monitoring",
            "alertmanager-config",
            ("alertmanager.yaml",),
            "Alertmanager's configuration with its receivers",
        ),
    )


def test_secrets_are_required_only_if_they_are_used(components: Plan) -> None:
    names = [secret.name for secret in components("nothing-said")["kube-prometheus-stack"].secrets]
    assert names == ["grafana-admin"]
    assert components("stack-without-grafana")["kube-prometheus-stack"].secrets == ()
    odd = components("stack-with-odd-values")["kube-prometheus-stack"]
    assert [secret.name for secret in odd.secrets] == ["grafana-admin"]


def test_the_store_is_enabled_with_the_operator(components: Plan) -> None:
    planned = components("own-store")
    store = planned["external-secrets-store"]
    assert store.provides == {"secretstore:parameters"}
    assert store.requires == planned["external-secrets"].provides
    assert isinstance(store.source, Subchart)
    assert store.source.values["store"] == {"name": "parameters", "service": "ParameterStore"}
    assert store.source.values["computed"] == {
        "name": "external-secrets-store",
        "partOf": "acme-dev",
        "region": "ap-northeast-2",
    }
    assert "values" not in store.source.values
    assert values(planned["external-secrets"])["concurrent"] == 4


def test_user_defined_charts(components: Plan) -> None:
    planned = components("own-charts")
    assert "spare" not in planned
    server = planned["metrics-server"]
    assert server.source == UpstreamChart(
        pin=Pin("https://kubernetes-sigs.github.io/metrics-server", "metrics-server", "3.13.0"),
        values={"replicas": 2},
        release="metrics-server",
    )
    assert server.cluster_kinds == {
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("apiregistration.k8s.io", "APIService"),
    }


def test_a_user_defined_chart_in_an_oci_registry(components: Plan) -> None:
    queue = components("own-charts")["queue"]
    assert isinstance(queue.source, UpstreamChart)
    assert queue.source.pin == Pin(
        "oci://registry.example.com:5000/charts/infra", "rabbitmq", "v1.2.3-rc.1"
    )
    assert queue.namespaces == (Namespace("queue", "baseline"),)
    assert queue.cluster_kinds == {("", "PersistentVolume")}
    assert queue.touches == {"app", "kube-system"}
    assert queue.wave == 12


def test_a_user_defined_chart_in_the_repository(components: Plan) -> None:
    mailer = components("own-charts")["mailer"]
    assert mailer.source == RepositoryChart(path="charts/mailer", values={}, release="mailer")
    assert mailer.namespaces == (Namespace("mailer"),)


def test_no_add_on_gets_a_literal_secret(components: Plan) -> None:
    """Values contain only names of Secrets. Values for passwords and keys are not set."""
    for component in components("everything").values():
        if isinstance(component.source, UpstreamChart):
            for path in _paths(component.source.values):
                assert path[-1] not in {"adminPassword", "caBundle", "caCert", "key", "token"}, path


def _paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, below in value.items() if isinstance(value, dict) else ():
        yield (*path, key)
        yield from _paths(below, (*path, key))


def test_the_default_configuration_of_alertmanager_is_public(load: Load, tmp_path: Path) -> None:
    folder = next(one for one in catalogue() if one.name == "kube_prometheus_stack")
    values = tmp_path / "values.yaml"

    def public_fields(text: str) -> list[str]:
        values.write_text(text)
        [component] = folder.module.instances(load(values), ())
        return [one.object for one in component.public_fields]

    secret = "Secret monitoring/alertmanager-kube-prometheus-stack-alertmanager"
    stack = "addons:\n  kube-prometheus-stack:\n    enabled: true\n"
    assert public_fields(stack) == [secret]
    config = "    values: {alertmanager: {config: {route: {receiver: pager}}}}\n"
    assert public_fields(stack + config) == []
