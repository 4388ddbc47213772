"""The roles of add-ons: from what a component declares to what Terraform makes of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from workspace import REPOSITORY, Plan, Workspace, resources

ADDON = REPOSITORY / "tests/integration/render/new_component/acme_scaler"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:GetQueueAttributes", "Resource": "*"}],
}
DEFAULT = "-var-file=examples/default.tfvars"


def declared_with(addon: Path, folder: Path) -> bytes:
    """roles.json, as `make addon-roles` writes it, of a package with one add-on more."""
    package = folder / "gitops_gen"
    shutil.copytree(REPOSITORY / "gitops_gen", package)
    shutil.copytree(addon, package / "components" / addon.name)
    program = (
        "import sys; from gitops_gen.components.addon_roles import roles_file; "
        "sys.stdout.buffer.write(roles_file())"
    )
    # With -c Python looks in the working directory first, which has a package of this name too.
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout


def of_role(plan: Plan, name: str) -> dict[str, dict[str, object]]:
    """What a plan makes for an add-on's role: type of resource -> its values."""
    address = f'module.addons.module.role["{name}"].'
    return {one.type: one.values for one in resources(plan) if one.address.startswith(address)}


def test_an_add_on_with_a_role_takes_its_folder_and_a_policy(
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
    """Another address or another name would be another role, and Pods without rights meanwhile."""
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
