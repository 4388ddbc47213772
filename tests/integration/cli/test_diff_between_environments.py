"""`gitops-gen diff --from dev --to prod`: why two environments differ."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gitops_gen.report.between_environments.json_format import SCHEMA
from tests.repository import APICHECK, WITHOUT_APICHECK, Repository


@pytest.fixture
def environments(rendered: Repository, tmp_path: Path) -> Repository:
    """The example, rendered. It needs no Git."""
    if APICHECK is None:
        pytest.skip(WITHOUT_APICHECK)
    root = tmp_path / "repository"
    shutil.copytree(rendered.root, root)
    return replace(rendered, root=root)


def document(repository: Repository) -> dict[str, Any]:
    done = repository.run("diff", "--from", "dev", "--to", "prod", "--format", "json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(found)
    return found


def lines(parts: list[dict[str, Any]]) -> list[str]:
    return [f"{part['object']['kind']}/{part['object']['name']} {part['field']}" for part in parts]


def test_each_difference_has_the_value_that_declares_it(environments: Repository) -> None:
    found = document(environments)
    declared = {one["value"]: one for one in found["declared"]}
    replicas = declared["tiers.frontend.replicas"]
    assert (replicas["before"]["value"], replicas["after"]["value"]) == (1, 3)
    assert replicas["after"]["file"] == "values/prod.yaml"
    assert lines(replicas["differences"]) == [
        "Deployment/frontend spec.replicas",
        "PodDisruptionBudget/frontend None",
    ]
    autoscaling = declared["tiers.backend.autoscaling"]
    assert not autoscaling["before"]["set"]
    assert "HorizontalPodAutoscaler/backend None" in lines(autoscaling["differences"])
    assert lines(found["declaredBySeveralValues"]) == ["PodDisruptionBudget/backend None"]
    assert "Application/root spec.source.path" not in lines(found["fromTheNames"])
    assert "Application/postgres spec.project" in lines(found["fromTheNames"])
    assert found["accidental"] == []


def test_a_tier_of_one_environment_is_declared_by_its_section(environments: Repository) -> None:
    image = "{repository: ghcr.io/acme/pay, tag: 1.0.0}"
    environments.run("set", "dev", f"tiers.pay={{port: 8080, image: {image}}}")
    environments.render()
    found = document(environments)
    [pay] = [one for one in found["declared"] if one["value"] == "tiers.pay"]
    assert {"Deployment/pay None", "Service/pay None"} <= set(lines(pay["differences"]))
    assert found["accidental"] == []


def test_a_tier_in_another_namespace_is_declared_by_its_namespace(environments: Repository) -> None:
    environments.run("set", "dev", "tiers.frontend.namespace=web")
    environments.render()
    found = document(environments)
    [namespace] = [one for one in found["declared"] if one["value"].endswith(".namespace")]
    assert lines(namespace["differences"]).count("Deployment/frontend None") == 2
    assert found["accidental"] == []


def test_a_manual_change_of_a_generated_file_is_accidental(environments: Repository) -> None:
    file = "rendered/prod/manifests/backend/app/service-backend.yaml"
    environments.edit(file, "type: ClusterIP", "type: NodePort")
    file = "rendered/dev/manifests/backend/app/configmap-backend-dashboard.yaml"
    environments.path(file).unlink()
    done = environments.run("diff", "--from", "dev", "--to", "prod")
    assert done.returncode == 0
    text, _, accidental = done.stdout.partition("\nAccidental: no value declares them:\n")
    assert "  + ConfigMap app/backend-dashboard" in accidental.splitlines()
    assert "  ~ Service app/backend: spec.type: ClusterIP -> NodePort" in accidental.splitlines()
    for name in ("dev", "prod"):
        assert f"the generated files of {name} are not known to be up to date" in text


def test_the_values_of_secrets_are_not_shown(environments: Repository) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
    for name in ("dev", "prod"):
        file = f"rendered/{name}/manifests/backend/app/configmap-backend-dashboard.yaml"
        text = environments.read(file)
        environments.write(file, f"{text}  token: {token if name == 'dev' else 'other'}\n")
    for form in ("text", "json"):
        done = environments.run("diff", "--from", "dev", "--to", "prod", "--format", form)
        assert "token" in done.stdout
        assert token not in done.stdout + done.stderr


def test_environments_without_generated_files_cannot_be_compared(environments: Repository) -> None:
    shutil.rmtree(environments.path("rendered/dev"))
    done = environments.run("diff", "--from", "dev", "--to", "prod")
    assert done.returncode == 2
    assert "rendered/dev:1:1: does not exist; run `gitops-gen render dev`" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "dev"), "--from and --to each name an environment"),
        (("--to", "dev"), "--from and --to each name an environment"),
        (("--from", "dev", "--to", "dev"), "is the environment of --from too"),
        (("--from", "dev", "--to", "prod", "--base", "HEAD"), "cannot be used with ENV, --base"),
        (("prod", "--from", "dev", "--to", "prod"), "cannot be used with ENV, --base"),
        (("--from", "dev", "--to", "prd"), "the environments here are: dev, prod"),
        (("--from", "../x", "--to", "prod"), "cannot be the name of an environment"),
    ],
)
def test_arguments_that_name_no_pair_are_refused(
    environments: Repository, arguments: tuple[str, ...], message: str
) -> None:
    done = environments.run("diff", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
