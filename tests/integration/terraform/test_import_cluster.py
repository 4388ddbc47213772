"""Terraform's facts come in: at first, again, wrong ones, and against what was typed by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.integration.render.test_new_component import with_component
from tests.integration.terraform.conftest import give
from tests.repository import Repository

LAYER = "values/clusters/dev.json"


def test_the_first_import_makes_an_environment_valid(
    fresh: Repository, facts: dict[str, Any]
) -> None:
    assert fresh.run("check").returncode == 2
    done = give(fresh, facts)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{LAYER}: cluster.region: null -> 'eu-west-1'\n" in done.stdout
    assert f"{LAYER}: ingress.securityGroups: null -> ['acme-dev-alb']\n" in done.stdout
    assert fresh.run("check").stdout == "dev: valid\n"


def test_from_a_file_with_all_outputs(fresh: Repository, facts: dict[str, Any]) -> None:
    outputs = {"gitops": {"sensitive": False, "type": ["object", {}], "value": facts}}
    fresh.write("outputs.json", json.dumps(outputs))
    assert fresh.run("import-cluster", "dev", "outputs.json").returncode == 0
    assert fresh.run("check").stdout == "dev: valid\n"


def test_again_is_no_change_and_no_write(imported: Repository, facts: dict[str, Any]) -> None:
    before = imported.look("values")
    done = give(imported, facts)
    assert (done.returncode, done.stdout) == (0, f"{LAYER}: no change\n")
    assert imported.look("values") == before


def test_changes_are_shown_old_and_new(imported: Repository, facts: dict[str, Any]) -> None:
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab"
    facts |= {"kubernetesVersion": "1.36", "certificateArn": arn, "addons": ["coredns"]}
    del facts["podPorts"]
    lines = give(imported, facts).stdout.splitlines()
    assert [line.removeprefix(f"{LAYER}: ") for line in lines] == [
        "cluster.eksAddons: ['amazon-cloudwatch-observability', 'aws-ebs-csi-driver', 'coredns', "
        "'eks-node-monitoring-agent', 'metrics-server'] -> ['coredns']",
        "cluster.kubernetesVersion: '1.35' -> '1.36'",
        "cluster.podPorts.from: 1024 -> null",
        "cluster.podPorts.to: 10247 -> null",
        f"ingress.certificateArn: null -> '{arn[:57]}…'",
    ]


def test_the_file_is_sorted_and_ends_in_a_line(imported: Repository) -> None:
    text = imported.read(LAYER)
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


# Refused, and nothing written


def test_what_a_render_would_refuse(fresh: Repository, facts: dict[str, Any]) -> None:
    with fresh.path("values/dev.yaml").open("a") as file:
        file.write("\naddons: {shop: {path: charts/shop, namespace: shop}}\n")
    done = give(fresh, facts)
    assert done.returncode == 2
    assert "addons.shop.path: 'charts/shop' is no chart" in done.stderr
    assert not fresh.path(LAYER).exists()


@pytest.mark.parametrize(
    ("fact", "value", "message"),
    [
        ("accountId", "444455556666", "stdin:3:16: accountId: '444455556666' is not this"),
        ("region", "eu-west-2", "stdin:4:13: region: 'eu-west-2' is not this environment's"),
        ("clusterName", "acme-prod", "stdin:5:18: clusterName: 'acme-prod' is not this"),
    ],
)
def test_another_cluster_than_before(
    fact: str, value: str, message: str, imported: Repository, facts: dict[str, Any]
) -> None:
    before = imported.files("values")
    facts[fact] = value
    facts["vpc"]["zones"] = [f"{facts['region']}a", f"{facts['region']}b"]
    done = give(imported, facts)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert f"({LAYER}:" in done.stderr
    assert imported.files("values") == before


@pytest.mark.parametrize("file", ["values/base.yaml", "values/dev.yaml"])
@pytest.mark.parametrize(
    ("key", "typed"), [("name", "acme-prod"), ("region", "eu-west-2"), ("accountId", "'0'")]
)
def test_another_cluster_than_the_one_typed(
    file: str, key: str, typed: str, fresh: Repository, facts: dict[str, Any]
) -> None:
    fresh.write(file, f"cluster:\n  {key}: {typed}\n{fresh.read(file)}")
    before = fresh.files("values")
    done = give(fresh, facts)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{file}:2:{5 + len(key)}: cluster.{key}: Terraform says '")
    assert fresh.files("values") == before


def test_an_environment_that_would_not_be_valid(fresh: Repository, facts: dict[str, Any]) -> None:
    fresh.edit("values/base.yaml", "port: 8080", "port: 18080")
    before = fresh.files("values")
    done = give(fresh, facts)
    assert done.returncode == 2
    assert done.stderr.startswith("values/base.yaml:11:11: tiers.frontend.port: 18080 is none of")
    assert fresh.files("values") == before


@pytest.mark.parametrize("name", ["stage", "..", "base"])
def test_an_environment_that_is_not_there(
    name: str, fresh: Repository, facts: dict[str, Any]
) -> None:
    fresh.write("facts.json", json.dumps(facts))
    done = fresh.run("import-cluster", name, "facts.json")
    assert done.returncode == 2
    assert not fresh.path("values/clusters").exists()


def test_a_file_that_is_not_there(fresh: Repository) -> None:
    done = fresh.run("import-cluster", "dev", "nowhere.json")
    assert done.returncode == 2
    assert "nowhere.json" in done.stderr


@pytest.mark.parametrize(
    "text", ['{"db_password": "hunter2zz"}', '"hunter2zz"', "db_password=hunter2zz", "x\nhunter2zz"]
)
def test_what_terraform_printed_in_place_of_a_file(text: str, fresh: Repository) -> None:
    done = fresh.run("import-cluster", "dev", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no file's name; pipe it, or name a file that holds it" in done.stderr
    assert "hunter2zz" not in done.stderr


def test_what_terraform_printed_is_no_json(fresh: Repository) -> None:
    done = give(fresh, "")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("stdin:1:1: holds nothing; give what `terraform output")


def test_no_link_leads_elsewhere(fresh: Repository, facts: dict[str, Any]) -> None:
    elsewhere = fresh.root.parent / "elsewhere"
    elsewhere.mkdir()
    fresh.path("values/clusters").symlink_to(elsewhere)
    done = give(fresh, facts)
    assert done.returncode == 2
    assert done.stderr == ("values/clusters:1:1: must be a folder, and no link; remove it\n")
    assert list(elsewhere.iterdir()) == []


def test_a_role_that_external_secrets_would_need(fresh: Repository, facts: dict[str, Any]) -> None:
    text = fresh.read("values/dev.yaml")
    fresh.write("values/dev.yaml", f"{text}addons:\n  external-secrets:\n    enabled: true\n")
    done = give(fresh, facts)
    assert done.returncode == 0
    expected = "is on, but Terraform makes no AWS role for it; add it to addon_roles"
    assert f"warning: addons.external-secrets.enabled: {expected}" in done.stderr
    facts["addonRoles"].append("external-secrets")
    assert give(fresh, facts).stderr == ""


def test_terraform_of_an_earlier_version_tells_of_one_role(
    fresh: Repository, facts: dict[str, Any]
) -> None:
    text = fresh.read("values/dev.yaml")
    fresh.write("values/dev.yaml", f"{text}addons:\n  external-secrets:\n    enabled: true\n")
    del facts["addonRoles"]
    assert "addon_roles" in give(fresh, facts).stderr
    facts["externalSecrets"] = True
    assert give(fresh, facts).stderr == ""


def test_the_role_of_an_add_on_that_is_one_folder_more(
    tmp_path: Path, helm: str, facts: dict[str, Any]
) -> None:
    repository = with_component("acme_scaler", tmp_path, helm)
    shutil.rmtree(repository.path("values/clusters"))
    expected = "addons.acme-scaler.enabled: is on, but Terraform makes no AWS role for it"
    assert expected in give(repository, facts).stderr
    facts["addonRoles"].append("acme-scaler")
    assert expected not in give(repository, facts).stderr


# Typed by hand over it


def test_a_contradiction_is_found_at_its_line(imported: Repository) -> None:
    text = imported.read("values/dev.yaml")
    imported.write("values/dev.yaml", f"{text}cluster:\n  vpc:\n    id: vpc-0f9e8d7c6b5a40312\n")
    line = len(text.splitlines()) + 3
    done = imported.run("check")
    assert done.returncode == 2
    assert done.stdout.startswith(
        f"values/dev.yaml:{line}:9: cluster.vpc.id: Terraform says 'vpc-0123456789abcdef0' "
        "(values/clusters/dev.json:40:13); remove this line, or change it in Terraform"
    )


def test_taking_a_fact_away_is_a_contradiction(imported: Repository) -> None:
    text = imported.read("values/base.yaml")
    imported.write("values/base.yaml", f"ingress:\n  securityGroups: null\n{text}")
    assert "values/base.yaml:2:19: ingress.securityGroups: Terraform says ['acme-dev-alb']" in (
        imported.run("check").stdout
    )


def test_the_same_typed_twice_is_none(imported: Repository) -> None:
    text = imported.read("values/dev.yaml")
    same = "cluster: {name: acme-dev}\ningress: {securityGroups: [acme-dev-alb], groupName: web}\n"
    imported.write("values/dev.yaml", text + same)
    assert imported.run("check").stdout == "dev: valid\n"


@pytest.mark.parametrize("groups", ["[acme-dev-alb, office]", "[\n    acme-dev-alb,\n    office]"])
def test_the_last_line_of_a_value_may_say_that_it_is_meant(
    groups: str, imported: Repository
) -> None:
    text = imported.read("values/dev.yaml")
    line = f"ingress:\n  securityGroups: {groups}  # allow: handed-over By hand.\n"
    imported.write("values/dev.yaml", text + line)
    assert imported.run("check").stdout == "dev: valid\n1 finding is excused: handed-over\n"
