"""A component is added with one folder, and nothing else is edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gitops_gen.components import catalogue
from tests.repository import ROOT, Repository, example

FOLDERS = Path(__file__).with_name("new_component")
TIER = FOLDERS.parents[3] / "gitops_gen/components/tier"


def with_component(name: str, folder: Path, helm: str) -> Repository:
    """The values of the example, and a copy of the package with an additional component folder."""
    package = folder / "package"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gitops_gen", package / "gitops_gen", ignore=ignored)
    shutil.copytree(FOLDERS / name, package / "gitops_gen/components" / name, ignore=ignored)
    return Repository(example(folder, helm).root, helm, package)


@pytest.fixture
def extended(tmp_path: Path, helm: str) -> Repository:
    return with_component("acme_cache", tmp_path, helm)


@pytest.fixture
def backed(tmp_path: Path, helm: str) -> Repository:
    """The values of a backing service that is enabled and that the backend uses."""
    repository = with_component("acme_store", tmp_path, helm)
    repository.edit(
        "values/prod.yaml", "  backend:\n", "  backend:\n    acmeStore: {prefix: 'shop:'}\n"
    )
    repository.write("values/prod.yaml", f"{repository.read('values/prod.yaml')}{STORE}")
    return repository


STORE = "acme-store: {enabled: true}\n"


def test_a_new_component_is_rendered_synced_and_documented(extended: Repository) -> None:
    extended.render("prod")
    manifests = extended.manifests("prod")
    assert manifests.one("ConfigMap", "acme-cache", "acme-cache")["data"] == {"memory": "64Mi"}
    assert manifests.one("Namespace", "acme-cache")
    assert extended.wave("prod", "acme-cache") == 12
    assert extended.path("rendered/prod/umbrella/charts/acme-cache/values.schema.json").exists()
    assert "A cache that all tiers share." in extended.run("schema").stdout


def test_its_schema_and_rules_report_the_line(extended: Repository) -> None:
    base = extended.read("values/prod.yaml")
    extended.write("values/prod.yaml", f"{base}acme-cache:\n  memroy: 1Gi\n")
    done = extended.run("check", "prod")
    line = base.count("\n") + 2
    assert done.returncode == 2
    assert f"values/prod.yaml:{line}:3: acme-cache.memroy: unknown key; did you mean 'memory'?" in (
        done.stdout
    )
    extended.write("values/prod.yaml", f"{base}acme-cache:\n  namespace: kube-system\n")
    done = extended.run("check", "prod")
    assert f"values/prod.yaml:{line}:14: acme-cache.namespace: 'kube-system'" in done.stdout


# Add-ons of gitops-gen

ADDON_FOLDERS = {"external-dns": "external_dns", "metrics-server": "metrics_server"}


@pytest.mark.parametrize("name", ADDON_FOLDERS)
def test_an_add_on_is_one_folder(name: str, tmp_path: Path, helm: str) -> None:
    """A package without the folder does not know the add-on, and the folder adds all of it."""
    package = tmp_path / "package"
    target = package / "gitops_gen/components" / ADDON_FOLDERS[name]
    ignored = shutil.ignore_patterns("__pycache__", target.name)
    shutil.copytree(ROOT / "gitops_gen", package / "gitops_gen", ignore=ignored)
    repository = Repository(example(tmp_path, helm).root, helm, package)
    values = repository.read("values/prod.yaml")
    assert "\naddons:" not in values
    repository.write("values/prod.yaml", f"{values}addons:\n  {name}: {{enabled: true}}\n")
    done = repository.run("check", "prod")
    assert done.returncode == 2
    assert f"addons.{name}" in done.stdout
    shutil.copytree(ROOT / "gitops_gen/components" / target.name, target)
    repository.render("prod")
    source = repository.application("prod", name)["spec"]["source"]
    assert source["chart"] == name
    assert source["repoURL"] == f"https://kubernetes-sigs.github.io/{name}"


# A backing service adds a key to tiers without a change of `tier`.


def test_tiers_that_use_a_backing_service_get_what_it_declares(backed: Repository) -> None:
    backed.render("prod")
    pod = backed.manifests("prod").one("Deployment", "backend")["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert [one for one in container["env"] if one["name"].startswith("ACME_STORE_")] == [
        {"name": "ACME_STORE_ADDRESS", "value": "acme-store.acme-store.svc.cluster.local:6379"},
        {"name": "ACME_STORE_PASSWORD_FILE", "value": "/var/run/secrets/acme-store/password"},
        {"name": "ACME_STORE_PREFIX", "value": "shop:"},
    ]
    mount = {"name": "acme-store", "mountPath": "/var/run/secrets/acme-store", "readOnly": True}
    assert mount in container["volumeMounts"]
    volume = next(one for one in pod["volumes"] if one["name"] == "acme-store")
    items = [{"key": "password", "path": "password"}, {"key": "ca.crt", "path": "ca.crt"}]
    assert volume["secret"]["secretName"] == "acme-store-credentials"
    assert volume["secret"]["items"] == items


def test_both_network_policies_let_the_tier_reach_the_backing_service(backed: Repository) -> None:
    backed.render("prod")
    manifests = backed.manifests("prod")
    namespace = {"matchLabels": {"kubernetes.io/metadata.name": "acme-store"}}
    pods = {"matchLabels": {"app.kubernetes.io/name": "acme-store"}}
    allowed = {
        "to": [{"namespaceSelector": namespace, "podSelector": pods}],
        "ports": [{"port": 6379, "protocol": "TCP"}],
    }
    assert allowed in manifests.one("NetworkPolicy", "backend")["spec"]["egress"]
    assert allowed not in manifests.one("NetworkPolicy", "frontend")["spec"].get("egress", [])
    [client] = manifests.one("NetworkPolicy", "acme-store", "acme-store")["spec"]["ingress"]
    assert client["from"][0]["podSelector"] == {"matchLabels": {"gitops-gen.io/tier": "backend"}}


def test_a_tier_is_synced_after_the_backing_service(backed: Repository) -> None:
    backed.render("prod")
    assert (backed.wave("prod", "acme-store"), backed.wave("prod", "backend")) == (21, 22)


def test_a_tier_with_a_disabled_backing_service_is_an_error(backed: Repository) -> None:
    backed.edit("values/prod.yaml", STORE, "")
    done = backed.run("check", "prod")
    assert done.returncode == 2
    expected = "requires store:acme-store; set acme-store.enabled: true, or disable backend"
    assert f"tiers.backend: {expected}" in done.stdout


def test_the_key_on_tiers_has_its_schema(backed: Repository) -> None:
    assert "Whether the tier uses the store" in backed.run("schema", "--layer").stdout
    # The chart of the tier gets the variables and files of the store, but not the key.
    backed.render("prod")
    chart = backed.read("rendered/prod/umbrella/charts/tier/values.schema.json")
    assert "acmeStore" not in chart
    backed.edit("values/prod.yaml", "{prefix: 'shop:'}", "{prefx: 'shop:'}")
    done = backed.run("check", "prod")
    assert "tiers.backend.acmeStore.prefx: unknown key; did you mean 'prefix'?" in done.stdout


def test_the_variables_of_the_key_are_reserved(backed: Repository) -> None:
    clash = "acmeStore: true\n    env: {ACME_STORE_ADDRESS: elsewhere}"
    backed.edit("values/prod.yaml", "acmeStore: {prefix: 'shop:'}", clash)
    done = backed.run("check", "prod")
    line = backed.read("values/prod.yaml").split("acmeStore: true")[0].count("\n") + 1
    expected = f"the key acmeStore (values/prod.yaml:{line}:16) already sets it; remove it here"
    assert f"tiers.backend.env.ACME_STORE_ADDRESS: {expected}" in done.stdout


def test_values_that_it_declares_as_not_secret_are_shown(backed: Repository) -> None:
    written = "acmeStore: true\n    acmeStorePassword: "
    backed.edit("values/prod.yaml", "acmeStore: {prefix: 'shop:'}", f"{written}fiel")
    done = backed.run("check", "prod")
    assert "acmeStorePassword: 'fiel' is not one of 'file', 'env'" in done.stdout
    assert "plain text" not in done.stdout
    backed.edit("values/prod.yaml", "fiel", "hunter2")
    assert "hunter2" not in backed.run("check", "prod").stdout


def test_the_tier_component_contains_no_backing_service() -> None:
    """This applies to the code, the schema and the chart of `tier`."""
    files = [file for file in TIER.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    assert len(files) > 20
    found = {file.name for file in files for word in _words_of_services() if word in _text(file)}
    assert found == set()


def _words_of_services() -> set[str]:
    """The names and capabilities of the backing services, and their keys of tiers in quotes."""
    words: set[str] = set()
    for folder in catalogue():
        service = getattr(folder.module, "BACKING_SERVICE", None)
        if service is not None:
            words |= {folder.name, *folder.names, service.capability, f'"{service.key}"'}
    assert "postgres" in words
    return {word.lower() for word in words}


def _text(file: Path) -> str:
    return file.read_text().lower()
