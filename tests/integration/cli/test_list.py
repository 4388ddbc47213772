"""`gitops-gen list`: environments with their groups and components, from the values alone."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from gitops_gen.report.listing.json_format import SCHEMA
from tests.repository import Repository


def listed(repository: Repository, *names: str, code: int = 0) -> list[dict[str, Any]]:
    done = repository.run("list", *names, "--format", "json", GITOPS_GEN_HELM="/nowhere/helm")
    assert done.returncode == code, done.stderr
    document = json.loads(done.stdout)
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    assert [error.message for error in validator.iter_errors(document)] == []
    environments: list[dict[str, Any]] = document["environments"]
    return environments


def test_components_as_in_the_applications(rendered: Repository) -> None:
    """Waves and chart versions are those of the rendered Applications."""
    [prod] = listed(rendered, "prod")
    for component in prod["components"]:
        application = rendered.application("prod", component["name"])
        assert component["wave"] == rendered.wave("prod", component["name"])
        assert component["namespace"] == application["spec"]["destination"]["namespace"]
        source = application["spec"]["source"]
        if (chart := component["chart"]) is not None:
            assert (chart["name"], chart["version"]) == (source["chart"], source["targetRevision"])
    assert [one["wave"] for one in prod["components"]] == sorted(
        one["wave"] for one in prod["components"]
    )


def test_images_as_in_the_manifests(rendered: Repository) -> None:
    for environment in listed(rendered):
        found = {image for one in environment["components"] for image in one["images"]}
        manifests = rendered.manifests(environment["name"])
        workloads = [*manifests.all("Deployment"), *manifests.all("StatefulSet")]
        pods = [item["spec"]["template"]["spec"] for item in workloads]
        assert found == {container["image"] for pod in pods for container in pod["containers"]}


def test_a_table(repository: Repository) -> None:
    repository.write("values/groups/eu.yaml", "tiers: {backend: {env: {REGION: eu}}}\n")
    repository.write("values/prod.yaml", f"groups: [eu]\n{repository.read('values/prod.yaml')}")
    repository.write("charts/zoo/Chart.yaml", "apiVersion: v2\nname: zoo\nversion: 1.0.0\n")
    with repository.path("values/prod.yaml").open("a") as file:
        file.write("addons: {zoo: {path: charts/zoo, namespace: zoo}}\n")
    lines = repository.run("list", "prod").stdout.splitlines()
    assert [line.split() for line in lines[:2]] == [
        ["ENVIRONMENT", "GROUPS", "CLUSTER", "REGION", "COMPONENTS"],
        ["prod", "eu", "acme-prod", "ap-northeast-2", "10"],
    ]
    rows = {line.split()[1]: line.split() for line in lines[5:]}
    assert rows["backend"] == ["20", "backend", "app", "ghcr.io/acme/backend:2.0.1"]
    assert rows["zoo"][2:] == ["zoo", "charts/zoo"]
    assert rows["cert-manager"][2:5] == ["cert-manager", "cert-manager", "v1.21.1"]


def test_an_invalid_environment_is_listed_with_its_errors(repository: Repository) -> None:
    repository.write("values/dev.yaml", "groups: [eu]\ntires: {}\n")
    done = repository.run("list")
    assert done.returncode == 2
    row = done.stdout.splitlines()[1]
    assert row.split() == ["dev", "eu", "-", "-", "not", "known:", "1", "error"]
    assert "values/dev.yaml:1:10: groups[0]: 'eu' is not a group" in done.stderr
    dev, prod = listed(repository, code=2)
    assert [(one["rule"], one["line"]) for one in dev["errors"]] == [("group", 1)]
    assert (dev["components"], len(prod["components"]), prod["errors"]) == ([], 9, [])


def test_an_environment_that_does_not_exist(repository: Repository) -> None:
    done = repository.run("list", "prd")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'prod'?" in done.stderr


def test_components_that_contradict_each_other(repository: Repository) -> None:
    repository.edit("values/dev.yaml", "tiers:", "addons: {cert-manager: {enabled: false}}\ntiers:")
    dev, _prod = listed(repository, code=2)
    assert [one["rule"] for one in dev["errors"]] == ["requirement"]
