"""What `check` reports about rendered objects: findings, excuses, and what it could not judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.repository import Repository

SAME_FOR_ARGOCD = Path(__file__).with_name("same_for_argocd.yaml")
NO_CRD = "the CustomResourceDefinition of the kind is not among the rendered objects"
NOT_HYDRATED = "the add-on prometheus-operator-crds is not hydrated, so its CRDs are not available"
NOT_DETERMINED = {
    "Argo CD renders their charts, so their webhooks and Pods are not available",
    "the capacity of the nodes is not known",
    "the values do not contain the rules of security groups",
    "the values name the Secret, and it must exist in the cluster",
}
SHOP = "addons: {shop: {path: charts/shop, namespace: shop}}\n"
Json = dict[str, Any]


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """A repository in which both environments render the chart charts/shop."""
    repository.write("charts/shop/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    repository.write("values/base.yaml", repository.read("values/base.yaml") + SHOP)
    return repository


def rendering(repository: Repository, manifest: str) -> Repository:
    repository.write("charts/shop/templates/objects.yaml", manifest)
    return repository


def checked(repository: Repository, *arguments: str) -> tuple[int, Json]:
    done = repository.run("check", *arguments, "--format", "json")
    return done.returncode, json.loads(done.stdout)


def about_shop(found: Json) -> list[tuple[str, str]]:
    """The rules and messages of the findings about the chart, without their beginning."""
    lead = "addons.shop: "
    assert all(one["message"].startswith(lead) for one in found["findings"])
    return [(one["rule"], one["message"].removeprefix(lead)) for one in found["findings"]]


GATED = """\
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: set}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      schedulingGroup: {podGroupName: web}
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: web
          image: "web:1"
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
"""
SUBSET = """\
apiVersion: v1
kind: Endpoints
metadata: {name: legacy}
"""
BUDGET = """\
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: {name: budget}
spec: {maxUnavailable: 1}
"""
TYPO = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selectors: {app: web}, ports: [{port: 80}, {port: 80}]}
"""


@pytest.mark.parametrize(
    ("manifest", "code", "expected"),
    [
        (
            GATED,
            0,
            [
                (
                    "api-normal-form",
                    "ReplicaSet shop/set: the API server drops spec.template.spec.schedulingGroup, "
                    'which is {"podGroupName": "web"}, without an error; remove it',
                )
            ],
        ),
        (
            SUBSET,
            0,
            [
                (
                    "api-deprecated",
                    "Endpoints shop/legacy: v1 Endpoints: it is deprecated since Kubernetes 1.33; "
                    "use discovery.k8s.io/v1 EndpointSlice",
                )
            ],
        ),
        (
            BUDGET,
            1,
            [
                (
                    "api-removed",
                    'PodDisruptionBudget shop/budget: no matches for kind "PodDisruptionBudget" '
                    'in version "policy/v1beta1": it was removed in Kubernetes 1.25; '
                    "use policy/v1 PodDisruptionBudget",
                )
            ],
        ),
        (
            TYPO,
            1,
            [
                (
                    "api-refused",
                    'the API server refuses Service shop/web: unknown field "spec.selectors"',
                )
            ],
        ),
    ],
    ids=["normal form", "deprecated", "removed", "refused"],
)
def test_a_finding_names_the_object_and_its_file(
    manifest: str, code: int, expected: list[tuple[str, str]], shop: Repository
) -> None:
    exit_code, found = checked(rendering(shop, manifest), "dev")
    name = f"{found['findings'][0]['object']}".lower().replace(" shop/", "-")
    file = f"rendered/dev/manifests/shop/{name}.yaml"
    assert about_shop(found) == [(rule, f"{text} ({file})") for rule, text in expected]
    assert exit_code == code
    [finding] = found["findings"]
    assert (finding["file"], finding["line"]) == ("values/base.yaml", 23)
    assert [one["file"] for one in finding["related"]] == [file]
    assert found["objects"][0]["found"] == 1


def test_what_argo_cd_does_not_show_is_no_finding(shop: Repository) -> None:
    """A rehearsal of this chart with a real Argo CD ends Synced."""
    rendering(shop, SAME_FOR_ARGOCD.read_text())
    code, found = checked(shop, "dev", "--ignore", "security")
    assert (code, found["findings"]) == (0, [])


def test_up_to_date_files_give_the_findings_of_a_rendering_in_memory(shop: Repository) -> None:
    rendering(shop, GATED)
    before = checked(shop)
    assert not shop.path("rendered").exists()
    shop.render()
    assert checked(shop) == before


def test_a_warning_can_be_excused_for_an_object(shop: Repository) -> None:
    rendering(shop, GATED)
    excuse = "{rule: api-normal-form, object: ReplicaSet shop/set, reason: Argo CD ignores it.}"
    shop.write("values/base.yaml", f"{shop.read('values/base.yaml')}ignore:\n  - {excuse}\n")
    code, found = checked(shop)
    assert (code, found["findings"]) == (0, [])
    assert [one["rule"] for one in found["excused"]] == ["api-normal-form"] * 2
    assert [counts["found"] for counts in found["objects"]] == [1, 1]
    rendering(shop, GATED.replace("schedulingGroup: {podGroupName: web}", "hostIPC: false"))
    for names in ([], ["dev"]):
        code, found = checked(shop, *names)
        assert (code, [one["rule"] for one in found["findings"]]) == (2, ["excuse-unused"])


def test_an_excuse_that_another_environment_needs_is_no_error(shop: Repository) -> None:
    """Only the chart's values of prod render the field that base.yaml excuses."""
    group = "schedulingGroup: {podGroupName: web}"
    rendering(shop, GATED.replace(group, f"{{{{ if .Values.group }}}}{group}{{{{ end }}}}"))
    excuse = "{rule: api-normal-form, object: ReplicaSet shop/set, reason: Argo CD ignores it.}"
    shop.write("values/base.yaml", f"{shop.read('values/base.yaml')}ignore:\n  - {excuse}\n")
    prod = shop.read("values/prod.yaml")
    shop.write("values/prod.yaml", f"{prod}addons: {{shop: {{values: {{group: true}}}}}}\n")
    for names in (["dev"], ["prod"], []):
        code, found = checked(shop, *names)
        assert (code, found["findings"]) == (0, [])


def test_an_error_cannot_be_excused(shop: Repository) -> None:
    rendering(shop, BUDGET)
    excuse = "{rule: api-removed, object: PodDisruptionBudget shop/budget, reason: Later.}"
    shop.write("values/base.yaml", f"{shop.read('values/base.yaml')}ignore:\n  - {excuse}\n")
    code, found = checked(shop, "dev")
    assert (code, [one["rule"] for one in found["findings"]]) == (2, ["excuse-rule"])


CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab, listKind: CronTabList}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, properties: {replicas: {type: integer, maximum: 3}}}}
"""
RESOURCE = """\
apiVersion: example.com/v1
kind: CronTab
metadata: {name: nightly}
spec: {replicas: 4}
"""


def test_a_custom_resource_is_judged_by_the_crd_of_its_environment(shop: Repository) -> None:
    """prod renders the CRD, dev does not; both have the same version of Kubernetes."""
    text = f"{{{{ if .Values.crd }}}}\n---\n{CRD}{{{{ end }}}}\n---\n{RESOURCE}"
    rendering(shop, text)
    prod = shop.read("values/prod.yaml")
    shop.write("values/prod.yaml", f"{prod}addons: {{shop: {{values: {{crd: true}}}}}}\n")
    code, found = checked(shop)
    [finding] = found["findings"]
    assert (code, finding["rule"], finding["object"]) == (1, "api-refused", "CronTab shop/nightly")
    assert (
        "Invalid value: 4: spec.replicas in body should be less than or equal to 3"
        in finding["message"]
    )
    dev, prod_counts = found["objects"]
    assert {"kind": "CronTab.example.com", "count": 1, "reason": NO_CRD} in dev["notChecked"]
    kinds = [part["kind"] for part in prod_counts["notChecked"]]
    assert "CronTab.example.com" not in kinds


def test_a_version_that_is_too_old_is_not_checked(repository: Repository) -> None:
    repository.edit("values/clusters/dev.json", '"1.35"', '"1.31"')
    code, found = checked(repository, "dev")
    assert (code, found["findings"], found["objects"][0]["holds"]) == (0, [], 0)
    reasons = {part["reason"] for part in found["objects"][0]["notChecked"]}
    assert reasons == {"the rules of Kubernetes 1.31 are not known; the oldest version is 1.33"}


def test_the_notes_on_a_version_are_part_of_the_result(repository: Repository) -> None:
    repository.edit("values/clusters/dev.json", '"1.35"', '"1.36"')
    dev, prod = checked(repository)[1]["objects"]
    assert dev["notes"] == []
    notes = prod["notes"]
    assert notes
    assert all("1.35" in note for note in notes)
    assert f"note: {notes[0]}" in repository.run("check").stdout.splitlines()


def test_invalid_values_do_not_keep_other_environments_from_being_checked(
    shop: Repository,
) -> None:
    rendering(shop, TYPO)
    shop.write("values/dev.yaml", "tiers: {frontend: {replicas: many}}\n")
    code, found = checked(shop)
    assert code == 2
    assert {one["rule"] for one in found["findings"]} > {"api-refused"}
    dev, prod = found["objects"]
    assert dev["notRendered"] == "its values are not valid"
    assert (prod["notRendered"], prod["found"]) == (None, 1)


def test_what_helm_refuses_does_not_keep_other_environments_from_being_checked(
    shop: Repository,
) -> None:
    fails = '{{ if .Values.fails }}{{ fail "no such region" }}{{ end }}\n'
    rendering(shop, fails + TYPO)
    dev = shop.read("values/dev.yaml")
    shop.write("values/dev.yaml", f"{dev}addons: {{shop: {{values: {{fails: true}}}}}}\n")
    done = shop.run("check")
    assert done.returncode == 2
    assert "no such region" in done.stdout
    assert "dev: no object is checked, because it cannot be rendered\n" in done.stdout
    assert "the API server refuses Service shop/web" in done.stdout


def test_the_example_has_no_finding_and_only_known_gaps(repository: Repository) -> None:
    code, found = checked(repository)
    assert (code, found["findings"]) == (0, [])
    for counts in found["objects"]:
        assert {part["reason"] for part in counts["notChecked"]} == {NOT_HYDRATED}
        assert {part["reason"] for part in counts["notDetermined"]} == NOT_DETERMINED


def test_values_of_a_chart_that_argo_cd_downloads_are_not_checked(shop: Repository) -> None:
    values = "{values: {grafana: {livenessProbe: null}, prometheuss: {replicas: 2}}}"
    dev = shop.read("values/dev.yaml")
    shop.write("values/dev.yaml", f"{dev}addons: {{kube-prometheus-stack: {values}}}\n")
    rendering(shop, TYPO)
    done = shop.run("check", "dev")
    assert "dev: not checked: 2 values of kube-prometheus-stack: Argo CD downloads" in done.stdout


def test_each_format_has_the_three_outcomes(shop: Repository) -> None:
    rendering(shop, TYPO)
    text = shop.run("check", "dev").stdout.splitlines()
    assert text[1] == "dev: 1 error, 0 warnings"
    assert text[2] == "dev: 52 objects: 46 hold, 1 with findings, 5 not checked"
    assert text[3].startswith("dev: not checked: 3 PrometheusRule.monitoring.coreos.com, 2 Serv")
    assert text[3].endswith(NOT_HYDRATED)
    github = shop.run("check", "dev", "--format", "github").stdout.splitlines()
    assert github[0].startswith("::error file=values/base.yaml,line=23,")
    assert github[1:] == text[2:]
    page = shop.run("check", "dev", "--format", "html").stdout
    assert "<li>dev: 52 objects: 46 hold, 1 with findings, 5 not checked</li>" in page
