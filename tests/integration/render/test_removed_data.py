"""A render that removes data from Git reports what happens to the data in the cluster.

The message depends on the annotations in the removed file.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.repository import Repository, example

CHART = """\
apiVersion: v1
kind: Namespace
metadata: {name: archive}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: uploads, namespace: archive}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ledger}
spec:
  serviceName: ledger
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}
  selector: {matchLabels: {app: ledger}}
  template:
    metadata: {labels: {app: ledger}}
    spec: {containers: [{name: ledger, image: ghcr.io/acme/ledger:1.0.0}]}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ledgers.acme.example}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: exports}
"""
NO_DATA = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
ADDON = "\naddons:\n  shop: {path: charts/shop, namespace: shop, namespaces: [archive]}\n"
TEMPLATE = "charts/shop/templates/x.yaml"
MANIFESTS = "rendered/prod/manifests"
CLAIM = f"{MANIFESTS}/shop/archive/persistentvolumeclaim-uploads.yaml"
OURS = re.compile(r"  annotations:\n(    (argocd\.argoproj\.io|helm\.sh)/.*\n)+")
DELETED = (
    "to keep it, let Argo CD sync it with Prune=false,Delete=false before it is removed from Git"
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The rendered example with a user-defined chart."""
    repository = example(tmp_path_factory.mktemp("removed"), helm)
    metadata = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
    repository.write("charts/shop/Chart.yaml", metadata)
    repository.write(TEMPLATE, CHART)
    with repository.path("values/prod.yaml").open("a") as file:
        file.write(ADDON)
    assert "is removed from Git" not in repository.render()
    return repository


@pytest.fixture
def shop(written: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(written.root, tmp_path / "repository")
    return Repository(tmp_path / "repository", written.helm)


def messages(shop: Repository) -> dict[str, str]:
    """Returns the message of a render about each object that it removes from Git.

    `render --check` must print the same messages.
    """
    check = shop.run("render", "--check")
    assert check.returncode == 1
    done = shop.run("render")
    assert done.returncode == 0
    assert done.stderr == check.stderr
    found = re.findall(r"^\S+: (.+?) is removed from Git; (.+)$", done.stderr, re.MULTILINE)
    assert len(found) == len(done.stderr.splitlines())
    return dict(found)


def stays(reason: str) -> str:
    return f"it stays in the cluster ({reason}); delete it with kubectl if it is not needed"


def test_objects_removed_from_a_chart_are_reported_with_their_file(shop: Repository) -> None:
    shop.write(TEMPLATE, NO_DATA)
    removed = "PersistentVolumeClaim archive/uploads is removed from Git"
    line = f"{CLAIM}: {removed}; {stays('Prune=false')}\n"
    assert line in shop.run("render", "--check").stderr
    assert messages(shop) == dict.fromkeys(
        [
            "CustomResourceDefinition ledgers.acme.example",
            "Namespace archive",
            "PersistentVolume exports",
            "PersistentVolumeClaim archive/uploads",
            "StatefulSet ledger",
        ],
        stays("Prune=false"),
    )


def test_a_chart_is_removed_from_the_values_with_its_application(shop: Repository) -> None:
    """The sync option `Delete` then applies, except for the namespace, which `platform` renders."""
    shop.edit("values/prod.yaml", ADDON, "")
    found = messages(shop)
    assert found.pop("Namespace shop") == stays("Prune=false")
    assert set(found.values()) == {stays("Delete=false")}
    assert len(found) == 5


def test_objects_without_protection_in_the_removed_files_are_deleted(shop: Repository) -> None:
    """The files are those of a version that did not protect user-defined charts."""
    for path in shop.path(f"{MANIFESTS}/shop").rglob("*.yaml"):
        path.write_text(OURS.sub("", path.read_text()))
    shop.write(TEMPLATE, NO_DATA)
    assert messages(shop) == {
        "CustomResourceDefinition ledgers.acme.example": (
            f"Argo CD deletes it and with it every object of its kind; {DELETED}"
        ),
        "Namespace archive": (
            "Argo CD deletes it and with it everything in it, including PersistentVolumeClaims; "
            + DELETED
        ),
        "PersistentVolume exports": (
            f"Argo CD deletes it and with it the reference to its data; {DELETED}"
        ),
        "PersistentVolumeClaim archive/uploads": (
            f"Argo CD deletes its namespace and thereby the object; {DELETED}"
        ),
        "StatefulSet ledger": (
            "Argo CD deletes it and with it its Pods, its PersistentVolumeClaims and their data; "
            + DELETED
        ),
    }


def test_a_claim_is_deleted_with_its_namespace_despite_its_option(shop: Repository) -> None:
    path = shop.path(f"{MANIFESTS}/shop/namespace-archive.yaml")
    path.write_text(path.read_text().replace("Prune=false", "Prune=true"))
    shop.write(TEMPLATE, NO_DATA)
    found = messages(shop)
    assert found["PersistentVolumeClaim archive/uploads"].startswith("Argo CD deletes its namesp")
    assert found["StatefulSet ledger"] == stays("Prune=false")


@pytest.mark.parametrize(
    ("options", "with_chart", "words"),
    [
        (
            "Prune=confirm,Delete=false",
            "",
            "deletes it after a user confirms the deletion (Prune=confirm)",
        ),
        (
            "Prune=false,Delete=confirm",
            ADDON,
            "after a user confirms the deletion (Delete=confirm)",
        ),
        (
            "Prune=true,Delete=false",
            "",
            "Argo CD deletes it and with it its data, unless the volume's",
        ),
        ("Prune=true,Delete=false", ADDON, stays("Delete=false")),
        # Argo CD uses the first of two values.
        ("Prune=true,Prune=false", "", "Argo CD deletes it and with it its data"),
        ("Prune=false,Prune=true", "", stays("Prune=false")),
        ("Prune=false,Delete=true", ADDON, "Argo CD deletes it, if its AppProject still allows"),
    ],
)
def test_each_option_has_its_own_effect(
    shop: Repository, options: str, with_chart: str, words: str
) -> None:
    path = shop.path(CLAIM)
    text = path.read_text().replace("Prune=false,Delete=false", options)
    path.write_text(text.replace("    helm.sh/resource-policy: keep\n", ""))
    shop.edit("values/prod.yaml", with_chart, "")
    shop.write(TEMPLATE, NO_DATA)
    assert words in messages(shop)["PersistentVolumeClaim archive/uploads"]


def test_argo_cd_respects_the_annotation_of_helm_and_keeps_crds(
    shop: Repository,
) -> None:
    for name in ("persistentvolume-exports", "customresourcedefinition-ledgers.acme.example"):
        path = shop.path(f"{MANIFESTS}/shop/{name}.yaml")
        text = re.sub(r".*argocd\.argoproj\.io/.*\n", "", path.read_text())
        path.write_text(text.replace("keep", "keep" if "exports" in name else "none"))
    shop.edit("values/prod.yaml", ADDON, "")
    found = messages(shop)
    assert found["PersistentVolume exports"] == stays("helm.sh/resource-policy: keep")
    crd = found["CustomResourceDefinition ledgers.acme.example"]
    assert crd == stays("Argo CD does not delete CRDs with their Application")


def test_disabling_the_database_is_reported(shop: Repository) -> None:
    shop.edit("values/base.yaml", "    database: postgres\n", "")
    shop.edit("values/prod.yaml", ADDON, f"{ADDON}postgres: {{enabled: false}}\n")
    assert messages(shop) == {
        "Namespace database": stays("Prune=false"),
        "StatefulSet database/postgres": stays("Delete=false"),
    }


def test_the_application_of_a_removed_remote_chart_is_reported(
    shop: Repository,
) -> None:
    redis = """\
  redis: {repository: https://charts.example.com, chart: redis, version: 1.0.0, namespace: redis}
"""
    shop.edit("values/prod.yaml", ADDON, ADDON + redis)
    shop.render()
    shop.edit("values/prod.yaml", redis, "")
    assert messages(shop) == {
        "Application redis": (
            "Argo CD deletes the objects of its chart, including PersistentVolumeClaims, if its "
            "AppProject still allows them, unless an object is annotated with Delete=false"
        ),
        "Namespace redis": stays("Prune=false"),
    }


def test_removing_a_whole_environment_deletes_nothing(shop: Repository) -> None:
    shop.path("values/dev.yaml").unlink()
    shop.path("values/clusters/dev.json").unlink()
    [line] = [one for one in shop.run("render").stderr.splitlines() if "rendered/dev" in one]
    assert "rendered/dev: the environment is removed; Namespace " in line
    assert line.endswith(
        " more stay in the cluster if they exist: without argocd/dev/ in Git, Argo CD reports an "
        "error and deletes nothing"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{name: ledger}", "{name: ledger, namespace: shop}"),  # in another folder
        ("{app: ledger}", "{app: journal}"),
    ],
)
def test_an_object_that_is_still_rendered_is_not_reported(
    shop: Repository, old: str, new: str
) -> None:
    shop.write(TEMPLATE, CHART.replace(old, new))
    assert "is removed from Git" not in shop.render()


def test_an_object_that_moves_to_another_application_is_reported_unless_protected(
    shop: Repository,
) -> None:
    renamed = ADDON.replace("  shop:", "  store:")
    path = shop.path(f"{MANIFESTS}/shop/persistentvolume-exports.yaml")
    path.write_text(OURS.sub("", path.read_text()))
    shop.edit("values/prod.yaml", ADDON, renamed)
    [line] = shop.run("render").stderr.splitlines()
    words = "PersistentVolume exports moves to another Application; Argo CD deletes it, if"
    assert words in line


def test_objects_without_data_are_not_reported(shop: Repository) -> None:
    shop.edit("values/prod.yaml", "  frontend:\n", "  frontend:\n    enabled: false\n")
    assert "is removed from Git" not in shop.render("prod")
