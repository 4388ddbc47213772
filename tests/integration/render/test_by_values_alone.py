"""Tiers, workers, add-ons and charts of one's own are added by values alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.repository import Repository, load_all

CHARTS = Path(__file__).with_name("charts")
WINDOWS = b"---\r\n".join(
    b"apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: %s\r\n" % name
    for name in (b"from-windows", b"from-windows-too")
)


def add(repository: Repository, text: str) -> None:
    """Writes below `tiers:` or further sections of prod."""
    path = repository.path("values/prod.yaml")
    path.write_text(path.read_text() + text)


def add_zoo(repository: Repository) -> None:
    shutil.copytree(CHARTS / "zoo", repository.path("charts/zoo"))
    repository.path("charts/zoo/templates/windows.yaml").write_bytes(WINDOWS)
    add(
        repository,
        """
addons:
  zoo:
    path: charts/zoo
    namespace: zoo
    values: {keeper: "1e3"}
""",
    )


def test_a_third_tier(repository: Repository) -> None:
    add(
        repository,
        """
  search:
    image: {repository: ghcr.io/acme/search, tag: 1.0.0}
    port: 9200
    path: /search
    health: {path: /search/health}
""",
    )
    repository.render("prod")
    manifests = repository.manifests("prod")
    assert manifests.one("Deployment", "search", "app")
    assert manifests.one("Service", "search", "app")
    [rule] = manifests.one("Ingress")["spec"]["rules"]
    assert [path["path"] for path in rule["http"]["paths"]] == ["/search", "/api", "/"]
    assert repository.wave("prod", "search") < repository.wave("prod", "frontend")


def test_a_worker_without_a_port(repository: Repository) -> None:
    add(
        repository,
        """
  mailer:
    image: {repository: ghcr.io/acme/mailer, tag: 0.9.0}
    database: postgres
""",
    )
    repository.render("prod")
    folder = repository.path("rendered/prod/manifests/mailer")
    kinds = {path.name.split("-")[0] for path in folder.rglob("*.yaml")}
    assert "deployment" in kinds
    assert "service" not in kinds
    assert "mailer" not in str(repository.manifests("prod").one("Ingress"))
    assert repository.wave("prod", "mailer") > repository.wave("prod", "postgres")


def test_any_further_add_on(repository: Repository) -> None:
    add(
        repository,
        """
addons:
  metrics-server:
    repository: https://kubernetes-sigs.github.io/metrics-server
    chart: metrics-server
    version: 3.13.0
    namespace: metrics
    wave: 1
    clusterKinds: [rbac.authorization.k8s.io/ClusterRole, apiregistration.k8s.io/APIService]
    namespaces: [kube-system]
    values: {replicas: 2}
""",
    )
    repository.render("prod")
    application = repository.application("prod", "metrics-server")
    assert application["spec"]["source"]["chart"] == "metrics-server"
    assert application["spec"]["source"]["helm"]["valuesObject"] == {"replicas": 2}
    project = repository.argocd("prod").one("AppProject", "prod")["spec"]
    assert "https://kubernetes-sigs.github.io/metrics-server" in project["sourceRepos"]
    kinds = {(kind["group"], kind["kind"]) for kind in project["clusterResourceWhitelist"]}
    assert ("apiregistration.k8s.io", "APIService") in kinds
    assert repository.manifests("prod").one("Namespace", "metrics")


def test_a_chart_of_one_s_own_whatever_it_does(repository: Repository) -> None:
    """charts/zoo: hooks, lists, CRLF, no namespaces, names of any letters and lengths."""
    add_zoo(repository)
    repository.render("prod")
    folder = repository.path("rendered/prod/manifests/zoo")
    found = {str(path.relative_to(folder)): load_all(path) for path in folder.rglob("*.yaml")}
    names = [
        " ".join([item["kind"], item["metadata"].get("namespace", "-"), item["metadata"]["name"]])
        for [item] in found.values()
    ]
    assert sorted(names) == sorted(
        [
            "Cage - ticket-office",
            "ClusterRole - system-zoo-viewer",
            "ClusterRole - system:zoo:viewer",
            f"ConfigMap - {'a' * 252}b",
            f"ConfigMap - {'a' * 253}",
            "ConfigMap - from-windows",
            "ConfigMap - from-windows-too",
            "ConfigMap - in-a-list",
            "ConfigMap - in-a-list-in-a-list",
            "ConfigMap - texts",
            "CustomResourceDefinition - cages.zoo.example.com",
            "CustomResourceDefinition - moats.zoo.example.com",
            "Job - migrate",
            "Role zoo Feeder",
            "Role zoo feeder",
            "Role zoo-outdoors feeder",
            "Service - ticket-office",
            "Service - ticket-office",
        ]
    )
    assert len({path.casefold() for path in found}) == len(found)
    assert max(len(part.encode()) for path in found for part in path.split("/")) < 255
    for path in ("zoo/role-feeder.yaml", "zoo-outdoors/role-feeder.yaml"):
        assert found[path]
    for path in ("service-ticket-office.yaml", "service-ticket-office_serving.knative.dev.yaml"):
        assert found[path]


def test_a_chart_of_one_s_own_keeps_its_values_and_texts(repository: Repository) -> None:
    add_zoo(repository)
    repository.render("prod")
    manifests = repository.manifests("prod")
    assert manifests.one("ConfigMap", "in-a-list")["data"] == {"keeper": "1e3", "octal": "0777"}
    texts = manifests.one("ConfigMap", "texts")["data"]
    assert texts["document"] == "---\nkind: Secret\n---\n"
    assert texts["blank-lines-at-the-end"] == "one\n\n\n"


def test_what_a_chart_leaves_to_its_release_is_admitted_by_the_project(
    repository: Repository,
) -> None:
    add_zoo(repository)
    repository.render("prod")
    project = repository.argocd("prod").one("AppProject", "prod")["spec"]
    kinds = {(kind["group"], kind["kind"]) for kind in project["clusterResourceWhitelist"]}
    assert ("rbac.authorization.k8s.io", "ClusterRole") in kinds
    assert ("rbac.authorization.k8s.io", "Role") not in kinds
    assert ("zoo.example.com", "Cage") in kinds  # nobody can tell its scope
    namespaces = {place["namespace"] for place in project["destinations"]}
    assert {"zoo", "zoo-outdoors"} <= namespaces


def test_lists_that_gitops_gen_fills_hold_the_users_entries_too(repository: Repository) -> None:
    """Those of the strongest layer, as everywhere; in the Application, where Argo CD reads them."""
    grafana = "addons: {kube-prometheus-stack: {values: {extraManifests: [%s]}}}\n"
    base = repository.read("values/base.yaml")
    repository.write("values/base.yaml", base + grafana % "{kind: ConfigMap, weaker: true}")
    add(repository, "\n" + grafana % "{kind: ConfigMap, stronger: true}")
    repository.render("prod")
    source = repository.application("prod", "kube-prometheus-stack")["spec"]["source"]
    role, manifest = source["helm"]["valuesObject"]["extraManifests"]
    assert role["metadata"]["name"] == "kube-prometheus-stack-grafana-dashboards"
    assert manifest == {"kind": "ConfigMap", "stronger": True}
