"""The required system: each row of the design is implemented by objects of the example.

The objects are in rendered/prod and argocd/prod.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.repository import Object, Objects, Repository


@pytest.fixture(scope="module")
def manifests(rendered: Repository) -> Objects:
    return rendered.manifests("prod")


def container(workload: Object) -> Any:
    return workload["spec"]["template"]["spec"]["containers"][0]


def pod_labels(workload: Object) -> dict[str, str]:
    labels: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return labels


def test_security_groups_the_alb_has_the_group_of_terraform(manifests: Objects) -> None:
    annotations = manifests.one("Ingress")["metadata"]["annotations"]
    assert annotations["alb.ingress.kubernetes.io/security-groups"] == "acme-prod-alb"
    assert annotations["alb.ingress.kubernetes.io/listen-ports"] == '[{"HTTP": 80}]'


def test_routing_one_alb_api_to_the_backend_the_rest_to_the_frontend(manifests: Objects) -> None:
    [ingress] = manifests.all("Ingress")
    assert ingress["spec"]["ingressClassName"] == "alb"
    annotations = ingress["metadata"]["annotations"]
    assert annotations["alb.ingress.kubernetes.io/scheme"] == "internet-facing"
    assert annotations["alb.ingress.kubernetes.io/target-type"] == "ip"
    [rule] = ingress["spec"]["rules"]
    routes = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert list(routes.items()) == [("/api", "backend"), ("/", "frontend")]


@pytest.mark.parametrize("tier", ["frontend", "backend"])
def test_app_tiers_a_deployment_behind_a_service(manifests: Objects, tier: str) -> None:
    deployment = manifests.one("Deployment", tier, "app")
    service = manifests.one("Service", tier, "app")
    assert service["spec"]["selector"].items() <= pod_labels(deployment).items()
    [port] = service["spec"]["ports"]
    names = {p["name"]: p["containerPort"] for p in container(deployment)["ports"]}
    assert names.get(port["targetPort"], port["targetPort"]) == 8080
    assert container(deployment)["image"].startswith(f"ghcr.io/acme/{tier}:")


def test_database_address_the_backend_uses_the_service_in_its_namespace(manifests: Objects) -> None:
    env = {
        e["name"]: e.get("value") for e in container(manifests.one("Deployment", "backend"))["env"]
    }
    assert env["POSTGRES_HOST"] == "postgres"
    alias = manifests.one("Service", "postgres", "app")
    assert alias["spec"]["type"] == "ExternalName"
    assert alias["spec"]["externalName"] == "postgres.database.svc.cluster.local"


def test_database_a_stateful_set_behind_a_headless_service(manifests: Objects) -> None:
    database = manifests.one("StatefulSet", "postgres", "database")
    service = manifests.one("Service", database["spec"]["serviceName"], "database")
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["selector"].items() <= pod_labels(database).items()


def test_database_5_gi_of_gp2(manifests: Objects) -> None:
    [claim] = manifests.one("StatefulSet", "postgres")["spec"]["volumeClaimTemplates"]
    assert (claim["apiVersion"], claim["kind"]) == ("v1", "PersistentVolumeClaim")
    assert claim["spec"]["resources"]["requests"]["storage"] == "5Gi"
    assert claim["spec"]["storageClassName"] == "gp2"
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]


def test_database_pruning_deletes_neither_the_data_nor_its_namespace(
    manifests: Objects,
) -> None:
    database = manifests.one("StatefulSet", "postgres")
    kept = (
        database,
        *database["spec"]["volumeClaimTemplates"],
        manifests.one("Namespace", "database"),
        manifests.one("Service", "postgres", "database"),
    )
    for item in kept:
        annotations = item["metadata"]["annotations"]
        assert annotations["argocd.argoproj.io/sync-options"] == "Prune=false,Delete=false"
        assert annotations["argocd.argoproj.io/compare-options"] == "IgnoreExtraneous"
    retention = database["spec"]["persistentVolumeClaimRetentionPolicy"]
    assert set(retention.values()) == {"Retain"}


@pytest.mark.parametrize(
    ("name", "namespace"),
    [
        ("aws-load-balancer-controller", "kube-system"),
        ("cert-manager", "cert-manager"),
        ("kube-prometheus-stack", "monitoring"),
        ("prometheus-operator-crds", "monitoring"),
    ],
)
def test_addons_each_is_a_separate_pinned_chart(
    rendered: Repository, name: str, namespace: str
) -> None:
    spec = rendered.application("prod", name)["spec"]
    assert spec["source"]["chart"] == name
    assert spec["source"]["targetRevision"].count(".") == 2
    assert spec["destination"]["namespace"] == namespace


def test_addons_the_controller_knows_its_cluster_and_takes_its_certificate_from_cert_manager(
    rendered: Repository,
) -> None:
    helm = rendered.application("prod", "aws-load-balancer-controller")["spec"]["source"]["helm"]
    values = helm["valuesObject"]
    assert values["clusterName"] == "acme-prod"
    assert values["region"] == "ap-northeast-2"
    assert values["vpcId"] == "vpc-0f9e8d7c6b5a40312"
    assert values["enableCertManager"] is True
    waves = [rendered.wave("prod", n) for n in ("cert-manager", "aws-load-balancer-controller")]
    assert waves == sorted(set(waves))


def test_observability_grafana_is_internal_and_its_password_a_named_secret(
    rendered: Repository,
) -> None:
    helm = rendered.application("prod", "kube-prometheus-stack")["spec"]["source"]["helm"]
    grafana = helm["valuesObject"]["grafana"]
    assert grafana["admin"]["existingSecret"]
    assert grafana.get("ingress", {}).get("enabled", False) is False
    assert grafana.get("service", {}).get("type", "ClusterIP") == "ClusterIP"


def test_observability_backend_and_postgres_have_monitors(manifests: Objects) -> None:
    for name, namespace in (("backend", "app"), ("postgres", "database")):
        assert manifests.one("ServiceMonitor", name, namespace)
        assert manifests.one("PrometheusRule", name, namespace)
    dashboards = {
        item["metadata"]["name"]
        for item in manifests.all("ConfigMap")
        if item["metadata"]["labels"].get("grafana_dashboard") == "1"
    }
    assert {"backend-dashboard", "postgres-dashboard"} <= dashboards


def test_observability_terraform_installs_cloudwatch(rendered: Repository) -> None:
    names = {item["metadata"]["name"] for item in rendered.argocd("prod").all("Application")}
    assert "amazon-cloudwatch-observability" not in names


def test_module_separation_each_component_is_a_separate_application(
    rendered: Repository,
) -> None:
    folders = {path.name for path in rendered.path("rendered/prod/manifests").iterdir()}
    assert folders == {"frontend", "backend", "postgres", "ingress", "platform"}
    for name in folders:
        source = rendered.application("prod", name)["spec"]["source"]
        assert source["path"] == f"rendered/prod/manifests/{name}"


def test_gitops_one_root_application_syncs_the_others(rendered: Repository) -> None:
    root = rendered.application("prod", "root")
    assert root["spec"]["source"]["path"] == "argocd/prod/apps"
    assert root["spec"]["source"]["directory"] == {"recurse": False}
    assert root["spec"]["syncPolicy"]["automated"] == {
        "prune": True,
        "selfHeal": True,
        "allowEmpty": False,
    }
    apps = {path.stem for path in rendered.path("argocd/prod/apps").iterdir()}
    names = {item["metadata"]["name"] for item in rendered.argocd("prod").all("Application")}
    assert apps == (names - {"root"}) | {"project"}


def test_gitops_applications_use_this_repository_and_revision(rendered: Repository) -> None:
    for application in rendered.argocd("prod").all("Application"):
        source = application["spec"]["source"]
        if "path" in source:
            assert source["repoURL"] == "https://github.com/acme/platform.git"
            assert source["targetRevision"] == "main"


def test_gitops_the_database_comes_before_the_backend_before_the_frontend(
    rendered: Repository,
) -> None:
    order = [
        "prometheus-operator-crds",
        "platform",
        "cert-manager",
        "aws-load-balancer-controller",
        "postgres",
        "backend",
        "frontend",
        "kube-prometheus-stack",
    ]
    waves = [rendered.wave("prod", name) for name in order]
    assert waves == sorted(set(waves))
    assert rendered.wave("prod", "ingress") >= rendered.wave("prod", "backend")


def test_gitops_the_project_allows_disabled_components_until_they_are_deleted(
    repository: Repository,
) -> None:
    """Argo CD deletes only objects that the AppProject allows."""
    repository.render()
    before = repository.argocd("prod").one("AppProject", "prod")["spec"]
    off = ("tiers.backend.enabled", "postgres.enabled", "addons.kube-prometheus-stack.enabled")
    assert repository.run("set", "prod", *(f"{path}=false" for path in off)).returncode == 0
    repository.render()
    after = repository.argocd("prod").one("AppProject", "prod")["spec"]
    assert after["destinations"] == before["destinations"]
    assert after["sourceRepos"] == before["sourceRepos"]
