"""`gitops-gen affected` names the environments and components that a change touches."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gitops_gen.report.affected.json_format import SCHEMA
from tests.repository import Repository
from tests.unchanged import HEAVY, loaded_by

APPLICATION = {
    *("aws-load-balancer-controller", "backend", "cert-manager", "frontend", "ingress"),
    *("kube-prometheus-stack", "platform", "postgres", "prometheus-operator-crds"),
}
OF_QA = APPLICATION | {"metrics-server", "zoo"}
EVERYTHING = {"dev": APPLICATION, "prod": APPLICATION, "qa": OF_QA}
UPSTREAM = {
    *("aws-load-balancer-controller", "cert-manager", "kube-prometheus-stack"),
    "prometheus-operator-crds",
}
UPSTREAM_OF_QA = UPSTREAM | {"metrics-server"}
OF_UPSTREAM = {"dev": UPSTREAM, "prod": UPSTREAM, "qa": UPSTREAM_OF_QA}

Change = Callable[[Repository], None]
Components = dict[str, set[str]]


def document(repository: Repository, *arguments: str) -> dict[str, Any]:
    """The JSON document, which matches its schema."""
    done = repository.run("affected", "--format", "json", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(found, json.loads(SCHEMA.read_bytes()))
    return found


def components(found: dict[str, Any]) -> Components:
    return {one["name"]: set(one["components"]) for one in found["environments"]}


def edit(path: str, old: str, new: str) -> Change:
    return lambda repository: repository.edit(path, old, new)


def write(path: str, text: str) -> Change:
    return lambda repository: repository.write(path, text)


def append(path: str, text: str) -> Change:
    return lambda repository: repository.write(path, repository.read(path) + text)


def remove(path: str) -> Change:
    return lambda repository: repository.path(path).unlink()


def pinned(chart: str, version: str) -> str:
    """A file that chooses the version of one upstream chart."""
    repository = "https://charts.example.com"
    dependency = f"{{name: {chart}, version: {version}, repository: {repository}}}"
    return f"apiVersion: v2\nname: upstream\nversion: 0.0.0\ndependencies: [{dependency}]\n"


CHANGES: dict[str, tuple[Change, Components]] = {
    "nothing": (lambda _repository: None, {}),
    "documentation": (append("README.md", "More.\n"), {}),
    "a picture": (remove("docs/picture.svg"), {}),
    "code of the application": (append("src/backend/main.py", "print()\n"), {}),
    "the schema for editors": (append("values/schema.json", "\n"), {}),
    "a chart that no environment uses": (append("charts/unused/Chart.yaml", "# x\n"), {}),
    "a value of a tier": (edit("values/prod.yaml", "1.4.2", "1.4.3"), {"prod": {"frontend"}}),
    "a value that others follow": (
        append("values/prod.yaml", "postgres: {database: orders}\n"),
        {"prod": {"backend", "postgres"}},
    ),
    "a port that others follow": (
        edit("values/base.yaml", "port: 8080\n    path: /\n", "port: 9090\n    path: /\n"),
        {name: {"frontend", "ingress"} for name in EVERYTHING},
    ),
    "a comment": (append("values/prod.yaml", "# a comment\n"), {"prod": set()}),
    "the repository": (
        edit("values/base.yaml", "revision: main", "revision: next"),
        EVERYTHING,
    ),
    "the version of gitops-gen": (edit("values/base.yaml", '"0.1"', '"0.2"'), EVERYTHING),
    "a file that installs gitops-gen": (edit("requirements.txt", "0.1.0", "0.1.1"), EVERYTHING),
    "a new file that installs Helm": (
        write(".github/workflows/ci.yaml", "steps: [{uses: azure/setup-helm}]\n"),
        EVERYTHING,
    ),
    "a group": (edit("values/groups/test.yaml", "test", "trial"), {"qa": {"backend"}}),
    "a fact of a cluster": (
        edit("values/clusters/qa.json", "ap-northeast-2", "eu-west-1"),
        {"qa": OF_QA},
    ),
    "a chart": (append("charts/zoo/templates/x.yaml", "data: {a: b}\n"), {"qa": {"zoo"}}),
    "a new file of a chart": (write("charts/zoo/templates/y.yaml", "# y\n"), {"qa": {"zoo"}}),
    "the version of a chart that all environments use": (
        write("charts/upstream/Chart.yaml", pinned("cert-manager", "v1.18.2")),
        OF_UPSTREAM,
    ),
    "the version of a chart that only one environment uses": (
        write("charts/upstream/Chart.yaml", pinned("metrics-server", "3.12.2")),
        {"qa": UPSTREAM_OF_QA},
    ),
    "the version of a chart that no environment uses": (
        write("charts/upstream/Chart.yaml", pinned("external-dns", "1.18.0")),
        {},
    ),
    "versions of charts that cannot be read": (
        write("charts/upstream/Chart.yaml", "dependencies: [\n"),
        EVERYTHING,
    ),
    "an archive of a chart": (
        write("charts/upstream/vendor/cert-manager-v1.18.2.tgz", "not in charts.lock"),
        OF_UPSTREAM,
    ),
    "a manifest that was edited by hand": (
        append("rendered/dev/manifests/backend/app/deployment-backend.yaml", "# x\n"),
        {"dev": {"backend"}},
    ),
    "an Application that was removed": (
        remove("argocd/dev/apps/cert-manager.yaml"),
        {"dev": {"cert-manager"}},
    ),
    "the umbrella": (append("rendered/dev/umbrella/values.yaml", "# x\n"), {"dev": set()}),
    "a new component": (
        append("values/dev.yaml", "addons: {more: {path: charts/unused, namespace: more}}\n"),
        {"dev": {"more", "platform"}},
    ),
    "values that cannot be parsed": (write("values/dev.yaml", "tiers: [\n"), {"dev": APPLICATION}),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=list(CHANGES))
def test_a_change_touches_these_components(
    fleet: Repository, change: Change, expected: Components
) -> None:
    change(fleet)
    assert components(document(fleet)) == expected
    fleet.git("switch", "--quiet", "--create", "change")
    fleet.commit("Change")
    found = document(fleet)
    assert components(found) == expected
    assert (found["complete"], found["notes"]) == (True, [])


def test_a_new_and_a_removed_environment_are_named(fleet: Repository) -> None:
    for path in ("values/{}.yaml", "values/clusters/{}.json"):
        fleet.path(path.format("qa")).rename(fleet.path(path.format("stage")))
    found = document(fleet)
    assert found["removed"] == ["qa"]
    [stage] = found["environments"]
    assert (stage["name"], stage["new"], set(stage["components"])) == ("stage", True, OF_QA)
    assert fleet.run("affected").stdout.splitlines()[1:] == [
        f"stage (new): {', '.join(sorted(OF_QA))}",
        "  values/clusters/stage.json",
        "  values/stage.yaml",
        "qa: removed",
    ]


def test_a_file_that_was_touched_but_not_changed_is_not_named(fleet: Repository) -> None:
    path = fleet.path("values/prod.yaml")
    path.write_text(path.read_text())
    assert components(document(fleet)) == {}


def test_values_that_git_ignores_and_values_behind_a_link_are_named(fleet: Repository) -> None:
    fleet.write(".gitignore", "values/local.yaml\nshared/\n")
    fleet.write("shared/dev.yaml", fleet.read("values/dev.yaml"))
    fleet.path("values/dev.yaml").unlink()
    fleet.path("values/dev.yaml").symlink_to("../shared/dev.yaml")
    fleet.git("add", "--force", "shared", "values")
    fleet.commit("A link")
    fleet.write("values/local.yaml", "")
    fleet.edit("shared/dev.yaml", "1.5.0", "1.5.1")
    found = components(document(fleet, "--base", "HEAD"))
    assert found == {"dev": {"frontend"}, "local": found["local"]}


def test_a_merge_on_the_default_branch_is_compared_with_its_last_common_commit(
    fleet: Repository,
) -> None:
    fleet.git("switch", "--quiet", "--create", "change")
    fleet.edit("values/dev.yaml", "1.5.0", "1.5.1")
    fleet.commit("Change")
    fleet.git("switch", "--quiet", "main")
    fleet.edit("values/prod.yaml", "1.4.2", "1.4.3")
    fleet.commit("Another change")
    fleet.git("switch", "--quiet", "--detach", "change")
    assert components(document(fleet)) == {"dev": {"frontend"}}
    assert components(document(fleet, "--base", "HEAD^")) == {"dev": {"frontend"}}


def test_values_in_a_folder_of_the_clone(fleet: Repository, tmp_path: Path) -> None:
    """The workflow is outside of the folder, and sets the version of gitops-gen."""
    clone = replace(fleet, root=tmp_path / "clone")
    shutil.copytree(fleet.root, clone.root / "deploy", ignore=shutil.ignore_patterns(".git"))
    clone.write(".github/workflows/ci.yaml", "run: pip install gitops-gen==0.1.0\n")
    clone.write("values/note.txt", "not a folder of gitops-gen\n")
    clone.git("init", "--quiet", "--initial-branch=main")
    clone.commit("Start")
    deploy = replace(clone, root=clone.root / "deploy")
    clone.write("values/dev.yaml", "x: y\n")
    clone.edit("deploy/values/prod.yaml", "1.4.2", "1.4.3")
    assert components(document(deploy)) == {"prod": {"frontend"}}
    clone.edit(".github/workflows/ci.yaml", "0.1.0", "0.1.1")
    assert components(document(deploy)) == EVERYTHING


def without_commits(fleet: Repository, folder: Path) -> Repository:
    shutil.copytree(fleet.root, folder, ignore=shutil.ignore_patterns(".git"))
    created = replace(fleet, root=folder)
    created.git("init", "--quiet")
    return created


def without_repository(fleet: Repository, folder: Path) -> Repository:
    shutil.copytree(fleet.root, folder, ignore=shutil.ignore_patterns(".git"))
    return replace(fleet, root=folder)


def on_another_branch(fleet: Repository, _folder: Path) -> Repository:
    fleet.git("branch", "--move", "main", "trunk")
    return fleet


def shallow(fleet: Repository, folder: Path) -> Repository:
    """A clone of one commit of a branch, as CI systems create it."""
    fleet.git("switch", "--quiet", "--create", "change")
    fleet.commit("Change")
    fleet.git("switch", "--quiet", "main")
    origin = f"file://{fleet.root}"
    fleet.git("clone", "--quiet", "--depth=1", "--branch=change", origin, str(folder))
    return replace(fleet, root=folder)


def shallow_branches(fleet: Repository, folder: Path) -> Repository:
    """A clone with the last commits of both branches, of which none is an ancestor of the other."""
    fleet.git("switch", "--quiet", "--create", "change")
    fleet.commit("Change")
    fleet.git("switch", "--quiet", "main")
    fleet.commit("Another change")
    origin = f"file://{fleet.root}"
    words = ("--depth=1", "--no-single-branch", "--branch=change")
    fleet.git("clone", "--quiet", *words, origin, str(folder))
    return replace(fleet, root=folder)


def unrelated(fleet: Repository, _folder: Path) -> Repository:
    fleet.git("switch", "--quiet", "--orphan", "unrelated")
    fleet.git("restore", "--source", "main", ".")
    fleet.commit("A new start")
    return fleet


NOT_KNOWN = {
    without_commits: "has no commit",
    without_repository: "not a git repository",
    on_another_branch: "none of the branches",
    shallow: "the clone is shallow",
    shallow_branches: "the clone is shallow",
    unrelated: "no common commit",
}


@pytest.mark.parametrize(("prepare", "reason"), NOT_KNOWN.items())
def test_without_a_base_everything_is_named_with_the_reason(
    fleet: Repository,
    tmp_path: Path,
    prepare: Callable[[Repository, Path], Repository],
    reason: str,
) -> None:
    repository = prepare(fleet, tmp_path / "other")
    found = document(repository)
    assert components(found) == EVERYTHING
    assert found["complete"] is False
    assert reason in " ".join(found["notes"])
    assert "all environments are named" in repository.run("affected").stdout


def test_a_base_that_is_not_a_revision_is_an_error(fleet: Repository) -> None:
    done = fleet.run("affected", "--base", "no-such-branch")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'no-such-branch' is not a revision of this repository" in done.stderr


def test_the_parent_of_a_shallow_clone_is_a_certain_base(fleet: Repository, tmp_path: Path) -> None:
    fleet.edit("values/prod.yaml", "1.4.2", "1.4.3")
    fleet.commit("Change")
    fleet.git("clone", "--quiet", "--depth=2", f"file://{fleet.root}", str(tmp_path / "clone"))
    found = document(replace(fleet, root=tmp_path / "clone"), "--base", "HEAD^")
    assert components(found) == {"prod": {"frontend"}}
    assert found["complete"] is True


def test_a_partial_clone_without_the_files_of_the_base_names_everything(
    fleet: Repository, tmp_path: Path
) -> None:
    fleet.git("config", "uploadpack.allowFilter", "true")
    fleet.edit("values/prod.yaml", "1.4.2", "1.4.3")
    fleet.commit("Change")
    folder = tmp_path / "clone"
    fleet.git("clone", "--quiet", "--filter=blob:none", f"file://{fleet.root}", str(folder))
    found = document(replace(fleet, root=folder), "--base", "HEAD^")
    assert components(found) == EVERYTHING
    assert "partial clone" in " ".join(found["notes"])


def test_nothing_is_written_and_nothing_rendered(fleet: Repository) -> None:
    fleet.edit("values/prod.yaml", "1.4.2", "1.4.3")
    before = fleet.look()
    without_helm = replace(fleet, helm="/no/such/helm")
    assert components(document(without_helm)) == {"prod": {"frontend"}}
    assert fleet.look() == before
    assert {name for name in HEAVY & loaded_by(without_helm, "affected") if "helm" in name} == set()
