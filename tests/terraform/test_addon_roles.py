"""The IAM roles of add-ons, from their declaration in a component to the Terraform resources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import iam
from workspace import REPOSITORY, Plan, Workspace, resources

ADDON = REPOSITORY / "tests/integration/render/new_component/acme_scaler"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:GetQueueAttributes", "Resource": "*"}],
}
DEFAULT = "-var-file=examples/default.tfvars"


def declared_with(addon: Path, folder: Path) -> bytes:
    """roles.json as `make addon-roles` writes it for a package with an additional add-on."""
    package = folder / "gitops_gen"
    shutil.copytree(REPOSITORY / "gitops_gen", package)
    shutil.copytree(addon, package / "components" / addon.name)
    program = (
        "import sys; from gitops_gen.components.addon_roles import roles_file; "
        "sys.stdout.buffer.write(roles_file())"
    )
    # With -c, Python imports from the working directory first, which has a package with this name.
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout


def of_role(plan: Plan, name: str) -> dict[str, dict[str, object]]:
    """Returns the planned resources for the role of an add-on, as values by type."""
    address = f'module.addons.module.role["{name}"].'
    return {one.type: one.values for one in resources(plan) if one.address.startswith(address)}


def test_a_role_requires_only_a_component_folder_and_a_policy(
    fresh: Workspace, tmp_path: Path
) -> None:
    module = fresh.root / "terraform/modules/addons"
    (module / "roles.json").write_bytes(declared_with(ADDON, tmp_path / "package"))
    (module / "acme-scaler.json").write_text(json.dumps(POLICY))
    assert of_role(fresh.plan("infra", DEFAULT), "acme-scaler") == {}
    state = fresh.apply("infra", DEFAULT, '-var=addon_roles=["acme-scaler"]')
    made = of_role(state, "acme-scaler")
    assert made["aws_iam_role"]["name"] == "acme-dev-acme-scaler"
    assert json.loads(str(made["aws_iam_role_policy"]["policy"])) == POLICY
    association = made["aws_eks_pod_identity_association"]
    assert (association["namespace"], association["service_account"]) == (
        "acme-scaler",
        "acme-scaler-operator",
    )
    assert "acme-scaler" in state["values"]["outputs"]["gitops"]["value"]["addonRoles"]


def test_a_cluster_of_an_earlier_version_keeps_its_roles(planned: Plan, variant: str) -> None:
    """With another address or name, Terraform replaces the role, and Pods lose their access."""
    found = {
        one.address: one.values["name"].split("-", 2)[2]
        for one in resources(planned)
        if one.type == "aws_iam_role" and one.address.startswith("module.addons.module.role[")
    }
    earlier = ["aws-load-balancer-controller", "cloudwatch", "ebs-csi"]
    earlier += ["external-secrets"] if variant == "ha" else []
    assert found == {
        f'module.addons.module.role["{name}"].aws_iam_role.this': name for name in earlier
    }


OPTIONAL = ("external-dns", "external-secrets")


def test_optional_roles_allow_no_more_than_their_add_ons_need(fresh: Workspace) -> None:
    made = fresh.apply("infra", DEFAULT, f"-var=addon_roles={json.dumps(OPTIONAL)}")
    assert iam.wrong(resources(made)) == []
    policies = {name: of_role(made, name)["aws_iam_role_policy"]["policy"] for name in OPTIONAL}
    assert len(set(policies.values())) == len(OPTIONAL)


def test_external_dns_changes_only_records_of_the_types_that_it_creates(fresh: Workspace) -> None:
    made = fresh.apply("infra", DEFAULT, '-var=addon_roles=["external-dns"]')
    policy = json.loads(str(of_role(made, "external-dns")["aws_iam_role_policy"]["policy"]))
    [changes] = [one for one in policy["Statement"] if "Condition" in one]
    assert changes["Action"] == "route53:ChangeResourceRecordSets"
    assert changes["Resource"] == "arn:aws:route53:::hostedzone/*"
    types = {"route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"]}
    assert changes["Condition"] == {"ForAllValues:StringEquals": types}
    others = [one["Action"] for one in policy["Statement"] if one is not changes]
    assert others == ["route53:ListResourceRecordSets", "route53:ListHostedZones"]
