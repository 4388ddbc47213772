"""`set`, `import-cluster` and `render` print the dangers of what is not committed yet."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gitops_gen.apicheck import VARIABLE
from tests.repository import Repository

FOLLOW_UP = "`gitops-gen diff prod --base HEAD` shows these changes, and what to do"

DANGEROUS = {
    "postgres.image.tag=18.1-bookworm": "prod: downtime, probably: StatefulSet database/postgres: "
    "another major version of the database does not start with the existing files",
    "postgres.database=orders": "prod: data-loss, probably: StatefulSet database/postgres: "
    "the database has another name",
    "postgres.user=orders": "prod: data-loss, probably: StatefulSet database/postgres: "
    "the owner of the database has another name",
    "postgres.namespace=db2": "prod: data-loss: StatefulSet db2/postgres: "
    "the new object starts without the data of StatefulSet database/postgres",
    "postgres.storage.class=gp3": "prod: refused: StatefulSet database/postgres: immutable "
    "(spec.volumeClaimTemplates[data].spec.storageClassName: gp2 -> gp3)",
    "postgres.storage.size=1Gi": "prod: refused: StatefulSet database/postgres: immutable "
    "(spec.volumeClaimTemplates[data].spec.resources.requests.storage: 5Gi -> 1Gi)",
    "tiers.backend.namespace=other": "prod: downtime: Deployment other/backend: "
    "Argo CD deletes Deployment app/backend and its Pods",
    "tiers.backend=null": "prod: downtime: Deployment app/backend: "
    "Argo CD deletes the Deployment and its Pods",
    "addons.kube-prometheus-stack.enabled=false": "prod: data-loss: "
    "Application argocd/kube-prometheus-stack: "
    "Argo CD deletes all objects of chart kube-prometheus-stack",
    "tiers.frontend.image.tag=1.3.0": "prod: version, probably: Deployment app/frontend: "
    "downgrade from 1.4.2 to 1.3.0 of ghcr.io/acme/frontend",
    "tiers.frontend.replicas=0": "prod: downtime: Deployment app/frontend: no Pod runs any more "
    "(spec.replicas: 3 -> 0)",
    "tiers.frontend.port=9090": "prod: traffic: Service app/frontend: clients of port 8080 get no "
    "answer: port http has the number 9090 now",
    "ingress.scheme=internal": "prod: new-load-balancer: Ingress app/ingress: "
    "another load balancer, with another DNS name, replaces this one",
}


@pytest.mark.parametrize("assignment", DANGEROUS)
def test_set_prints_a_danger_and_writes_nothing_but_the_values(
    committed: Repository, assignment: str
) -> None:
    done = committed.run("set", "prod", assignment)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith(DANGEROUS[assignment])], done.stderr
    assert lines[-1] == FOLLOW_UP
    assert committed.git("status", "--porcelain").split() == ["M", "values/prod.yaml"]


def test_set_and_render_warn_of_changes_that_cannot_be_undone(committed: Repository) -> None:
    changes = ("postgres.storage.size=1Gi", "postgres.namespace=db2", "ingress.scheme=internal")
    set_lines = committed.run("set", "prod", *changes).stderr.splitlines()
    assert [line.split(": ")[1:3] for line in set_lines[:2]] == [
        ["data-loss", "StatefulSet db2/postgres"],
        ["admission", "AppProject argocd/prod"],
    ]
    assert any(line.startswith(DANGEROUS["ingress.scheme=internal"]) for line in set_lines)
    assert committed.run("render").stderr.splitlines()[-len(set_lines) :] == set_lines


def test_render_warns_of_a_tier_that_would_keep_running(committed: Repository) -> None:
    image = "image: {repository: ghcr.io/acme/pay, tag: 1.0.0}"
    tier = f"  pay: {{namespace: payments, {image}, port: 8080}}\n"
    committed.edit("values/prod.yaml", "tiers:\n", f"tiers:\n{tier}")
    committed.render()
    committed.commit("Payments")
    committed.edit("values/prod.yaml", tier, "")
    done = committed.run("render")
    [line] = [line for line in done.stderr.splitlines() if "Deployment payments/pay" in line]
    assert line.startswith("prod: admission: AppProject argocd/prod: Argo CD cannot delete ")
    [entry] = re.findall(r"add to the values of the environment: `(alsoAdmit: \[.*?\])`", line)
    assert entry.startswith("alsoAdmit: [{namespace: payments, reason: ")
    committed.write("values/prod.yaml", f"{committed.read('values/prod.yaml')}{entry}\n")
    done = committed.run("render")
    assert ": admission: " not in done.stderr
    assert "Argo CD deletes the Deployment and its Pods" in done.stderr


def test_an_expected_change_is_not_a_danger(committed: Repository) -> None:
    done = committed.run("set", "prod", "tiers.frontend.replicas=4", "tiers.frontend.env.A=b")
    assert done.stderr == ""


def test_a_change_that_is_undone_is_not_a_danger(committed: Repository) -> None:
    committed.run("set", "prod", "ingress.scheme=internal")
    done = committed.run("set", "prod", "ingress.scheme=internet-facing")
    assert done.stderr == ""


def test_one_danger_in_several_environments_is_one_line(committed: Repository) -> None:
    base = committed.read("values/base.yaml").rstrip("\n")
    committed.write("values/base.yaml", f"{base}\ningress:\n  scheme: internal\n")
    lines = committed.run("render").stderr.splitlines()
    assert len([line for line in lines if ": new-load-balancer: " in line]) == 1
    assert f"dev, {DANGEROUS['ingress.scheme=internal']}" in "\n".join(lines)
    assert lines[-1] == FOLLOW_UP.replace("diff prod", "diff dev prod")


def test_a_new_environment_endangers_nothing(committed: Repository) -> None:
    facts = committed.read("values/clusters/prod.json").replace("prod", "stage")
    committed.write("values/clusters/stage.json", facts.replace("10.20.", "10.30."))
    committed.write("values/stage.yaml", committed.read("values/prod.yaml"))
    done = committed.run("set", "stage", "ingress.scheme=internal")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_removed_environment_is_explained(committed: Repository) -> None:
    committed.path("values/dev.yaml").unlink()
    committed.path("values/clusters/dev.json").unlink()
    done = committed.run("render")
    assert "dev: the environment is removed: without argocd/dev/ in Git, Argo CD" in done.stderr


def test_render_that_writes_nothing_does_not_ask_git(committed: Repository) -> None:
    committed.run("set", "prod", "ingress.scheme=internal")
    committed.render()
    assert committed.run("render", PATH="/nowhere").stderr == ""
    assert committed.run("render", "--check").stderr == ""


def test_without_a_repository_or_a_commit_nothing_is_compared(
    repository: Repository,
) -> None:
    assert repository.run("set", "prod", "ingress.scheme=internal").stderr == ""
    repository.git("init", "--quiet")
    assert repository.run("set", "prod", "ingress.scheme=internet-facing").stderr == ""
    repository.commit("Start")
    assert repository.run("set", "prod", "ingress.scheme=internal").stderr != ""


@pytest.mark.parametrize("damaged", [".git/HEAD", ".git/objects/*"])
def test_a_last_commit_that_cannot_be_read_is_reported(committed: Repository, damaged: str) -> None:
    for path in committed.root.glob(damaged):
        path.rename(committed.path(f"{path.name}.moved"))
    done = committed.run("set", "prod", "ingress.scheme=internal")
    assert done.returncode == 0
    assert done.stderr.startswith("not compared with the last commit: ")
    assert "scheme: internal" in committed.read("values/prod.yaml")


def test_without_git_the_dangers_are_reported_as_unknown(committed: Repository) -> None:
    done = committed.run("set", "prod", "ingress.scheme=internal", PATH="/nowhere")
    assert done.returncode == 0
    assert done.stderr.startswith("not compared with the last commit: git is not on PATH")
    assert "scheme: internal" in committed.read("values/prod.yaml")


def test_without_apicheck_it_is_not_known_what_the_api_server_refuses(
    committed: Repository,
) -> None:
    without = replace(committed, variables={VARIABLE: ""})
    lines = without.run("set", "prod", "ingress.scheme=internal").stderr.splitlines()
    assert lines[0].startswith("not checked whether the API server refuses the changes: ")
    assert any(line.startswith(DANGEROUS["ingress.scheme=internal"]) for line in lines)


def test_an_added_tier_endangers_no_pods(committed: Repository) -> None:
    tier = "{namespace: payments, image: {repository: ghcr.io/acme/pay, tag: 1.0.0}, port: 8080}"
    lines = committed.run("set", "prod", f"tiers.pay={tier}").stderr.splitlines()
    assert [line.split(": ")[1:3] for line in lines] == [["access", "AppProject argocd/prod"], []]


def test_a_removed_tier_leaves_no_pods_without_a_policy(committed: Repository) -> None:
    lines = committed.run("set", "prod", "tiers.frontend.enabled=false").stderr.splitlines()
    assert [line for line in lines if ": access: " in line] == []
