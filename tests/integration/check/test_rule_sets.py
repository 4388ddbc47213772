"""Which rules a check applies, how serious their findings are, and which of them make it fail."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.repository import Repository, example

REFUSED = "tolerations: [{}]"
SERVICE = """\
apiVersion: v1
kind: Endpoints
metadata: {name: legacy}
"""
SHOP = "addons:\n  shop: {path: charts/shop, namespace: shop}\n"
PUBLIC = """\
addons:
  kube-prometheus-stack:
    values: {grafana: {ingress: {enabled: true}}}
"""
EXCUSE = """\
ignore:
  - {rule: api-deprecated, object: Endpoints shop/legacy, reason: It is replaced next month.}
"""


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """An environment dev with a chart that renders an object of a deprecated kind."""
    repository = example(tmp_path_factory.mktemp("shop"), helm)
    for file in ("values/prod.yaml", "values/clusters/prod.json"):
        repository.path(file).unlink()
    repository.write("charts/shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    repository.write("charts/shop/templates/legacy.yaml", SERVICE)
    add(repository, SHOP)
    return repository


def add(repository: Repository, text: str) -> None:
    repository.write("values/dev.yaml", repository.read("values/dev.yaml") + text)


def check(repository: Repository, *options: str) -> subprocess.CompletedProcess[str]:
    return repository.run("check", *options)


def found(repository: Repository, *options: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and the rule and the severity of each finding."""
    done = check(repository, *options, "--format", "json")
    findings = json.loads(done.stdout)["findings"]
    return done.returncode, [(one["rule"], one["severity"]) for one in findings]


WARNING = [("api-deprecated", "warning")]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--fail-on", "error"), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "note"), 1),
    ],
)
def test_fail_on_decides_which_severity_makes_a_check_fail(
    options: tuple[str, ...], code: int, shop: Repository
) -> None:
    assert found(shop, *options) == (code, WARNING)


@pytest.mark.parametrize(
    ("options", "findings"),
    [
        (("--select", "api"), WARNING),
        (("--select", "argocd,api-deprecated"), WARNING),
        (("--select", "argocd", "--select", "api-deprecated"), WARNING),
        (("--select", "argocd"), []),
        (("--ignore", "api-deprecated"), []),
        (("--ignore", "references"), WARNING),
        (("--select", "api", "--ignore", "api-deprecated"), []),
    ],
)
def test_only_the_selected_rules_are_applied(
    options: tuple[str, ...], findings: list[tuple[str, str]], shop: Repository
) -> None:
    assert found(shop, *options) == (0, findings)


def test_rules_that_are_not_applied_are_not_reported_as_held(shop: Repository) -> None:
    shop.edit("values/dev.yaml", "replicas: 1\n", f"{REFUSED}\n")
    done = check(shop, "--ignore", "api-refused,references")
    assert done.returncode == 0
    assert "dev: valid" not in done.stdout
    assert "not applied, as requested: references, api-refused" in done.stdout
    assert (
        "dev: not checked: 1 Deployment.apps: only rules that are not selected report a problem"
        in done.stdout
    )
    assert "hold the applied rules" in done.stdout


def test_without_the_rules_of_the_api_server_apicheck_is_not_needed(shop: Repository) -> None:
    done = shop.run("check", "--ignore", "api", GITOPS_GEN_APICHECK="/does/not/exist")
    assert done.returncode == 0
    assert "0 hold the applied rules, 0 with findings" in done.stdout
    assert "the rules of the API server are not selected" in done.stdout


def test_an_excuse_of_a_rule_that_is_not_applied_is_not_unused(shop: Repository) -> None:
    add(shop, EXCUSE)
    assert found(shop) == (0, [])
    assert found(shop, "--ignore", "api-deprecated") == (0, [])
    shop.write("charts/shop/templates/legacy.yaml", SERVICE.replace("Endpoints", "ConfigMap"))
    assert found(shop, "--select", "references") == (0, [])
    assert found(shop) == (2, [("excuse-unused", "error")])


def test_a_check_of_some_rules_does_not_count_for_a_check_of_all(shop: Repository) -> None:
    assert found(shop, "--ignore", "api-deprecated") == (0, [])
    assert not shop.path(".gitops-gen/checked").exists()
    assert found(shop) == (0, WARNING)


def test_a_check_of_some_rules_keeps_the_stamps_of_a_check_of_all(shop: Repository) -> None:
    shop.write("charts/shop/templates/legacy.yaml", SERVICE.replace("Endpoints", "ConfigMap"))
    shop.render()
    assert check(shop).returncode == 0
    stamps = shop.read(".gitops-gen/checked")
    assert '"environment": "dev"' in stamps
    assert "not applied" in check(shop, "--select", "argocd").stdout
    assert shop.read(".gitops-gen/checked") == stamps


def test_warnings_about_values_can_be_left_out_but_not_errors(shop: Repository) -> None:
    shop.edit("values/dev.yaml", SHOP, PUBLIC)
    assert found(shop) == (0, [("monitoring-public", "warning")])
    assert found(shop, "--ignore", "monitoring-public") == (0, [])
    assert found(shop, "--ignore", "values") == (0, [])
    shop.edit("values/dev.yaml", "replicas: 1", "replicas: many")
    assert found(shop, "--ignore", "values") == (2, [("schema", "error")])
    assert found(shop, "--select", "argocd", "--fail-on", "note") == (2, [("schema", "error")])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--select", "argcd"), "'argcd' is neither a rule of this command nor a group"),
        (("--select", "argcd"), "; did you mean 'argocd'?"),
        (("--ignore", "api,api-deprected"), "; did you mean 'api-deprecated'?"),
        (("--ignore", "rehearsal-warning"), "--ignore: 'rehearsal-warning' is neither"),
        (("--select", ""), "--select: this name is neither"),
        (("--select", "api", "--ignore", "api"), "--select and --ignore leave out every rule"),
        (("--fail-on", "never"), "'never' is not one of 'error', 'warning', 'note'"),
    ],
)
def test_an_unknown_name_is_wrong_usage(
    options: tuple[str, ...], message: str, shop: Repository
) -> None:
    done = check(shop, *options)
    assert done.returncode == 2
    assert message in done.stderr


def test_an_argument_that_may_be_a_secret_is_not_quoted(shop: Repository) -> None:
    done = check(shop, "--select", "ghp_16C7e42F292c6912E7710c838347Ae178B4a")
    assert (done.returncode, "ghp_" in done.stderr) == (2, False)


@pytest.mark.parametrize(("severity", "code"), [("error", 1), ("warning", 0), ("note", 0)])
def test_values_change_the_severity_of_a_rule(severity: str, code: int, shop: Repository) -> None:
    add(shop, f"severities: {{api-deprecated: {severity}}}\n")
    assert found(shop) == (code, [("api-deprecated", severity)])


def test_a_note_is_printed_as_a_note(shop: Repository) -> None:
    add(shop, "severities: {api-deprecated: note}\n")
    done = check(shop)
    assert ": note: addons.shop: Endpoints shop/legacy" in done.stdout
    assert "dev: 0 errors, 0 warnings, 1 note" in done.stdout
    assert check(shop, "--format", "github").stdout.startswith("::notice file=values/dev.yaml")


def test_a_warning_about_values_can_become_an_error(shop: Repository) -> None:
    shop.edit("values/dev.yaml", SHOP, f"{PUBLIC}severities: {{monitoring-public: error}}\n")
    assert found(shop) == (2, [("monitoring-public", "error")])
    assert shop.run("render").returncode == 2


def test_an_excuse_applies_to_every_severity(shop: Repository) -> None:
    add(shop, f"{EXCUSE}severities: {{api-deprecated: error}}\n")
    assert found(shop, "--fail-on", "note") == (0, [])


def test_a_severity_of_all_environments_can_be_changed_in_one(shop: Repository) -> None:
    base = shop.read("values/base.yaml")
    shop.write("values/base.yaml", f"{base}severities: {{api-deprecated: error}}\n")
    assert found(shop) == (1, [("api-deprecated", "error")])
    add(shop, "severities: {api-deprecated: null}\n")
    assert found(shop) == (0, WARNING)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("api-deprected: note", "'api-deprected' is not a rule; did you mean 'api-deprecated'?"),
        ("schema: note", "the severity of 'schema' cannot be changed; remove this entry"),
        ("api-deprecated: never", "'never' is not one of 'error', 'warning', 'note'"),
    ],
)
def test_an_entry_without_effect_is_an_error(entry: str, message: str, shop: Repository) -> None:
    add(shop, f"severities: {{{entry}}}\n")
    done = check(shop)
    assert done.returncode == 2
    assert f"severities.{entry.partition(':')[0]}: {message}" in done.stdout
