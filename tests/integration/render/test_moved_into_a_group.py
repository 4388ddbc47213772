"""Moving values from the files of environments into a group changes no byte of the output."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository import Repository

MEMBERS = tuple(f"shop-{number}" for number in range(50))
BASE = """\
generator: "0.1"
repository: {url: https://github.com/acme/platform.git, revision: main}
addons: {aws-load-balancer-controller: {enabled: false}, kube-prometheus-stack: {enabled: false}}
postgres: {enabled: false}
tiers:
  web: {image: {repository: ghcr.io/acme/web}, port: 8080}
"""
OWN = """\
cluster:
  name: acme-NAME
  region: eu-west-1
  kubernetesVersion: "1.35"
  vpc: {id: vpc-0a1b2c3d4e5f60718}
tiers:
  web:
    env: {CUSTOMER: NAME}
"""
MOVED = """\
    image: {tag: 1.4.2}
    replicas: 3
    resources: {requests: {cpu: 200m}}
"""


@pytest.fixture
def shops(tmp_path: Path, helm: str) -> Repository:
    """Fifty environments that all contain the same values for the image and the size of a tier."""
    repository = Repository(tmp_path / "repository", helm)
    repository.write("values/base.yaml", BASE)
    for name in MEMBERS:
        repository.write(f"values/{name}.yaml", OWN.replace("NAME", name) + MOVED)
    repository.render()
    return repository


def test_the_output_stays_the_same(shops: Repository) -> None:
    before = shops.files("rendered", "argocd")
    shops.write("values/groups/customers.yaml", f"tiers:\n  web:\n{MOVED}")
    for name in MEMBERS:
        text = shops.read(f"values/{name}.yaml").removesuffix(MOVED)
        shops.write(f"values/{name}.yaml", f"groups: [customers]\n{text}")
    assert "up to date" in shops.render("--check")
    shops.render()
    assert shops.files("rendered", "argocd") == before
