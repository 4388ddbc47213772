"""The facts on which Terraform and the generator must agree: who makes each, who uses it, and which
test holds the two together.

`python -m contract` prints docs/terraform-facts.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """`test`: a test of test_contract.py, which reads both sides."""

    what: str
    made_by: str
    used_by: str
    test: str


_NETWORK = "terraform/modules/network"
_ADDONS = "terraform/modules/addons"
_OUTPUT = "the output `gitops` of terraform/infra"
FACTS = (
    Fact(
        "ServiceAccount and namespace of each add-on that has an AWS role",
        "`AWS_ROLE` in gitops_gen/components/*/component.py",
        f"{_ADDONS}/roles.json",
        "test_serviceaccounts_of_add_ons",
    ),
    Fact(
        "ServiceAccounts of the add-ons that AWS makes (aws-node, EBS CSI, CloudWatch agent)",
        "AWS, as tests/terraform/aws/names.toml lists them",
        "terraform/modules/cluster/nodes.tf, terraform/modules/addons/main.tf",
        "test_every_role_of_pods_has_its_pods",
    ),
    Fact(
        "ServiceAccount and namespace of each tier that has an AWS role",
        "`awsRole` of the tier, by `gitops-gen terraform-vars`",
        "terraform/bootstrap/main.tf",
        "test_serviceaccounts_of_tiers",
    ),
    Fact(
        "Name tag of the ALB's security group",
        f"{_NETWORK}/security-groups.tf, {_OUTPUT}",
        "annotation `security-groups` of the Ingress",
        "test_the_ingress_asks_for_a_group_that_is_there",
    ),
    Fact(
        "Certificate of the ALB, and whether 443 is open",
        f"`alb.certificate_arn`, {_OUTPUT}",
        "annotations `certificate-arn` and `listen-ports` of the Ingress",
        "test_the_ingress_listens_where_the_group_is_open",
    ),
    Fact(
        "Ports of Pods behind the ALB",
        f"{_NETWORK}/security-groups.tf, {_OUTPUT}",
        "ports of the containers behind the Ingress",
        "test_the_alb_reaches_every_container_behind_the_ingress",
    ),
    Fact(
        "Ranges that the ALB sends from",
        f"the subnets with the tag kubernetes.io/role/elb, {_OUTPUT}",
        "NetworkPolicies of tiers behind the Ingress",
        "test_network_policies_admit_the_subnets_of_the_alb",
    ),
    Fact(
        "Ports of webhooks and of aggregated APIs",
        "charts of the generator (tests/terraform/charts.toml), add-ons of AWS",
        f"{_NETWORK}/security-groups.tf",
        "test_the_control_plane_reaches_every_webhook",
    ),
    Fact(
        "Tag of volumes and snapshots",
        f"{_ADDONS}/main.tf, {_OUTPUT}",
        "the last snapshot of `gitops-gen teardown`",
        "test_the_last_snapshot_carries_the_tag",
    ),
    Fact(
        "Names of log groups",
        "terraform/modules, AWS",
        "`gitops-gen teardown`, which deletes what is left of them",
        "test_teardown_finds_every_log_group",
    ),
    Fact(
        "Name, namespaces and keys of each first password",
        "values of the component, by `gitops-gen terraform-vars`",
        "terraform/bootstrap/secrets.tf",
        "test_each_secret_that_pods_read_is_made",
    ),
    Fact(
        "Path of entries in Secrets Manager",
        f"terraform/bootstrap/secrets.tf, {_ADDONS}/external-secrets.json",
        "ExternalSecrets",
        "test_external_secrets_may_read_what_is_asked_for",
    ),
    Fact(
        "Cluster, region and VPC of the load balancer controller",
        _OUTPUT,
        "values of its Application",
        "test_the_controller_works_on_this_cluster",
    ),
    Fact(
        "Add-ons of AWS, which the generator does not install again",
        _OUTPUT,
        "Applications",
        "test_no_add_on_is_installed_twice",
    ),
    Fact(
        "Version of the load balancer controller, and with it its policy",
        "gitops_gen/components/aws_load_balancer_controller/defaults.yaml",
        f"{_ADDONS}/load-balancer-controller.json",
        "test_the_policy_is_that_of_the_controller_s_version",
    ),
)
_HEAD = """\
<!-- Written by `make terraform-docs`; do not edit. -->
# Facts that Terraform and the generator share

Each is made on one side and used on the other. The test reads both, so it fails when either side
changes alone; it is in `tests/terraform/test_contract.py`.

| fact | made by | used by | held by |
|---|---|---|---|
"""


def page() -> str:
    rows = (f"| {one.what} | {one.made_by} | {one.used_by} | `{one.test}` |" for one in FACTS)
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
