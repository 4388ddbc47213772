"""A chart of the user's own under the name of an add-on that others need: it provides the same."""

from __future__ import annotations

import pytest

from tests.repository import Repository

OWN_CHART = """\
addons:
  {name}:
    path: charts/{name}
    namespace: {namespace}
    namespaces: [{namespace}]
"""
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n  namespace: {namespace}\n"
EXTERNAL_SECRET = """\
postgres:
  credentials: {existingSecret: null, externalSecret: {key: acme/prod/postgres}}
"""


def with_own_chart(
    repository: Repository, name: str, namespace: str, file: str = "values/prod.yaml"
) -> None:
    chart = f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n"
    repository.write(f"charts/{name}/Chart.yaml", chart)
    manifest = CONFIG_MAP.format(namespace=namespace)
    repository.write(f"charts/{name}/templates/own.yaml", manifest)
    own = OWN_CHART.format(name=name, namespace=namespace)
    repository.write(file, repository.read(file) + own)


def test_own_cert_manager_comes_before_what_needs_it(repository: Repository) -> None:
    with_own_chart(repository, "cert-manager", "cert-manager")
    said = repository.render("prod")
    assert "it has to provide what others need of the add-on: crds:cert-manager.io" in said
    own = repository.wave("prod", "cert-manager")
    assert own < repository.wave("prod", "aws-load-balancer-controller")
    assert own < repository.wave("prod", "kube-prometheus-stack")


def test_own_load_balancer_controller_serves_the_ingress(repository: Repository) -> None:
    with_own_chart(repository, "aws-load-balancer-controller", "load-balancing")
    said = repository.render("prod")
    assert "no load balancer is made" not in said
    own = repository.wave("prod", "aws-load-balancer-controller")
    assert own < repository.wave("prod", "ingress")


def test_own_load_balancer_controller_deletes_the_load_balancer_in_the_end(
    repository: Repository,
) -> None:
    ours = repository.run("teardown", "prod").stdout
    assert "elbv2.k8s.aws/cluster" in ours
    with_own_chart(repository, "aws-load-balancer-controller", "load-balancing")
    assert "elbv2.k8s.aws/cluster" in repository.run("teardown", "prod").stdout


def test_own_load_balancer_controller_that_is_off_is_missed(repository: Repository) -> None:
    with_own_chart(repository, "aws-load-balancer-controller", "load-balancing")
    repository.edit("values/prod.yaml", "    path: charts", "    enabled: false\n    path: charts")
    expected = "addons.aws-load-balancer-controller.enabled: is off, so no load balancer is made"
    assert expected in repository.run("check", "prod").stdout


def test_own_external_secrets_brings_the_store(repository: Repository) -> None:
    with_own_chart(repository, "external-secrets", "secrets")
    repository.write("values/prod.yaml", repository.read("values/prod.yaml") + EXTERNAL_SECRET)
    said = repository.render("prod")
    assert "crds:external-secrets.io, secretstore:aws-secrets-manager; " in said
    assert repository.wave("prod", "external-secrets") < repository.wave("prod", "postgres")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "addons: {cert-manager: {enabled: false}}\n",
            "values/prod.yaml:{line}:34: addons.cert-manager.enabled: false, but "
            "aws-load-balancer-controller and kube-prometheus-stack need its crds:cert-manager.io "
            "and webhook:cert-manager; switch it on, or these off",
        ),
        (
            "addons: {cert-manager: null}\n",
            "values/prod.yaml:{line}:24: addons.cert-manager: null removes a chart of your own, "
            "but aws-load-balancer-controller and kube-prometheus-stack need its "
            "crds:cert-manager.io and webhook:cert-manager; remove this line, or switch these off",
        ),
    ],
    ids=["switched-off", "removed"],
)
def test_own_cert_manager_that_one_environment_lacks(
    repository: Repository, line: str, expected: str
) -> None:
    with_own_chart(repository, "cert-manager", "cert-manager", "values/base.yaml")
    values = repository.read("values/prod.yaml")
    repository.write("values/prod.yaml", values + line)
    done = repository.run("check", "prod")
    assert done.returncode == 2
    assert expected.format(line=values.count("\n") + 1) in done.stdout
