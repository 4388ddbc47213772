"""A version that brings a component whose name values have already: they stay valid, and what
they render to stays the same to the last byte.

new_component/ holds the components that such a version brings.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from tests.integration.render.test_new_component import with_component
from tests.repository import Repository, example

TIER = """\
  acme-cache:
    image: {repository: ghcr.io/acme/cache, tag: 1.0.0}
"""
UPSTREAM = """\
addons:
  acme-scaler:
    repository: https://charts.acme.example
    chart: acme-scaler
    version: 1.2.3
    namespace: scaling
    values: {replicas: 2}
"""
OF_THE_REPOSITORY = """\
addons:
  acme-scaler: {path: charts/acme-scaler, namespace: scaling}
"""
CHART = "apiVersion: v2\nname: acme-scaler\nversion: 1.0.0\n"
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: acme-scaler
  namespace: scaling
"""


def with_values(repository: Repository, more: str) -> Repository:
    repository.write("charts/acme-scaler/Chart.yaml", CHART)
    repository.write("charts/acme-scaler/templates/config.yaml", CONFIG_MAP)
    repository.write("values/prod.yaml", repository.read("values/prod.yaml") + more)
    return repository


@pytest.mark.parametrize(
    ("component", "values", "section"),
    [
        ("acme_cache", TIER, "tiers.acme-cache"),
        ("acme_cache", UPSTREAM.replace("acme-scaler", "acme-cache"), "addons.acme-cache"),
        ("acme_scaler", UPSTREAM, "addons.acme-scaler"),
        ("acme_scaler", OF_THE_REPOSITORY, "addons.acme-scaler"),
    ],
    ids=["tier", "chart-named-as-a-component", "upstream-chart", "chart-of-the-repository"],
)
def test_what_has_the_name_keeps_it(
    component: str, values: str, section: str, tmp_path: Path, helm: str
) -> None:
    before = with_values(example(tmp_path / "before", helm), values)
    before.render("prod")
    after = with_values(with_component(component, tmp_path, helm), values)
    output = after.render("prod")
    assert f"warning: {section}: " in output
    assert after.files("rendered", "argocd") == before.files("rendered", "argocd")


@pytest.mark.parametrize(
    "lower",
    [UPSTREAM, UPSTREAM.replace("    repository: https://charts.acme.example\n", "")],
    ids=["whole", "without-the-repository-that-another-layer-has"],
)
def test_a_chart_that_null_removes_stays_away(lower: str, tmp_path: Path, helm: str) -> None:
    before = with_removed_chart(example(tmp_path / "before", helm), lower)
    before.render("prod")
    after = with_removed_chart(with_component("acme_scaler", tmp_path, helm), lower)
    said = after.render("prod")
    assert "warning: addons.acme-scaler: null removes a chart of your own" in said
    assert after.files("rendered", "argocd") == before.files("rendered", "argocd")


def with_removed_chart(repository: Repository, lower: str) -> Repository:
    repository.write("values/base.yaml", repository.read("values/base.yaml") + lower)
    return with_values(repository, "addons: {acme-scaler: null}\n")


def test_a_null_that_removes_no_chart_is_still_refused(tmp_path: Path, helm: str) -> None:
    values = "addons: {acme-scaler: null}\n"
    repository = with_values(with_component("acme_scaler", tmp_path, helm), values)
    checked = repository.run("check", "prod")
    assert checked.returncode == 2
    assert "addons.acme-scaler: null switches nothing off" in checked.stdout


def test_the_warning_says_how_to_move(tmp_path: Path, helm: str) -> None:
    repository = with_values(with_component("acme_scaler", tmp_path, helm), UPSTREAM)
    checked = repository.run("check", "prod")
    assert checked.returncode == 0
    assert "to move to gitops-gen's, remove the keys that it does not have" in checked.stdout
    for line in (
        "repository: https://charts.acme.example",
        "chart: acme-scaler",
        "namespace: scaling",
    ):
        repository.edit("values/prod.yaml", f"    {line}\n", "")
    repository.render("prod")
    source = repository.application("prod", "acme-scaler")["spec"]["source"]
    assert (source["repoURL"], source["targetRevision"]) == (
        "https://charts.scaler.example",
        "1.2.3",
    )


def test_a_component_that_is_switched_off_leaves_its_name_without_a_word(
    tmp_path: Path, helm: str
) -> None:
    values = f"{TIER}acme-cache: {{enabled: false}}\n"
    repository = with_values(with_component("acme_cache", tmp_path, helm), values)
    checked = repository.run("check", "prod")
    assert (checked.returncode, "tiers.acme-cache" in checked.stdout) == (0, False)


def test_a_component_that_values_ask_for_is_not_given_up(tmp_path: Path, helm: str) -> None:
    values = f"{TIER}acme-cache: {{memory: 1Gi}}\n"
    repository = with_values(with_component("acme_cache", tmp_path, helm), values)
    checked = repository.run("check", "prod")
    assert checked.returncode == 2
    assert (
        "tiers.acme-cache: 'acme-cache' is the name of a component; give the tier another name"
        in (checked.stdout)
    )


def test_a_typo_in_a_chart_of_one_s_own_is_still_reported(tmp_path: Path, helm: str) -> None:
    values = UPSTREAM.replace("namespace:", "namspace:")
    repository = with_values(with_component("acme_scaler", tmp_path, helm), values)
    checked = repository.run("check", "prod")
    assert "addons.acme-scaler.namspace: unknown key; did you mean 'namespace'?" in checked.stdout


def test_set_knows_which_of_the_two_shapes_it_changes(tmp_path: Path, helm: str) -> None:
    repository = with_values(with_component("acme_scaler", tmp_path, helm), UPSTREAM)
    done = repository.run(
        "set", "prod", "addons.acme-scaler.namespace=elsewhere", "addons.acme-scaler.wave=7"
    )
    assert done.returncode == 0, done.stderr
    assert "    wave: 7\n" in repository.read("values/prod.yaml")


def test_the_editor_s_schema_has_both_shapes(tmp_path: Path, helm: str) -> None:
    repository = with_component("acme_scaler", tmp_path, helm)
    validator = Draft7Validator(json.loads(repository.run("schema", "--layer").stdout))
    own_chart = {
        "addons": {"acme-scaler": {"path": "charts/acme-scaler", "namespace": "scaling", "wave": 3}}
    }
    ours = {"addons": {"acme-scaler": {"version": "1.2.3", "values": {}}}}
    typo = {"addons": {"acme-scaler": {"verison": "1.2.3"}}}
    assert [validator.is_valid(one) for one in (own_chart, ours, typo)] == [True, True, False]
