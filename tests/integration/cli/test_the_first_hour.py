"""The steps of docs/first-steps.md and docs/terraform.md, without a wrong turn.

No step prints a finding, except for those that a page announces.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.replaced import replace_placeholders
from tests.repository import ROOT, Repository

FACTS: dict[str, Any] = json.loads((ROOT / "tests/terraform/gitops.example.json").read_text())
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab"
WORKER = """
  worker:
    image:
      repository: ghcr.io/acme/shop-worker
      # renovate: image=ghcr.io/acme/shop-worker
      tag: 1.0.0
    command: [./work]
"""


@pytest.fixture
def shop(tmp_path: Path, helm: str) -> Repository:
    """A clone in which `init` ran."""
    root = tmp_path / "shop"
    root.mkdir()
    repository = Repository(root, helm)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.git("remote", "add", "origin", "https://github.com/acme/shop.git")
    quiet(repository, "init")
    return repository


def quiet(shop: Repository, *arguments: str) -> str:
    """Runs a command, which must succeed without a finding."""
    done = shop.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[" not in done.stderr, done.stderr
    return done.stdout


def import_facts(shop: Repository, name: str, **facts: Any) -> None:
    shop.write("outputs.json", json.dumps({**FACTS, **facts}))
    quiet(shop, "import-cluster", name, "outputs.json")


def test_from_init_to_a_second_environment(shop: Repository) -> None:
    quiet(shop, "render")
    import_facts(shop, "dev")
    replace_placeholders(shop)
    quiet(shop, "check")
    # A third tier.
    shop.edit("values/base.yaml", "    database: postgres\n", f"    database: postgres{WORKER}")
    quiet(shop, "set", "dev", "tiers.worker.image.tag=1.0.1")
    # TLS, with a certificate that Terraform knows.
    import_facts(shop, "dev", certificateArn=CERTIFICATE)
    quiet(shop, "set", "dev", "ingress.hosts=[shop.example.com]")
    # The database of this environment is in RDS. The shared values are for the other ones.
    quiet(shop, "set", "dev", "postgres.external.host=shop.abc.eu-west-1.rds.amazonaws.com")
    quiet(shop, "check")
    quiet(shop, "terraform-vars", "dev", "--out", "terraform/bootstrap/dev.tfvars.json")
    # Another environment, with a cluster that Terraform created.
    shop.write("values/prod.yaml", shop.read("values/dev.yaml"))
    import_facts(shop, "prod", clusterName="acme-prod")
    quiet(shop, "render")
    quiet(shop, "check")
    # A release goes from dev to prod. The comments that Renovate reads stay.
    quiet(shop, "set", "dev", "tiers.backend.image.tag=1.1.0")
    quiet(shop, "promote", "--from", "dev", "--to", "prod")
    comment = "# renovate: image=ghcr.io/acme/shop-backend\n"
    assert f'{comment}      tag: "1.1.0"' in shop.read("values/prod.yaml")
    quiet(shop, "render")
    quiet(shop, "check")
    quiet(shop, "render", "--check")


def test_an_environment_without_a_cluster(shop: Repository) -> None:
    shop.write("values/prod.yaml", shop.read("values/dev.yaml"))
    done = shop.run("render", "prod")
    assert done.returncode == 2
    assert done.stderr == (
        "values/prod.yaml:1:1: cluster: is required: the EKS cluster, whose facts "
        "`gitops-gen import-cluster` writes to values/clusters/ from Terraform's outputs [schema]\n"
    )


def test_a_copied_cluster(shop: Repository) -> None:
    shop.write("values/prod.yaml", shop.read("values/dev.yaml"))
    shop.write("values/clusters/prod.json", shop.read("values/clusters/dev.json"))
    done = shop.run("render")
    assert done.returncode == 2
    assert "give each environment its own cluster [shared-cluster]" in done.stderr


def test_shared_settings_of_the_database_are_not_reported(shop: Repository) -> None:
    """They have an effect in the environments whose database is in the cluster."""
    quiet(shop, "set", "dev", "postgres.external.host=shop.abc.eu-west-1.rds.amazonaws.com")
    quiet(shop, "set", "dev", "postgres.external.cidrs=[10.0.0.0/16]")
    own = shop.run("set", "dev", "postgres.storage.size=20Gi")
    assert "values/dev.yaml" in own.stderr
    assert "[postgres-external-settings]" in own.stderr
