"""`gitops-gen diff`: a change of values, and what it does in the cluster."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gitops_gen.apicheck import VARIABLE
from tests.repository import Repository
from tests.unchanged import HEAVY, loaded_by


def classes(repository: Repository, *arguments: str) -> set[tuple[str, str]]:
    """The object and the class of each consequence."""
    done = repository.run("diff", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    return {
        (f"{change['object']['kind']}/{change['object']['name']}", consequence["class"])
        for environment in json.loads(done.stdout)["environments"]
        for change in environment["changes"]
        for consequence in change["consequences"]
    }


DANGEROUS = [
    ("postgres.storage.size=1Gi", {("StatefulSet/postgres", "refused")}),
    (
        "postgres.namespace=db2",
        {("StatefulSet/postgres", "data-loss"), ("AppProject/prod", "admission")},
    ),
    ("ingress.scheme=internal", {("Ingress/ingress", "new-load-balancer")}),
    ("postgres.database=orders", {("StatefulSet/postgres", "data-loss")}),
    ("postgres.storage.class=gp3", {("StatefulSet/postgres", "refused")}),
    ("tiers.frontend.replicas=0", {("Deployment/frontend", "downtime")}),
    ("tiers.frontend.image.tag=1.3.0", {("Deployment/frontend", "version")}),
    ("tiers.backend.namespace=other", {("Deployment/backend", "downtime")}),
    (
        "addons.kube-prometheus-stack.enabled=false",
        {("Application/kube-prometheus-stack", "data-loss")},
    ),
]


@pytest.mark.parametrize(("assignment", "expected"), DANGEROUS, ids=[case[0] for case in DANGEROUS])
def test_a_dangerous_value_is_reported_before_it_is_rendered(
    committed: Repository, assignment: str, expected: set[tuple[str, str]]
) -> None:
    done = committed.run("set", "prod", assignment)
    assert done.returncode == 0, done.stderr
    before = committed.look()
    assert expected <= classes(committed, "prod")
    assert committed.look() == before


def test_nothing_is_reported_without_a_change_and_nothing_is_written(committed: Repository) -> None:
    done = committed.run("diff")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == ["", "dev, prod: no change"]
    assert committed.git("status", "--porcelain") == ""


def test_the_threshold_decides_about_the_exit_code(committed: Repository) -> None:
    committed.run("set", "prod", "ingress.scheme=internal")
    assert committed.run("diff").returncode == 0
    assert committed.run("diff", "--fail-on", "data-loss").returncode == 0
    assert committed.run("diff", "--fail-on", "new-load-balancer").returncode == 1
    assert committed.run("diff", "--fail-on", "traffic").returncode == 1


def test_an_unknown_class_is_refused(committed: Repository) -> None:
    done = committed.run("diff", "--fail-on", "danger")
    assert done.returncode == 2
    assert "the classes are refused, data-loss, downtime" in done.stderr


def test_a_commit_trailer_accepts_a_danger(committed: Repository) -> None:
    committed.git("switch", "--quiet", "--create", "change")
    committed.run("set", "prod", "ingress.scheme=internal", "postgres.storage.size=1Gi")
    committed.render()
    lines = [
        *("Move the load balancer", ""),
        "Accept-Change: new-load-balancer Ingress app/ingress: DNS follows within a minute",
        "Accept-Change: access NetworkPolicy app/backend: only the load balancer moves",
        "Accept-Change: access NetworkPolicy app/frontend: only the load balancer moves",
        "Accept-Change: refused StatefulSet database/postgres: please",
        "Accept-Change: cost Ingress app/ingress: not needed",
    ]
    committed.commit("\n".join(lines))
    done = committed.run("diff", "prod", "--fail-on", "new-load-balancer")
    assert done.returncode == 1
    assert "(accepted: DNS follows within a minute)" in done.stdout
    assert "of a <a@example.com> has no effect: a change of class refused cannot" in done.stdout
    assert "accepts nothing: no change of this object is in the class" in done.stdout
    committed.run("set", "prod", "postgres.storage.size=5Gi")
    assert committed.run("diff", "prod", "--fail-on", "new-load-balancer").returncode == 0


def test_without_the_program_the_exit_code_is_3(committed: Repository) -> None:
    without = replace(committed, variables={VARIABLE: ""})
    done = without.run("diff")
    assert done.returncode == 3
    assert "not checked: the program apicheck is not installed" in done.stdout
    assert without.run("diff", "--allow-unchecked").returncode == 0


def test_a_tier_that_is_removed_with_its_namespace_stays_in_the_cluster(
    committed: Repository,
) -> None:
    committed.run("set", "prod", "tiers.backend.namespace=payments")
    committed.render()
    committed.commit("Payments")
    committed.edit("values/prod.yaml", "namespace: payments", "namespace: app")
    found = classes(committed, "prod")
    assert ("AppProject/prod", "admission") in found
    assert ("Deployment/backend", "downtime") not in found


def test_a_base_without_generated_files_is_rendered(committed: Repository) -> None:
    committed.git("rm", "--quiet", "-r", "--cached", "rendered", "argocd")
    committed.git("commit", "--quiet", "--message", "Values only")
    committed.run("set", "prod", "tiers.frontend.replicas=4")
    done = committed.run("diff", "prod")
    assert "contains no generated files, so its values were rendered" in done.stdout
    assert "~ spec.replicas  3 -> 4  # cost: 4 Pods instead of 3" in done.stdout


def test_a_folder_without_git_has_nothing_to_compare_with(repository: Repository) -> None:
    done = repository.run("diff")
    assert done.returncode == 2
    assert "not a git repository" in done.stderr


def test_what_is_rendered_and_committed_is_compared_without_the_modules_for_a_render(
    committed: Repository,
) -> None:
    committed.run("set", "prod", "tiers.frontend.image.tag=1.4.3")
    committed.run("render")
    loaded = loaded_by(committed, "diff", "--base", "HEAD")
    # Git and apicheck are processes, and manifests are parsed.
    assert HEAVY & loaded <= {"subprocess", "tempfile", "yaml", "logging"}
    assert "gitops_gen.workspace.workspace" not in loaded
