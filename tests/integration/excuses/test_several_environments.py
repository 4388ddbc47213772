"""An excuse in a file that several environments read, whichever of them a command is about."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.repository import ROOT, Repository

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
SAMPLE = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {url: "https://me:a-sample@git.example/x"}
"""
PLAIN = SAMPLE.replace("me:a-sample@", "")
SHOP = "addons: {shop: {path: charts/shop, namespace: shop}}\n"
ROLE = "addons: {external-secrets: {enabled: true}}\n"
OBJECT = "  - {rule: repository-chart-secret, object: ConfigMap shop/settings, reason: A sample.}\n"
ADDON = (
    "  - {rule: addon-role, path: addons.external-secrets.enabled, reason: It has one of ours.}\n"
)
IDLE_OBJECT = (
    "values/base.yaml:24:12: ignore: 'repository-chart-secret' reports nothing of ConfigMap "
    "shop/settings; remove this entry\n"
)


def add(repository: Repository, file: str, text: str) -> None:
    repository.write(file, repository.read(file) + text)


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """base.yaml excuses what the chart renders, which prod alone uses."""
    repository.write("charts/shop/Chart.yaml", CHART)
    repository.write("charts/shop/templates/settings.yaml", SAMPLE)
    add(repository, "values/base.yaml", f"ignore:\n{OBJECT}")
    add(repository, "values/prod.yaml", SHOP)
    return repository


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_one_that_is_rendered_alone_does_not_need_what_another_needs(
    name: str, shop: Repository
) -> None:
    shop.render(name)
    assert not shop.path(f"rendered/{'prod' if name == 'dev' else 'dev'}").exists()


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_one_that_is_rendered_alone_tells_what_none_of_them_needs(
    name: str, shop: Repository
) -> None:
    shop.write("charts/shop/templates/settings.yaml", PLAIN)
    done = shop.run("render", name)
    assert (done.returncode, done.stderr) == (2, IDLE_OBJECT)
    assert not shop.path("rendered").exists()


def test_one_with_a_list_of_its_own_does_not_need_that_of_base(shop: Repository) -> None:
    shop.write("charts/shop/templates/settings.yaml", PLAIN)
    add(shop, "values/dev.yaml", "ignore: []\n")
    done = shop.run("render")
    assert (done.returncode, done.stderr) == (2, IDLE_OBJECT)


def test_one_that_is_up_to_date_is_judged_with_one_that_changed(shop: Repository) -> None:
    shop.render()
    shop.write("charts/shop/templates/settings.yaml", PLAIN)
    done = shop.run("render")
    assert (done.returncode, done.stderr) == (2, IDLE_OBJECT)


def test_the_one_that_needed_it_is_removed(shop: Repository) -> None:
    shop.render()
    shop.path("values/prod.yaml").unlink()
    shop.path("values/clusters/prod.json").unlink()
    done = shop.run("render")
    assert (done.returncode, done.stderr) == (2, IDLE_OBJECT)


def test_one_that_cannot_be_rendered_may_need_it(shop: Repository) -> None:
    shop.write("charts/shop/templates/settings.yaml", '{{ fail "no" }}\n')
    assert shop.run("render", "dev").returncode == 0
    assert "no" in shop.run("render", "prod").stderr


def imported(repository: Repository, *roles: str) -> subprocess.CompletedProcess[str]:
    """Terraform's facts for dev, where it makes these roles."""
    output = json.loads((ROOT / "tests/terraform/gitops.example.json").read_text())
    output["addonRoles"] = roles
    repository.path("values/clusters/dev.json").unlink(missing_ok=True)
    repository.write("output.json", json.dumps(output))
    return repository.run("import-cluster", "dev", "output.json")


def test_a_role_that_another_cluster_may_lack(repository: Repository) -> None:
    """Which roles Terraform makes for prod is not known here."""
    add(repository, "values/base.yaml", f"{ROLE}ignore:\n{ADDON}")
    done = imported(repository, "external-secrets")
    assert done.returncode == 0, done.stderr


def test_a_role_that_no_cluster_can_lack(repository: Repository) -> None:
    add(repository, "values/base.yaml", f"ignore:\n{ADDON}")
    add(repository, "values/dev.yaml", ROLE)
    assert imported(repository).returncode == 0
    done = imported(repository, "external-secrets")
    assert done.returncode == 2
    assert "'addon-role' reports nothing at addons.external-secrets.enabled" in done.stderr


SAME_KIND = """\
{{- range list "v1" "serving.knative.dev/v1" }}
---
apiVersion: {{ . }}
kind: Service
metadata: {name: web}
spec: {password: "https://me:a-sample@git.example/x"}
{{- end }}
"""


def test_an_entry_names_one_object(shop: Repository) -> None:
    shop.write("charts/shop/templates/settings.yaml", SAME_KIND)
    shop.edit("values/base.yaml", "ConfigMap shop/settings", "Service shop/web")
    done = shop.run("render", "prod")
    assert (done.returncode, done.stderr) == (
        2,
        "values/base.yaml:24:12: ignore: names several objects; write the API group behind the "
        "kind: Service.core and Service.serving.knative.dev\n",
    )
    entries = OBJECT + OBJECT.replace("ConfigMap shop/settings", "Service.core shop/web")
    shop.edit("values/base.yaml", "Service shop", "Service.serving.knative.dev shop")
    add(shop, "values/base.yaml", entries.removeprefix(OBJECT))
    assert "2 findings are excused" in shop.render("prod")
