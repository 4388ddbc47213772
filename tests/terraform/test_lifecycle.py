"""Creates an environment, applies it again without changes, and destroys it, with state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import VARIANTS
from workspace import Plan, Workspace, resources

DEFAULT = "-var-file=examples/default.tfvars"
FULL = "-var-file=examples/full.tfvars.json"
POD = {"namespace": "shop", "service_account": "backend", "policy_arns": []}


@dataclass(frozen=True, slots=True)
class Life:
    """The actions of a root module from its first apply to its destruction, in order."""

    state: Plan
    unchanged: str
    destroy: Plan
    after: Plan
    made: list[str]
    destroyed: list[str]


def live(workspace: Workspace, root: str, variables: str) -> Life:
    state = workspace.apply(root, variables)
    unchanged = workspace.run(root, "plan", "-no-color", variables)
    destroy = workspace.plan(root, "-destroy", variables)
    workspace.run(root, "apply", "-no-color", "plan")
    made, destroyed = (
        [call["type"] for call in workspace.calls(call=kind)] for kind in ("apply", "destroy")
    )
    return Life(state, unchanged, destroy, workspace.show(root), made, destroyed)


@pytest.fixture(scope="module", params=VARIANTS)
def infra(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, workspace: Workspace
) -> Life:
    own = Workspace.create(tmp_path_factory.mktemp("life"), workspace.terraform, workspace.config)
    return live(own, "infra", f"-var-file=examples/{request.param}.tfvars")


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory, workspace: Workspace) -> Life:
    own = Workspace.create(tmp_path_factory.mktemp("life"), workspace.terraform, workspace.config)
    return live(own, "bootstrap", FULL)


def test_infra_up_and_down(infra: Life) -> None:
    assert resources(infra.state)
    assert "No changes." in infra.unchanged
    changes = infra.destroy["resource_changes"]
    assert {tuple(one["change"]["actions"]) for one in changes} == {("delete",)}
    assert resources(infra.after) == []


def test_addons_come_in_order(infra: Life) -> None:
    nodes = [index for index, kind in enumerate(infra.made) if kind == "aws_eks_node_group"]
    addons = [index for index, kind in enumerate(infra.made) if kind == "aws_eks_addon"]
    assert sum(index < min(nodes) for index in addons) == 3
    assert sum(index > max(nodes) for index in addons) == 5


def test_nodes_are_destroyed_before_the_resources_they_need(infra: Life) -> None:
    """A node group without its network cannot be deleted."""
    order = infra.destroyed
    last_node = len(order) - 1 - order[::-1].index("aws_eks_node_group")
    assert last_node < order.index("aws_eks_cluster")
    for kind in {"aws_vpc", "aws_nat_gateway"} & set(order):  # absent for an existing VPC
        assert last_node < order.index(kind)
    assert order.index("aws_eks_cluster") < order.index("aws_security_group")


# The stub replaces resources for the arguments in tfstub/replaces.json, like the real provider.


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, workspace: Workspace) -> Workspace:
    """Both root modules of one environment. Its tests only plan."""
    own = Workspace.create(tmp_path_factory.mktemp("up"), workspace.terraform, workspace.config)
    own.apply("infra", DEFAULT)
    own.apply("bootstrap", FULL)
    return own


def replaced(plan: Plan) -> dict[str, list[str]]:
    """Returns the actions of a plan for each type of resource that it deletes, in order."""
    changes = [one for one in plan["resource_changes"] if "delete" in one["change"]["actions"]]
    return {one["type"]: one["change"]["actions"] for one in changes}


@pytest.mark.parametrize(
    "variable",
    [
        'vpc={zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]}',
        "kubernetes_version=1.36",
        "nodes={min = 2, max = 5, disk_gib = 80}",
        'alb={allowed_cidrs = ["203.0.113.0/24"]}',
    ],
)
def test_no_change_replaces_important_resources(up: Workspace, variable: str) -> None:
    rules = {"aws_vpc_security_group_ingress_rule"}
    assert replaced(up.plan("infra", DEFAULT, f"-var={variable}")).keys() <= rules


@pytest.mark.parametrize(
    "nodes",
    [
        'instance_types = ["m7i.large"]',
        'instance_types = ["m7g.large"], ami_type = "AL2023_ARM_64_STANDARD"',
    ],
)
def test_new_instances_are_created_before_old_ones_are_deleted(up: Workspace, nodes: str) -> None:
    plan = up.plan("infra", DEFAULT, f"-var=nodes={{{nodes}}}")
    assert replaced(plan) == {"aws_eks_node_group": ["create", "delete"]}


def test_zones_in_another_order_would_replace_subnets(up: Workspace) -> None:
    """Therefore zones may only be appended to the list."""
    plan = up.plan("infra", DEFAULT, '-var=vpc={zones = ["eu-west-1b", "eu-west-1a"]}')
    assert {"aws_subnet", "aws_eks_node_group"} <= replaced(plan).keys()


@pytest.mark.parametrize(
    ("root", "variables", "remedy"),
    [
        ("infra", ("examples/default.tfvars", "name=acme-prod"), "init -reconfigure"),
        (
            "bootstrap",
            ("examples/full.tfvars.json", "environment=prod", "cluster_name=acme-prod"),
            "init -reconfigure -backend-config=prod.backend.hcl",
        ),
    ],
)
def test_variables_of_one_environment_on_the_state_of_another(
    up: Workspace, root: str, variables: tuple[str, ...], remedy: str
) -> None:
    """A plan fails. Terraform does not check the condition when it destroys."""
    file, *others = variables
    given = [f"-var-file={file}", *(f"-var={other}" for other in others)]
    said = " ".join(up.run(root, "plan", "-no-color", *given, fails=True).split())
    assert "This is the state of acme-dev" in said.replace("│ ", "")
    assert remedy in said.replace("│ ", "")


def test_a_tier_with_the_name_of_a_built_in_role_gets_another_role(up: Workspace) -> None:
    ours = {one.values["name"] for one in resources(up.show("infra")) if one.type == "aws_iam_role"}
    tiers = {name.removeprefix("acme-dev-"): POD for name in ours}
    plan = up.plan("bootstrap", FULL, f"-var=pod_roles={json.dumps(tiers)}")
    changes = (one for one in plan["resource_changes"] if one["type"] == "aws_iam_role")
    made = {one["change"]["after"]["name"] for one in changes if one["change"]["after"]}
    assert len(made) == len(tiers) > 5
    assert made.isdisjoint(ours)


def test_gitops_output_has_the_form_of_its_example(applied: Plan) -> None:
    """The example shows the output that is passed to gitops-gen (terraform/README.md)."""
    example = Path(__file__).with_name("gitops.example.json").read_text()
    output = applied["values"]["outputs"]["gitops"]["value"]
    certificate = {"certificateArn": output["certificateArn"] and None}
    assert shape({**output, **certificate}) == shape(json.loads(example))


def shape(value: object) -> object:
    if isinstance(value, dict):
        if all(isinstance(inner, str) for inner in value.values()):
            return "strings by name"
        return {name: shape(inner) for name, inner in sorted(value.items())}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else type(value)


# Addresses of version 0.1.0 and current ones, in the order of the moves from one to the other.
FORMER = {
    "module.network": "module.network[0]",
    "module.network.module.flow_role": "module.network.module.flow_role[0]",
    "module.network.aws_security_group.this": "module.security_groups.aws_security_group.this",
    **{
        f"module.network.aws_vpc_security_group_{way}_rule.this": (
            f"module.security_groups.aws_vpc_security_group_{way}_rule.this"
        )
        for way in ("ingress", "egress")
    },
    "module.cluster.aws_eks_access_entry.admin": "module.cluster.aws_eks_access_entry.this",
    "module.cluster.aws_eks_access_policy_association.admin": (
        "module.cluster.aws_eks_access_policy_association.this"
    ),
}


def test_a_cluster_of_an_earlier_version_keeps_its_resources(fresh: Workspace) -> None:
    """Creates the earlier state from a current one, by moving each resource to its old address."""
    fresh.apply("infra", DEFAULT)
    fresh.run("infra", "state", "rm", "module.network[0].aws_route.default")
    for former, now in FORMER.items():
        fresh.run("infra", "state", "mv", now, former)
    # As in docs/terraform.md: an import into the new module would prevent the move of the module.
    fresh.run("infra", "state", "mv", "module.network", "module.network[0]")
    for table in ("public", "eu-west-1a", "eu-west-1b"):
        address = f'module.network[0].aws_route.default["{table}"]'
        fresh.run("infra", "import", "-no-color", DEFAULT, address, "rtb-1_0.0.0.0/0")
    plan = fresh.plan("infra", DEFAULT)
    gone = [
        one["address"] for one in plan["resource_changes"] if "delete" in one["change"]["actions"]
    ]
    assert gone == [], fresh.run("infra", "plan", "-no-color", DEFAULT)
    moved = [one for one in plan["resource_changes"] if "previous_address" in one]
    assert len(moved) > 10


def test_bootstrap_up_and_down(bootstrap: Life) -> None:
    assert resources(bootstrap.state)
    assert "No changes." in bootstrap.unchanged
    assert resources(bootstrap.after) == []


def test_argocd_comes_after_namespaces_secrets_and_roles(bootstrap: Life) -> None:
    """A Pod gets them only when it is created."""
    releases = [index for index, kind in enumerate(bootstrap.made) if kind == "helm_release"]
    namespaces, argocd, root = releases
    before = ("aws_eks_pod_identity_association", "aws_secretsmanager_secret_version")
    assert all(bootstrap.made.index(kind) < argocd for kind in before)
    assert namespaces < bootstrap.made.index("kubernetes_secret_v1") < argocd
    assert root == len(bootstrap.made) - 1
