"""Comparisons of which a part cannot be made, and environments that only one revision has."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.apicheck import VARIABLE
from gitops_gen.changes import Comparison, DiffRequest, compare
from gitops_gen.changes.result import EnvironmentComparison
from gitops_gen.errors import InvalidInput
from tests.unit.changes.examples import Case, compared, consequences, manifest, repository
from tests.unit.revisions.examples import commit, git, write

MANIFESTS = "rendered/prod/manifests/shop"


def one(comparison: Comparison) -> EnvironmentComparison:
    [environment] = comparison.environments
    return environment


def test_a_file_of_the_base_that_does_not_parse_is_left_out_and_reported(tmp_path: Path) -> None:
    root = repository(tmp_path, Case(("service",)))
    write(root, {f"{MANIFESTS}/broken.yaml": "kind: [\n"})
    base = commit(root)
    edited = manifest("service").replace("port: 80,", "port: 8080,")
    write(root, {f"{MANIFESTS}/service.yaml": edited})
    write(root, {f"{MANIFESTS}/broken.yaml": manifest("claim")})
    commit(root)
    comparison = compared(root)
    [missing] = one(comparison).not_compared
    assert missing.subject == f"{base[:7]}:{MANIFESTS}/broken.yaml"
    assert [str(change.difference.id) for change in one(comparison).changes] == ["Service shop/web"]
    assert comparison.is_incomplete


def test_values_of_the_base_that_are_refused_today_do_not_matter(tmp_path: Path) -> None:
    root = repository(tmp_path, Case(("deployment",), {"replicas: 4": "replicas: 0"}))
    assert consequences(one(compared(root))) == [
        "Deployment shop/web: downtime: no Pod runs any more"
    ]


def test_generated_files_in_a_submodule_cannot_be_compared(tmp_path: Path) -> None:
    inner = write(tmp_path / "inner", {"prod/manifests/shop/a.yaml": manifest("service")})
    commit(inner)
    root = write(tmp_path / "outer", {"values/prod.yaml": "a: 1\n"})
    commit(root)
    git(root, "submodule", "--quiet", "add", str(inner), "rendered")
    commit(root)
    comparison = compared(root, "HEAD", "HEAD")
    [missing] = one(comparison).not_compared
    assert missing.reason.startswith("is a submodule, whose files are in another repository")
    assert comparison.is_incomplete


def test_a_base_without_generated_files_and_without_valid_values_is_not_compared(
    tmp_path: Path,
) -> None:
    root = write(tmp_path, {"values/prod.yaml": "tiers: 5\n"})
    commit(root)
    write(root, {f"{MANIFESTS}/service.yaml": manifest("service")})
    commit(root)
    comparison = compared(root)
    [missing] = one(comparison).not_compared
    assert missing.reason.startswith(
        "there are no generated files, and the values are refused: cluster: is required"
    )
    assert comparison.is_incomplete


def test_a_new_environment_has_only_added_objects(tmp_path: Path) -> None:
    root = write(tmp_path, {"values/dev.yaml": "a: 1\n"})
    commit(root)
    write(root, {"values/prod.yaml": "a: 1\n", f"{MANIFESTS}/service.yaml": manifest("service")})
    commit(root)
    dev, prod = compared(root).environments
    assert (dev.state, dev.changes) == ("", ())
    assert prod.state == "new"
    assert [str(change.difference.kind) for change in prod.changes] == ["added"]


def test_objects_of_a_removed_environment_stay_in_the_cluster(tmp_path: Path) -> None:
    root = repository(tmp_path, Case(("claim", "deployment", "ingress")))
    git(root, "rm", "--quiet", "-r", "rendered", "argocd", "values")
    commit(write(root, {"values/dev.yaml": "a: 1\n"}))
    prod = compared(root).environments[1]
    assert prod.state == "removed"
    assert "Argo CD reports an error and deletes nothing" in prod.notes[0]
    assert not [line for line in consequences(prod) if "deletes" in line]


def test_a_renamed_environment_is_compared_with_the_old_one(tmp_path: Path) -> None:
    root = repository(tmp_path, Case(("deployment", "service", "claim")))
    for folder in ("rendered", "argocd"):
        git(root, "mv", f"{folder}/prod", f"{folder}/live")
    git(root, "mv", "values/prod.yaml", "values/live.yaml")
    commit(root)
    live = one(compared(root))
    assert (live.name, live.base_name, live.state) == ("live", "prod", "renamed")
    assert "still reads argocd/prod/apps" in live.notes[0]
    assert live.changes == ()


def test_a_renamed_environment_that_is_not_rendered_yet_is_found_by_its_values(
    tmp_path: Path,
) -> None:
    root = repository(tmp_path, Case(("deployment",)))
    git(root, "mv", "values/prod.yaml", "values/live.yaml")
    git(root, "rm", "--quiet", "-r", "rendered", "argocd")
    commit(root)
    live = one(compared(root))
    assert (live.name, live.base_name, live.state) == ("live", "prod", "renamed")


def test_a_folder_without_environments_is_refused(tmp_path: Path) -> None:
    root = repository(tmp_path, Case(("service",)))
    commit(write(root, {"docs/page.md": "text"}))
    with pytest.raises(InvalidInput, match="no environment in either revision"):
        compare(DiffRequest(str(root / "docs"), base="HEAD"), print, print)


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    root = repository(tmp_path, Case(("service",)))
    with pytest.raises(InvalidInput, match="no such environment in either revision"):
        compare(DiffRequest(str(root), ("pord",), "HEAD"), print, print)


def test_without_the_api_rules_program_fields_are_compared_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    root = repository(tmp_path / "r", Case(("deployment",), {'cpu: "1"': "cpu: 1000m"}))
    comparison = compared(root)
    assert "apicheck is not installed" in comparison.unchecked_because
    assert comparison.is_incomplete
    assert [one.label for one in one(comparison).changes[0].difference.fields] == [
        "spec.template.spec.containers[web].resources.limits.cpu"
    ]


def test_a_program_that_cannot_be_used_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "/bin/false")
    root = repository(tmp_path, Case(("claim",), {"20Gi": "10Gi"}))
    comparison = compared(root)
    assert comparison.unchecked_because.startswith("/bin/false cannot be used")
    assert consequences(one(comparison)) == []


def test_a_custom_resource_without_its_definition_is_compared_and_reported(tmp_path: Path) -> None:
    text = "apiVersion: example.org/v1\nkind: Shop\nmetadata: {name: a}\nspec: {shelves: 1}\n"
    root = write(tmp_path, {"values/prod.yaml": "a: 1\n", f"{MANIFESTS}/shop.yaml": text})
    commit(root)
    write(root, {f"{MANIFESTS}/shop.yaml": text.replace("1}", "2}")})
    commit(root)
    comparison = compared(root)
    [unchecked] = one(comparison).not_checked
    assert unchecked.subject == "Shop"
    assert "CustomResourceDefinition" in unchecked.reason
    assert not comparison.is_incomplete


@pytest.mark.parametrize(
    ("old", "new", "matters"),
    [
        ("replicas: 4", "replicas: 3", False),
        ("replicas: 4", "replicas: 4\n  minReadySeconds: 5", True),
    ],
)
def test_what_is_not_known_about_a_version_is_stated_where_it_may_matter(
    tmp_path: Path, old: str, new: str, matters: bool
) -> None:
    root = repository(tmp_path, Case(("deployment",)))
    chart = "rendered/prod/umbrella/Chart.yaml"
    write(root, {chart: 'name: prod\nkubeVersion: ">=1.35.0-0"\n'})
    commit(root)
    write(root, {f"{MANIFESTS}/deployment.yaml": manifest("deployment").replace(old, new)})
    commit(root)
    notes = compared(root).notes
    assert any(note.startswith("Kubernetes 1.35: ") for note in notes) == matters


@pytest.mark.parametrize(
    ("name", "old", "odd"),
    [
        ("deployment", "- name: web\n", "- name: [web]\n"),
        (
            "restricted",
            "securityContext:\n        runAsNonRoot: true",
            "securityContext: []\n      a:",
        ),
        ("restricted", "capabilities: {drop: [ALL]}", "capabilities: [ALL]"),
        ("service", "port: 80,", "port: [80],"),
        ("public-service", "[10.0.0.0/8]", "{a: [b]}"),
        ("statefulset", "name: data, mountPath", "name: [data], mountPath"),
        ("operator-binding", "- {kind: ServiceAccount", "- {kind: [ServiceAccount]"),
    ],
)
def test_fields_of_a_wrong_type_are_compared_as_they_are_written(
    tmp_path: Path, name: str, old: str, odd: str
) -> None:
    environment = one(compared(repository(tmp_path, Case((name,), {old: odd}))))
    assert len(environment.changes) == 1
