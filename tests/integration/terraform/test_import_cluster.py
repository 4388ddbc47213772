"""The command `import-cluster`: first and repeated imports, wrong facts, and manual values."""

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
    assert fresh.run("check").stdout.startswith("dev: valid\n")


def test_import_from_a_file_with_all_outputs(fresh: Repository, facts: dict[str, Any]) -> None:
    outputs = {"gitops": {"sensitive": False, "type": ["object", {}], "value": facts}}
    fresh.write("outputs.json", json.dumps(outputs))
    assert fresh.run("import-cluster", "dev", "outputs.json").returncode == 0
    assert fresh.run("check").stdout.startswith("dev: valid\n")


def test_a_second_import_writes_nothing(imported: Repository, facts: dict[str, Any]) -> None:
    before = imported.look("values")
    done = give(imported, facts)
    assert (done.returncode, done.stdout) == (0, f"{LAYER}: no change\n")
    assert imported.look("values") == before


def test_changes_are_printed_with_old_and_new_values(
    imported: Repository, facts: dict[str, Any]
) -> None:
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


def test_the_file_is_sorted_and_ends_with_a_newline(imported: Repository) -> None:
    text = imported.read(LAYER)
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


# Imports that are refused and write nothing


def test_an_environment_that_a_render_would_refuse(
    fresh: Repository, facts: dict[str, Any]
) -> None:
    with fresh.path("values/dev.yaml").open("a") as file:
        file.write("\naddons: {shop: {path: charts/shop, namespace: shop}}\n")
    done = give(fresh, facts)
    assert done.returncode == 2
    assert "addons.shop.path: 'charts/shop' is not a chart" in done.stderr
    assert not fresh.path(LAYER).exists()


@pytest.mark.parametrize(
    ("fact", "value", "message"),
    [
        (
            "accountId",
            "444455556666",
            "stdin:3:16: accountId: '444455556666' is not the accountId of this",
        ),
        (
            "region",
            "eu-west-2",
            "stdin:4:13: region: 'eu-west-2' is not the region of this environment",
        ),
        (
            "clusterName",
            "acme-prod",
            "stdin:5:18: clusterName: 'acme-prod' is not the clusterName of this",
        ),
    ],
)
def test_another_cluster_than_in_the_previous_import(
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
def test_another_cluster_than_in_the_values(
    file: str, key: str, typed: str, fresh: Repository, facts: dict[str, Any]
) -> None:
    fresh.write(file, f"cluster:\n  {key}: {typed}\n{fresh.read(file)}")
    before = fresh.files("values")
    done = give(fresh, facts)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{file}:2:{5 + len(key)}: cluster.{key}: differs from ")
    assert fresh.files("values") == before


def test_an_environment_that_would_not_be_valid(fresh: Repository, facts: dict[str, Any]) -> None:
    fresh.edit("values/base.yaml", "port: 8080", "port: 18080")
    before = fresh.files("values")
    done = give(fresh, facts)
    assert done.returncode == 2
    expected = "values/base.yaml:11:11: tiers.frontend.port: port 18080 is not in"
    assert done.stderr.startswith(expected)
    assert fresh.files("values") == before


@pytest.mark.parametrize("name", ["stage", "..", "base"])
def test_a_missing_environment(name: str, fresh: Repository, facts: dict[str, Any]) -> None:
    fresh.write("facts.json", json.dumps(facts))
    done = fresh.run("import-cluster", name, "facts.json")
    assert done.returncode == 2
    assert not fresh.path("values/clusters").exists()


def test_a_missing_file(fresh: Repository) -> None:
    done = fresh.run("import-cluster", "dev", "nowhere.json")
    assert done.returncode == 2
    assert "nowhere.json" in done.stderr


@pytest.mark.parametrize(
    "text", ['{"db_password": "hunter2zz"}', '"hunter2zz"', "db_password=hunter2zz", "x\nhunter2zz"]
)
def test_output_of_terraform_as_file_name(text: str, fresh: Repository) -> None:
    done = fresh.run("import-cluster", "dev", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not the name of a file; pipe the output, or name a file" in done.stderr
    assert "hunter2zz" not in done.stderr


def test_output_that_is_not_json(fresh: Repository) -> None:
    done = give(fresh, "")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("stdin:1:1: is empty; pass the output of `terraform output")


def test_links_are_not_followed(fresh: Repository, facts: dict[str, Any]) -> None:
    elsewhere = fresh.root.parent / "elsewhere"
    elsewhere.mkdir()
    fresh.path("values/clusters").symlink_to(elsewhere)
    done = give(fresh, facts)
    assert done.returncode == 2
    assert done.stderr.startswith("values/clusters:1:1: must be a folder and not a link; remove it")
    assert list(elsewhere.iterdir()) == []


def test_a_role_that_external_secrets_would_need(fresh: Repository, facts: dict[str, Any]) -> None:
    text = fresh.read("values/dev.yaml")
    fresh.write("values/dev.yaml", f"{text}addons:\n  external-secrets:\n    enabled: true\n")
    done = give(fresh, facts)
    assert done.returncode == 0
    expected = "is enabled, but Terraform creates no IAM role for it; add it to addon_roles"
    assert f"warning: addons.external-secrets.enabled: {expected}" in done.stderr
    facts["addonRoles"].append("external-secrets")
    assert give(fresh, facts).stderr == ""


def test_earlier_versions_of_terraform_have_one_role(
    fresh: Repository, facts: dict[str, Any]
) -> None:
    text = fresh.read("values/dev.yaml")
    fresh.write("values/dev.yaml", f"{text}addons:\n  external-secrets:\n    enabled: true\n")
    del facts["addonRoles"]
    assert "addon_roles" in give(fresh, facts).stderr
    facts["externalSecrets"] = True
    assert give(fresh, facts).stderr == ""


def test_the_role_of_a_new_add_on(tmp_path: Path, helm: str, facts: dict[str, Any]) -> None:
    repository = with_component("acme_scaler", tmp_path, helm)
    shutil.rmtree(repository.path("values/clusters"))
    expected = "addons.acme-scaler.enabled: is enabled, but Terraform creates no IAM role for it"
    assert expected in give(repository, facts).stderr
    facts["addonRoles"].append("acme-scaler")
    assert expected not in give(repository, facts).stderr


# Values by hand that differ from the imported facts


def test_a_contradiction_is_reported_at_its_line(imported: Repository) -> None:
    text = imported.read("values/dev.yaml")
    imported.write("values/dev.yaml", f"{text}cluster:\n  vpc:\n    id: vpc-0f9e8d7c6b5a40312\n")
    line = len(text.splitlines()) + 3
    done = imported.run("check")
    assert done.returncode == 2
    assert done.stdout.startswith(
        f"values/dev.yaml:{line}:9: cluster.vpc.id: differs from the value imported from "
        "Terraform, 'vpc-0123456789abcdef0' (values/clusters/dev.json:44:13); remove this line"
    )


def test_removing_a_fact_is_a_contradiction(imported: Repository) -> None:
    text = imported.read("values/base.yaml")
    imported.write("values/base.yaml", f"ingress:\n  securityGroups: null\n{text}")
    assert "values/base.yaml:2:19: ingress.securityGroups: differs from the value" in (
        imported.run("check").stdout
    )


def test_the_same_value_in_both_layers_is_no_contradiction(imported: Repository) -> None:
    text = imported.read("values/dev.yaml")
    same = "cluster: {name: acme-dev}\ningress: {securityGroups: [acme-dev-alb], groupName: web}\n"
    imported.write("values/dev.yaml", text + same)
    assert imported.run("check").stdout.startswith("dev: valid\n")


@pytest.mark.parametrize("groups", ["[acme-dev-alb, office]", "[\n    acme-dev-alb,\n    office]"])
def test_the_last_line_of_a_value_may_have_an_excuse(groups: str, imported: Repository) -> None:
    text = imported.read("values/dev.yaml")
    line = f"ingress:\n  securityGroups: {groups}  # allow: handed-over By hand.\n"
    imported.write("values/dev.yaml", text + line)
    summary = "dev: valid\n1 finding is excused: handed-over\n"
    assert imported.run("check").stdout.startswith(summary)


def test_the_dangers_of_new_facts_are_printed(imported: Repository, facts: dict[str, Any]) -> None:
    imported.render()
    imported.write(".gitignore", ".gitops-gen/\n")
    imported.git("init", "--quiet")
    imported.commit("Start")
    facts["vpc"]["publicSubnetCidrs"][0] = "10.0.64.0/20"
    lines = give(imported, facts).stderr.splitlines()
    expected = "dev: access: NetworkPolicy app/backend: the policy allows other ingress traffic"
    assert any(line.startswith(expected) for line in lines), lines
    assert lines[-1] == "`gitops-gen diff dev --base HEAD` shows these changes, and what to do"
    assert give(imported, facts).stderr == ""
