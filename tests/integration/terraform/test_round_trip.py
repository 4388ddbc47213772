"""From Terraform to the rendered files: each fact is used, and changes only its own files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.integration.terraform.conftest import FACTS, give, without_clusters
from tests.repository import Repository, example

LAYER = "values/clusters/dev.json"
UMBRELLA = {f"rendered/dev/umbrella/{name}.yaml" for name in ("Chart", "values")}
MANIFESTS = "rendered/dev/manifests"
CONTROLLER = "argocd/dev/apps/aws-load-balancer-controller.yaml"
INGRESS = f"{MANIFESTS}/ingress/app/ingress-ingress.yaml"
POLICIES = {f"{MANIFESTS}/{tier}/app/networkpolicy-{tier}.yaml" for tier in ("backend", "frontend")}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The example, imported, rendered and committed once; each test copies it."""
    repository = without_clusters(example(tmp_path_factory.mktemp("original"), helm))
    assert give(repository, deepcopy(FACTS)).returncode == 0
    repository.git("init", "--quiet")
    commit(repository)
    return repository


@pytest.fixture
def committed(original: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(original.root, tmp_path / "repository")
    return Repository(tmp_path / "repository", original.helm)


def commit(repository: Repository) -> None:
    repository.render()
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "rendered")


def changed(repository: Repository) -> set[str]:
    repository.render()
    return set(repository.git("diff", "--name-only").splitlines())


def test_each_fact_is_used(committed: Repository, facts: dict[str, Any]) -> None:
    controller = committed.application("dev", "aws-load-balancer-controller")
    values = controller["spec"]["source"]["helm"]["valuesObject"]
    assert (values["clusterName"], values["region"], values["vpcId"]) == (
        facts["clusterName"],
        facts["region"],
        facts["vpc"]["id"],
    )
    objects = committed.manifests("dev")
    annotations = objects.one("Ingress")["metadata"]["annotations"]
    assert annotations["alb.ingress.kubernetes.io/security-groups"] == facts["albSecurityGroup"]
    for tier in ("backend", "frontend"):
        rules = objects.one("NetworkPolicy", tier, "app")["spec"]["ingress"]
        blocks = [peer["ipBlock"]["cidr"] for peer in rules[0]["from"]]
        assert blocks == facts["vpc"]["publicSubnetCidrs"]


def to(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(facts: dict[str, Any]) -> None:
        *parents, key = path.split(".")
        for parent in parents:
            facts = facts[parent]
        facts[key] = value

    return change


@pytest.mark.parametrize(
    ("change", "files"),
    [
        (to("vpc.id", "vpc-0fedcba9876543210"), {CONTROLLER}),
        (to("albSecurityGroup", "another"), {*UMBRELLA, INGRESS}),
        (to("vpc.publicSubnetCidrs", ["10.0.192.0/22", "10.0.200.0/22"]), {*UMBRELLA, *POLICIES}),
        (to("vpc.privateSubnetCidrs", ["10.0.0.0/18", "10.0.128.0/18"]), set()),
        (to("podPorts", {"from": 8000, "to": 9000}), set()),
        (to("addons", ["aws-ebs-csi-driver"]), set()),
    ],
    ids=["vpc", "security-group", "public", "private", "ports", "add-ons"],
)
def test_a_changed_fact_changes_what_it_should_and_nothing_else(
    change: Callable[[dict[str, Any]], None],
    files: set[str],
    committed: Repository,
    facts: dict[str, Any],
) -> None:
    change(facts)
    assert give(committed, facts).returncode == 0
    assert changed(committed) == {LAYER, *files}


def test_an_environment_moves_to_another_cluster(
    committed: Repository, facts: dict[str, Any]
) -> None:
    facts |= {"clusterName": "acme-two", "region": "eu-west-2"}
    facts["vpc"]["zones"] = ["eu-west-2a", "eu-west-2b"]
    assert give(committed, facts).returncode == 2
    committed.path(LAYER).unlink()
    assert give(committed, facts).returncode == 0
    committed.render()
    values = committed.application("dev", "aws-load-balancer-controller")["spec"]["source"]["helm"]
    assert values["valuesObject"]["clusterName"] == "acme-two"
    assert values["valuesObject"]["region"] == "eu-west-2"
