"""Which objects of two revisions belong together."""

from __future__ import annotations

from pathlib import Path

from gitops_gen.changes.result import DifferenceKind, EnvironmentComparison
from tests.unit.changes.examples import compared, consequences, manifest
from tests.unit.revisions.examples import commit, git, write

SHOP = "rendered/prod/manifests/shop"
APPS = "argocd/prod/apps"


def started(folder: Path, **manifests: str) -> Path:
    """A repository with these manifests, the Applications `shop` and `other`, and their project."""
    application = manifest("application")
    files: dict[str, str | bytes] = {
        "values/prod.yaml": "cluster: {kubernetesVersion: '1.36'}\n",
        f"{APPS}/shop.yaml": application,
        f"{APPS}/other.yaml": application.replace("name: shop", "name: other", 1),
        f"{APPS}/project.yaml": manifest("project"),
        **{f"{SHOP}/{name}.yaml": text for name, text in manifests.items()},
    }
    commit(write(folder, files))
    return folder


def changed(root: Path) -> EnvironmentComparison:
    commit(root)
    [environment] = compared(root).environments
    return environment


def kinds(environment: EnvironmentComparison) -> list[tuple[str, str]]:
    differences = (change.difference for change in environment.changes)
    return [(str(one.kind), str(one.id)) for one in differences]


def test_an_object_in_another_file_is_no_change(tmp_path: Path) -> None:
    root = started(tmp_path, service=manifest("service"), claim=manifest("claim"))
    both = manifest("claim") + "---\n" + manifest("service")
    git(root, "rm", "--quiet", f"{SHOP}/service.yaml", f"{SHOP}/claim.yaml")
    assert kinds(changed(write(root, {f"{SHOP}/both.yaml": both}))) == []


def test_comments_and_the_order_of_keys_are_no_change(tmp_path: Path) -> None:
    root = started(tmp_path, claim=manifest("claim"))
    text = "# A comment.\n" + "\n".join(sorted_blocks(manifest("claim")))
    assert kinds(changed(write(root, {f"{SHOP}/claim.yaml": text}))) == []


def sorted_blocks(text: str) -> list[str]:
    """The top-level keys of a manifest in another order."""
    start = text.index("spec:")
    return [text[start:].rstrip(), text[:start].rstrip()]


def test_an_object_of_another_application_is_a_change_of_its_owner(tmp_path: Path) -> None:
    root = started(tmp_path, claim=manifest("claim"), service=manifest("service"))
    (root / "rendered/prod/manifests/other").mkdir()
    git(root, "mv", f"{SHOP}/claim.yaml", "rendered/prod/manifests/other/claim.yaml")
    environment = changed(root)
    assert kinds(environment) == [("changed", "PersistentVolumeClaim shop/uploads")]
    assert consequences(environment) == [
        "PersistentVolumeClaim shop/uploads: data-loss: Application other takes the object over: "
        "Argo CD deletes it if Application shop is synced first"
    ]


def test_another_api_version_is_a_change_of_one_object(tmp_path: Path) -> None:
    text = manifest("autoscaler")
    root = started(tmp_path, autoscaler=text.replace("autoscaling/v2", "autoscaling/v1", 1))
    environment = changed(write(root, {f"{SHOP}/autoscaler.yaml": text}))
    [change] = environment.changes
    assert change.difference.kind is DifferenceKind.CHANGED
    assert "apiVersion" in [one.label for one in change.difference.fields]


def test_a_digest_in_a_name_does_not_hide_what_changes(tmp_path: Path) -> None:
    text = manifest("configmap")
    root = started(tmp_path, configmap=text)
    edited = text.replace("7f9c2d5b8k", "2mgt9cf4h6").replace("info", "debug")
    environment = changed(write(root, {f"{SHOP}/configmap.yaml": edited}))
    assert kinds(environment) == [("renamed", "ConfigMap shop/web-2mgt9cf4h6")]
    [difference] = [change.difference for change in environment.changes]
    assert [one.label for one in difference.fields] == ["data.LOG_LEVEL"]


def test_objects_that_have_nothing_in_common_are_not_renamed(tmp_path: Path) -> None:
    root = started(tmp_path, configmap=manifest("configmap"))
    git(root, "rm", "--quiet", f"{SHOP}/configmap.yaml")
    environment = changed(write(root, {f"{SHOP}/script.yaml": manifest("script")}))
    assert kinds(environment) == [
        ("added", "ConfigMap shop/script"),
        ("removed", "ConfigMap shop/web-7f9c2d5b8k"),
    ]


def test_a_cluster_scoped_object_does_not_move_with_the_namespace_of_its_application(
    tmp_path: Path,
) -> None:
    root = started(tmp_path, role=manifest("role"), service=manifest("service"))
    application = manifest("application").replace("namespace: shop}", "namespace: market}")
    environment = changed(write(root, {f"{APPS}/shop.yaml": application}))
    assert kinds(environment) == [("changed", "Application argocd/shop")]


def test_a_change_of_the_bootstrap_file_is_not_synced(tmp_path: Path) -> None:
    root = started(tmp_path, service=manifest("service"))
    commit(write(root, {"argocd/prod/bootstrap.yaml": manifest("addon")}))
    text = manifest("addon").replace("replicaCount: 2", "replicaCount: 3")
    environment = changed(write(root, {"argocd/prod/bootstrap.yaml": text}))
    assert environment.notes[0].startswith("bootstrap.yaml differs: Argo CD does not apply this")
