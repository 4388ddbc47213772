"""Up, nothing to do, down: with state, as a user would see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import VARIANTS
from workspace import Plan, Workspace, resources

DEFAULT = "-var-file=examples/default.tfvars"
FULL = "-var-file=examples/full.tfvars.json"


@dataclass(frozen=True, slots=True)
class Life:
    """What a root did from its first apply to its destruction, in order."""

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
    assert sum(index > max(nodes) for index in addons) == 4


def test_nodes_go_before_what_they_need(infra: Life) -> None:
    """Destroyed the other way round a node group hangs on a network that is gone."""
    order = infra.destroyed
    last_node = len(order) - 1 - order[::-1].index("aws_eks_node_group")
    assert last_node < order.index("aws_eks_cluster") < order.index("aws_vpc")
    assert last_node < order.index("aws_nat_gateway")


def test_a_further_zone_replaces_nothing(fresh: Workspace) -> None:
    fresh.apply("infra", DEFAULT)
    three = '{zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]}'
    plan = fresh.plan("infra", DEFAULT, f"-var=vpc={three}")
    assert not [one for one in plan["resource_changes"] if "delete" in one["change"]["actions"]]


def test_gitops_output_has_the_form_of_its_example(applied: Plan) -> None:
    """The hand-over, as terraform/README.md shows it."""
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


def test_bootstrap_up_and_down(bootstrap: Life) -> None:
    assert resources(bootstrap.state)
    assert "No changes." in bootstrap.unchanged
    assert resources(bootstrap.after) == []


def test_argocd_comes_after_namespaces_secrets_and_roles(bootstrap: Life) -> None:
    """A pod gets them when it is admitted."""
    releases = [index for index, kind in enumerate(bootstrap.made) if kind == "helm_release"]
    namespaces, argocd, root = releases
    before = ("aws_eks_pod_identity_association", "aws_secretsmanager_secret_version")
    assert all(bootstrap.made.index(kind) < argocd for kind in before)
    assert namespaces < bootstrap.made.index("kubernetes_secret_v1") < argocd
    assert root == len(bootstrap.made) - 1
