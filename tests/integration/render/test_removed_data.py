"""A render that takes data out of Git says so, and what becomes of the data in the cluster.

A line is put together of what the removed file itself stated.
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
DELETED = "to keep it, let Argo CD sync it with Prune=false,Delete=false before it leaves Git"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Repository:
    """The example with a chart of the user's own, rendered."""
    repository = example(tmp_path_factory.mktemp("removed"), helm)
    metadata = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
    repository.write("charts/shop/Chart.yaml", metadata)
    repository.write(TEMPLATE, CHART)
    with repository.path("values/prod.yaml").open("a") as file:
        file.write(ADDON)
    assert "leaves Git" not in repository.render()
    return repository


@pytest.fixture
def shop(written: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(written.root, tmp_path / "repository")
    return Repository(tmp_path / "repository", written.helm)


def messages(shop: Repository) -> dict[str, str]:
    """What a render says of each object that it takes out of Git; --check says the same."""
    check = shop.run("render", "--check")
    assert check.returncode == 1
    done = shop.run("render")
    assert done.returncode == 0
    assert done.stderr == check.stderr
    found = re.findall(r"^\S+: (.+?) leaves Git; (.+)$", done.stderr, re.MULTILINE)
    assert len(found) == len(done.stderr.splitlines())
    return dict(found)


def stays(reason: str) -> str:
    return f"it stays in the cluster ({reason}): delete it with kubectl when nobody needs it"


def test_objects_that_leave_a_chart_are_named_with_their_file(shop: Repository) -> None:
    shop.write(TEMPLATE, NO_DATA)
    line = f"{CLAIM}: PersistentVolumeClaim archive/uploads leaves Git; {stays('Prune=false')}\n"
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


def test_a_chart_that_leaves_the_values_takes_its_application_along(shop: Repository) -> None:
    """It is the other option that decides then, except for what `platform` makes."""
    shop.edit("values/prod.yaml", ADDON, "")
    found = messages(shop)
    assert found.pop("Namespace shop") == stays("Prune=false")
    assert set(found.values()) == {stays("Delete=false")}
    assert len(found) == 5


def test_what_the_removed_files_do_not_protect_is_deleted(shop: Repository) -> None:
    """As a version wrote them that did not protect charts of the user's own."""
    for path in shop.path(f"{MANIFESTS}/shop").rglob("*.yaml"):
        path.write_text(OURS.sub("", path.read_text()))
    shop.write(TEMPLATE, NO_DATA)
    assert messages(shop) == {
        "CustomResourceDefinition ledgers.acme.example": (
            f"Argo CD deletes it and with it every object of its kind; {DELETED}"
        ),
        "Namespace archive": (
            "Argo CD deletes it and with it all that is in it, volume claims included; " + DELETED
        ),
        "PersistentVolume exports": (
            f"Argo CD deletes it and with it the way to its data; {DELETED}"
        ),
        "PersistentVolumeClaim archive/uploads": (
            f"Argo CD deletes its namespace, and it with that; {DELETED}"
        ),
        "StatefulSet ledger": (
            "Argo CD deletes it and with it its Pods, its claims and their data; " + DELETED
        ),
    }


def test_a_claim_is_not_kept_by_its_own_option_where_its_namespace_goes(shop: Repository) -> None:
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
            "deletes it once somebody confirms that (Prune=confirm)",
        ),
        ("Prune=false,Delete=confirm", ADDON, "once somebody confirms that (Delete=confirm)"),
        (
            "Prune=true,Delete=false",
            "",
            "Argo CD deletes it and with it its data, unless the volume's",
        ),
        ("Prune=true,Delete=false", ADDON, stays("Delete=false")),
        # Argo CD heeds the first of two.
        ("Prune=true,Prune=false", "", "Argo CD deletes it and with it its data"),
        ("Prune=false,Prune=true", "", stays("Prune=false")),
        ("Prune=false,Delete=true", ADDON, "Argo CD deletes it, where its AppProject still admits"),
    ],
)
def test_each_option_is_taken_at_its_word(
    shop: Repository, options: str, with_chart: str, words: str
) -> None:
    path = shop.path(CLAIM)
    text = path.read_text().replace("Prune=false,Delete=false", options)
    path.write_text(text.replace("    helm.sh/resource-policy: keep\n", ""))
    shop.edit("values/prod.yaml", with_chart, "")
    shop.write(TEMPLATE, NO_DATA)
    assert words in messages(shop)["PersistentVolumeClaim archive/uploads"]


def test_argo_cd_heeds_helm_s_annotation_and_keeps_crds_when_an_application_goes(
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
    assert crd == stays("Argo CD deletes no CRD with its Application")


def test_the_database_is_spoken_of_when_it_is_switched_off(shop: Repository) -> None:
    shop.edit("values/base.yaml", "    database: postgres\n", "")
    shop.edit("values/prod.yaml", ADDON, f"{ADDON}postgres: {{enabled: false}}\n")
    assert messages(shop) == {
        "Namespace database": stays("Prune=false"),
        "StatefulSet database/postgres": stays("Delete=false"),
    }


def test_what_a_fetched_chart_made_is_not_seen_here_and_its_application_named(
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
            "Argo CD deletes what its chart made, volume claims included, where its AppProject "
            "still admits that, unless an object is annotated with Delete=false"
        ),
        "Namespace redis": stays("Prune=false"),
    }


def test_with_a_whole_environment_nothing_is_deleted(shop: Repository) -> None:
    shop.path("values/dev.yaml").unlink()
    shop.path("values/clusters/dev.json").unlink()
    found = messages(shop)
    assert {"Namespace database", "StatefulSet database/postgres"} <= found.keys()
    assert "Application kube-prometheus-stack" in found
    assert set(found.values()) == {
        "it stays in the cluster: where argocd/dev/ is missing in Git, Argo CD reports an error "
        "and deletes nothing"
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{name: ledger}", "{name: ledger, namespace: shop}"),  # its file goes to another folder
        ("{app: ledger}", "{app: journal}"),
    ],
)
def test_what_is_still_rendered_does_not_leave_git(shop: Repository, old: str, new: str) -> None:
    shop.write(TEMPLATE, CHART.replace(old, new))
    assert "leaves Git" not in shop.render()


def test_an_object_that_moves_to_another_application_is_spoken_of_unless_it_is_kept(
    shop: Repository,
) -> None:
    renamed = ADDON.replace("  shop:", "  store:")
    path = shop.path(f"{MANIFESTS}/shop/persistentvolume-exports.yaml")
    path.write_text(OURS.sub("", path.read_text()))
    shop.edit("values/prod.yaml", ADDON, renamed)
    [line] = shop.run("render").stderr.splitlines()
    words = "PersistentVolume exports moves to another Application; Argo CD deletes it, where"
    assert words in line


def test_what_holds_no_data_goes_without_a_word(shop: Repository) -> None:
    shop.edit("values/prod.yaml", "  frontend:\n", "  frontend:\n    enabled: false\n")
    assert "leaves Git" not in shop.render("prod")
