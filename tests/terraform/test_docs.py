"""Runs the documented commands that work with stubs, and checks the syntax of the others."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from workspace import REPOSITORY, Workspace, resources

from gitops_gen.apicheck import find as find_apicheck

UP, RUNBOOK = REPOSITORY / "docs/terraform.md", REPOSITORY / "docs/runbook.md"
PAGES = (UP, RUNBOOK, REPOSITORY / "terraform/README.md")
_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.S | re.M)
_AWS = re.compile(r"\baws ([a-z0-9]+) ([a-z-]+)([^`|)\n]*)")
# The last command queries a registry.
_OUT_OF_REACH = ("aws ", "kubectl ", "terraform -chdir=terraform/infra providers lock ")
_WITH_ANSWERS = ("$(", "<<")  # commands that use the output of another command
_OF_THE_CLI = {"region", "query", "output"}
_FORMER = "## Clusters that version 0.1.0 has synced\n"


def blocks(text: str) -> list[str]:
    return [textwrap.dedent(block) for block in _BLOCK.findall(text)]


def within_reach(text: str) -> str:
    """Returns the commands that need neither AWS nor a cluster.

    The state is stored next to the code, as the page describes.
    """
    lines = [
        line.replace(" -backend-config=dev.backend.hcl", "")
        for block in blocks(text)
        if not any(sign in block for sign in _WITH_ANSWERS)
        for line in block.splitlines()
        if not line.startswith(_OUT_OF_REACH)
    ]
    return checked_without_apicheck("\n".join(lines))


def checked_without_apicheck(commands: str) -> str:
    """Lets `gitops-gen check` pass with objects that were not checked if apicheck is not built."""
    if find_apicheck():
        return commands
    return commands.replace("gitops-gen check ", "gitops-gen check --allow-unchecked ")


def without_former_clusters(text: str) -> str:
    """Removes the section whose commits would be empty in a newly rendered repository."""
    before, section = text.split(_FORMER)
    return before + section[section.index("\n## ") :]


@pytest.fixture
def repository(fresh: Workspace) -> Workspace:
    """A cloned repository of a user, with values/, terraform/ and a remote."""
    shutil.rmtree(fresh.root / "argocd")
    shutil.copytree(REPOSITORY / "values", fresh.root / "values")
    remote = f"../{fresh.root.name}.git"
    run(fresh, f"git init --quiet --initial-branch main && git init --quiet --bare {remote}")
    run(fresh, f"git remote add origin {remote} && git config push.autoSetupRemote true")
    run(fresh, "git add values && git commit --quiet --message 'as it was cloned'")
    return fresh


def run(workspace: Workspace, script: str) -> str:
    tools = os.pathsep.join((str(workspace.terraform.parent), str(Path(sys.executable).parent)))
    identity = {"NAME": "somebody", "EMAIL": "somebody@example.com"}
    environment = {
        **workspace.environment(),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "TF_CLI_ARGS_apply": "-auto-approve -input=false -no-color",
        "TF_CLI_ARGS_destroy": "-auto-approve -input=false -no-color",
        **{
            f"GIT_{who}_{key}": text
            for who in ("AUTHOR", "COMMITTER")
            for key, text in identity.items()
        },
    }
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=workspace.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_from_nothing_to_a_cluster(repository: Workspace) -> None:
    run(repository, within_reach(UP.read_text()))
    facts = json.loads(repository.run("infra", "output", "-json", "gitops"))
    controller = rendered(repository, "argocd/dev/apps/aws-load-balancer-controller.yaml")
    for fact in (facts["clusterName"], facts["region"], facts["vpc"]["id"]):
        assert re.search(rf": {fact}$", controller, re.M)
    ingress = rendered(repository, "rendered/dev/manifests/ingress/app/ingress-ingress.yaml")
    assert facts["albSecurityGroup"] in ingress
    policy = rendered(repository, "rendered/dev/manifests/backend/app/networkpolicy-backend.yaml")
    assert all(cidr in policy for cidr in facts["vpc"]["publicSubnetCidrs"])
    assert applied_manifest(repository) == rendered(repository, "argocd/dev/bootstrap.yaml")
    committed = run(repository, "git ls-tree -r --name-only origin/main").split()
    assert set(committed) >= NEEDED_ON_A_CLONE
    plan_on_a_clone(repository)


NEEDED_ON_A_CLONE = {
    "values/clusters/dev.json",
    "terraform/infra/dev.tfvars",
    "terraform/bootstrap/dev.tfvars.json",
    *(
        f"terraform/{root}/{file}"
        for root in ("infra", "bootstrap")
        for file in ("dev.backend.hcl", ".terraform.lock.hcl")
    ),
}


def plan_on_a_clone(repository: Workspace) -> None:
    """Plans in a fresh clone. The state, which is usually in S3, is copied to the clone."""
    run(repository, "git add --force terraform/*/backend_override.tf terraform")
    run(repository, "git commit --quiet --message 'the rest' && git push --quiet")
    run(repository, f"git clone --quiet --branch main ../{repository.root.name}.git ../clone")
    for root, variables in (("infra", "dev.tfvars"), ("bootstrap", "dev.tfvars.json")):
        run(repository, f"cp terraform/{root}/terraform.tfstate ../clone/terraform/{root}/")
        at = f"terraform -chdir=../clone/terraform/{root}"
        run(repository, f"{at} init -lockfile=readonly")
        assert "No changes." in run(repository, f"{at} plan -no-color -var-file={variables}")


def rendered(workspace: Workspace, path: str) -> str:
    return (workspace.root / path).read_text()


def applied_manifest(workspace: Workspace) -> str:
    """Returns the only value of the bootstrap release, a block scalar, as text."""
    found = resources(workspace.show("bootstrap"))
    (release,) = (one for one in found if one.address == "module.argocd.helm_release.bootstrap")
    key, _, text = release.values["values"][0].partition("\n")
    assert key == '"manifest": |'
    return textwrap.dedent(text)


def test_the_runbook(repository: Workspace) -> None:
    """Upgrades and destroys an environment that was created before."""
    infra = repository.root / "terraform/infra"
    shutil.copy(infra / "examples/ha.tfvars", infra / "examples/default.tfvars")
    run(repository, within_reach(UP.read_text()).replace("dev", "prod"))
    (version,) = re.findall(r"`(kubernetes_version = \S+)`", RUNBOOK.read_text())
    with (infra / "prod.tfvars").open("a") as file:
        file.write(f"{version}\n")
    run(repository, within_reach(without_former_clusters(RUNBOOK.read_text())))
    layer = json.loads((repository.root / "values/clusters/prod.json").read_text())
    assert layer["cluster"]["kubernetesVersion"] == shlex.split(version)[-1]
    assert resources(repository.show("infra")) == resources(repository.show("bootstrap")) == []
    assert os.access(repository.root / "down.sh", os.R_OK)


def test_a_new_kubernetes_version_changes_only_cluster_add_ons_and_nodes(fresh: Workspace) -> None:
    variables = "-var-file=examples/default.tfvars"
    fresh.apply("infra", variables)
    plan = fresh.plan("infra", variables, "-var=kubernetes_version=1.36")
    changes = {
        (one["type"], *one["change"]["actions"])
        for one in plan["resource_changes"]
        if one["mode"] == "managed" and one["change"]["actions"] != ["no-op"]
    }
    kinds = ("aws_eks_addon", "aws_eks_cluster", "aws_eks_node_group")
    assert changes == {(kind, "update") for kind in kinds}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_is_bash(page: Path) -> None:
    for block in blocks(page.read_text()):
        done = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True)
        assert done.stderr == "", block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_aws_has_every_command_and_option(page: Path) -> None:
    commands = _AWS.findall(page.read_text())
    assert commands
    for service, operation, rest in commands:
        used = set(re.findall(r"--([a-z-]+)", rest)) - _OF_THE_CLI
        if operation != "update-kubeconfig":  # options of the CLI itself
            wrong = used - options({"s3api": "s3"}.get(service, service), operation, rest)
            assert not wrong, f"{page.name}: aws {service} {operation}: {wrong}"


def options(service: str, operation: str, rest: str) -> set[str]:
    """Returns the option names of the AWS CLI for the input members of the API call."""
    model: Any = botocore.session.get_session().get_service_model(service)
    if operation == "wait":
        waiters = botocore.session.get_session().get_waiter_model(service)
        names = {xform_name(name, "-"): name for name in waiters.waiter_names}
        operation = xform_name(waiters.get_waiter(names[rest.split()[0]]).operation, "-")
    names = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).input_shape
    return {xform_name(member, "-") for member in shape.members}
