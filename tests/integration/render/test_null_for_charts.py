"""null in the values of an upstream chart removes a default of the chart."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gitops_gen import yaml
from tests.repository import Object, Repository

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "values.yaml": "probe: {path: /, port: 80}\nlabels: {team: chart}\n",
    "templates/settings.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  probe: {{ .Values.probe | toJson | quote }}
  labels: {{ .Values.labels | toJson | quote }}
""",
}
VALUES = """
    values:
      probe: null
      labels: {team: null, owner: shop}
"""
WITHOUT_DEFAULTS = {"probe": "null", "labels": '{"owner":"shop"}'}


@pytest.fixture
def shop(repository: Repository) -> Repository:
    for path, content in CHART.items():
        repository.write(f"charts/shop/{path}", content)
    return repository


def add(repository: Repository, source: str) -> None:
    with repository.path("values/prod.yaml").open("a") as file:
        file.write(f"addons:\n  shop:\n    namespace: shop\n    {source}{VALUES}")


def helm_source(repository: Repository, name: str) -> Object:
    file = repository.path(f"argocd/prod/apps/{name}.yaml")
    source: Object = yaml.parse(file.read_bytes(), str(file)).value["spec"]["source"]["helm"]
    return source


def settings(text: str) -> Object:
    [item] = [item for item in yaml.documents(text.encode()) if item]
    data: Object = item["data"]
    return data


def test_a_chart_of_the_repository_loses_its_defaults(shop: Repository) -> None:
    add(shop, "path: charts/shop")
    shop.render("prod")
    text = shop.read("rendered/prod/manifests/shop/shop/configmap-settings.yaml")
    assert settings(text) == WITHOUT_DEFAULTS


def test_a_chart_that_argo_cd_downloads_gets_the_nulls_as_text(
    shop: Repository, tmp_path: Path
) -> None:
    """The API server removes nulls of `valuesObject`. Argo CD passes `values` to Helm as a file."""
    add(
        shop,
        "repository: https://charts.example.com\n    chart: shop\n    version: 1.0.0",
    )
    shop.render("prod")
    helm = helm_source(shop, "shop")
    assert helm.keys() == {"releaseName", "values"}
    values = tmp_path / "values.yaml"
    values.write_text(helm["values"])
    command = [shop.helm, "template", "shop", shop.path("charts/shop"), "--values", values]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert settings(done.stdout) == WITHOUT_DEFAULTS


def test_an_add_on_of_gitops_gen_gets_the_null(repository: Repository) -> None:
    setting = "addons.kube-prometheus-stack.values.grafana.livenessProbe=null"
    repository.run("set", "prod", setting)
    repository.render("prod")
    text = helm_source(repository, "kube-prometheus-stack")["values"]
    grafana = yaml.parse(text.encode(), "values").value["grafana"]
    assert grafana["livenessProbe"] is None


def test_a_null_for_a_value_of_gitops_gen_restores_the_default_of_the_chart(
    repository: Repository,
) -> None:
    name = "aws-load-balancer-controller"
    before = helm_source_after(repository, name)
    assert before["valuesObject"]["defaultTargetType"] == "ip"
    repository.run("set", "prod", f"addons.{name}.values.defaultTargetType=null")
    assert "defaultTargetType" not in helm_source_after(repository, name)["valuesObject"]


def helm_source_after(repository: Repository, name: str) -> Object:
    repository.render("prod")
    return helm_source(repository, name)
