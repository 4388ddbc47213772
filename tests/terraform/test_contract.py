"""Compares the facts that Terraform and gitops-gen share. Each test reads a fact from both sides.

The example `ha` of terraform/infra is applied, and its output is imported. Then the environment is
rendered with real Helm, and terraform/bootstrap is applied with the variables from its values.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import contract
import pytest
import security_groups
import yaml
from aws_names import NAMES
from security_groups import ALB, INTERNET, NODE, PLANE, Edge
from wiring import found
from workspace import REPOSITORY, Workspace, resources

from gitops_gen.components import catalogue
from gitops_gen.components.addon_roles import declared_roles

ENVIRONMENT = "prod"
# Settings that the example does not have.
VALUES = """
addons:
  external-dns: {enabled: true}
  external-secrets: {enabled: true}
"""
OPTIONAL_ROLES = json.dumps([role.name for role in declared_roles() if role.optional])
TIER_WITH_A_ROLE = "    awsRole: {policyArns: ['arn:aws:iam::444455556666:policy/backend-queue']}\n"
CHARTS = tomllib.loads(Path(__file__).with_name("charts.toml").read_text())
Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Both:
    """What Terraform created, and what gitops-gen rendered from its output."""

    infra: found.Found
    bootstrap: found.Found
    handed_over: Mapping[str, Any]
    cluster: Mapping[str, Any]
    manifests: tuple[Object, ...]
    applications: Mapping[str, Object]
    teardown: str

    def objects(self, kind: str) -> Iterator[Object]:
        return (one for one in self.manifests if one["kind"] == kind)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, workspace: Workspace) -> Both:
    own = Workspace.create(tmp_path_factory.mktemp("both"), workspace.terraform, workspace.config)
    roles = f"-var=addon_roles={OPTIONAL_ROLES}"
    infra = found.apply(own, "infra", "examples/ha.tfvars", "infra.tfstate", roles)
    output = own.run("infra", "output", "-json", "-state=infra.tfstate", "gitops")
    write_values(own.root)
    gitops_gen(own, "import-cluster", ENVIRONMENT, given=output)
    gitops_gen(own, "render", ENVIRONMENT)
    variables = f"{ENVIRONMENT}.tfvars.json"
    gitops_gen(own, "terraform-vars", ENVIRONMENT, "--out", f"terraform/bootstrap/{variables}")
    script = own.root / "down.sh"
    gitops_gen(own, "teardown", ENVIRONMENT, "--script", str(script))
    return Both(
        infra,
        found.apply(own, "bootstrap", variables, "bootstrap.tfstate"),
        json.loads(output),
        json.loads((own.root / f"values/clusters/{ENVIRONMENT}.json").read_text())["cluster"],
        tuple(documents(own.root / "rendered" / ENVIRONMENT / "manifests")),
        {
            one["metadata"]["name"]: one
            for one in documents(own.root / "argocd" / ENVIRONMENT)
            if one["kind"] == "Application"
        },
        script.read_text(),
    )


def write_values(root: Path) -> None:
    shutil.rmtree(root / "argocd")  # these files are for tests that do not render
    shutil.copytree(REPOSITORY / "values", root / "values")
    (root / f"values/clusters/{ENVIRONMENT}.json").unlink()
    file = root / f"values/{ENVIRONMENT}.yaml"
    text = file.read_text()
    assert text.count("  backend:\n") == 1
    text = text.replace("  backend:\n", f"  backend:\n{TIER_WITH_A_ROLE}")
    file.write_text(text + VALUES)


def gitops_gen(workspace: Workspace, *arguments: str, given: str = "") -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gitops_gen", *arguments],
        cwd=workspace.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        input=given,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def documents(folder: Path) -> Iterator[Object]:
    for file in sorted(folder.rglob("*.yaml")):
        yield from (one for one in yaml.safe_load_all(file.read_text()) if one)


# Roles


def pods_of(made: found.Found) -> set[str]:
    """Returns `namespace/ServiceAccount` of all Pods with an IAM role."""
    return {
        f"{one.get('namespace')}/{one.get('service_account')}"
        for one in made.of("aws_eks_pod_identity_association")
    }


def test_serviceaccounts_of_add_ons(both: Both) -> None:
    """The Pods of each add-on use the ServiceAccount that Terraform associates with its role."""
    for role in declared_roles():
        application = both.applications.get(role.name)
        if application is None:  # CloudWatch is an EKS add-on in this environment
            assert f"{role.namespace}/{role.service_account}" in aws_pods()
            continue
        values = application["spec"]["source"]["helm"]["valuesObject"]
        assert application["spec"]["destination"]["namespace"] == role.namespace
        assert values["serviceAccount"]["name"] == role.service_account
        assert f"{role.namespace}/{role.service_account}" in pods_of(both.infra)


def aws_pods() -> set[str]:
    return {pods for addon in NAMES["addons"].values() for pods in addon.get("pods", ())}


def test_every_role_for_pods_has_pods(both: Both) -> None:
    """No role is associated with a ServiceAccount that does not exist."""
    declared = {f"{role.namespace}/{role.service_account}" for role in declared_roles()}
    assert pods_of(both.infra) <= declared | aws_pods()
    installed = {str(one.get("addon_name")) for one in both.infra.of("aws_eks_addon")}
    needed = {pods for name in installed for pods in NAMES["addons"][name].get("pods", ())}
    assert needed <= pods_of(both.infra)


def test_serviceaccounts_of_tiers(both: Both) -> None:
    running = {
        f"{one['metadata']['namespace']}/{one['spec']['template']['spec']['serviceAccountName']}"
        for one in both.objects("Deployment")
    }
    assert pods_of(both.bootstrap) == {"app/backend"}
    assert pods_of(both.bootstrap) <= running


# The load balancer


def annotation(both: Both, name: str) -> str:
    (ingress,) = both.objects("Ingress")
    return str(ingress["metadata"]["annotations"][f"alb.ingress.kubernetes.io/{name}"])


def test_the_security_group_of_the_ingress_exists(both: Both) -> None:
    names = [one.get("tags")["Name"] for one in both.infra.of("aws_security_group")]
    asked = annotation(both, "security-groups")
    assert names.count(asked) == 1
    assert asked == both.handed_over["albSecurityGroup"]
    open_to_clients = [
        one.get("security_group_id")
        for one in both.infra.of("aws_vpc_security_group_ingress_rule")
        if one.get("cidr_ipv4")
    ]
    assert set(open_to_clients) == {f"group {asked}"}


def test_the_security_group_opens_the_ports_of_the_ingress(both: Both) -> None:
    listened = {
        port
        for listener in json.loads(annotation(both, "listen-ports"))
        for port in listener.values()
    }
    entered = security_groups.admitted(resources(both.infra.state))
    assert {edge.first for edge in entered if edge.target == ALB} == listened
    assert annotation(both, "certificate-arn") == both.handed_over["certificateArn"]


def test_the_alb_reaches_every_container_behind_the_ingress(both: Both) -> None:
    entered = security_groups.admitted(resources(both.infra.state))
    left = security_groups.sent(resources(both.infra.state))
    ports = {one.first: one.last for one in entered & left if one.source == ALB}
    assert ports == {both.handed_over["podPorts"]["from"]: both.handed_over["podPorts"]["to"]}
    for port in behind_the_ingress(both):
        assert any(first <= port <= last for first, last in ports.items()), port


def behind_the_ingress(both: Both) -> set[int]:
    """Returns the container ports, because an ALB connects to Pods directly."""
    (ingress,) = both.objects("Ingress")
    services = {one["metadata"]["name"]: one for one in both.objects("Service")}
    paths = [path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    names = {path["backend"]["service"]["name"] for path in paths}
    found = set()
    for deployment in both.objects("Deployment"):
        if deployment["metadata"]["name"] in names & services.keys():
            containers = deployment["spec"]["template"]["spec"]["containers"]
            found |= {port["containerPort"] for one in containers for port in one.get("ports", ())}
    assert len(names) == 2
    return found


def test_network_policies_admit_the_subnets_of_the_alb(both: Both) -> None:
    subnets = {
        one.get("cidr_block")
        for one in both.infra.of("aws_subnet")
        if one.get("tags").get("kubernetes.io/role/elb") == "1"
    }
    assert annotation(both, "scheme") == "internet-facing"
    for tier in ("frontend", "backend"):
        (policy,) = (
            one for one in both.objects("NetworkPolicy") if one["metadata"]["name"] == tier
        )
        blocks = {
            peer["ipBlock"]["cidr"]
            for rule in policy["spec"]["ingress"]
            for peer in rule["from"]
            if "ipBlock" in peer
        }
        assert blocks == subnets


def test_the_controller_has_the_facts_of_this_cluster(both: Both) -> None:
    application = both.applications["aws-load-balancer-controller"]
    values = application["spec"]["source"]["helm"]["valuesObject"]
    (cluster,) = both.infra.of("aws_eks_cluster")
    assert values["clusterName"] == cluster.get("name")
    assert values["vpcId"] == both.handed_over["vpc"]["id"]
    assert values["region"] == both.handed_over["region"]
    assert values["defaultTags"] == both.handed_over["tags"] != {}


def test_check_compares_with_the_nodes_of_the_cluster(both: Both) -> None:
    """The rules tier-architecture, tier-zone, tier-closed-egress and argocd-ha-nodes use these."""
    groups = list(both.infra.of("aws_eks_node_group"))
    nodes = both.cluster["nodes"]
    for key in ("min", "max"):
        assert nodes[key] == sum(group.get(f"scaling_config.{key}_size") for group in groups)
    (ami_type,) = {group.get("ami_type") for group in groups}
    assert nodes["architecture"] == ("arm64" if "ARM_64" in ami_type else "amd64")
    zones = {subnet.get("availability_zone") for subnet in both.infra.of("aws_subnet")}
    assert set(both.cluster["vpc"]["zones"]) == zones


def test_check_compares_with_the_egress_of_the_nodes(both: Both) -> None:
    left = security_groups.sent(resources(both.infra.state))
    allowed = {
        (INTERNET if rule["cidr"] == "0.0.0.0/0" else rule["cidr"], rule["to"])
        for rule in both.cluster["nodeEgress"]
    }
    assert allowed == {(edge.target, edge.last) for edge in left if edge.source == NODE}


# Webhooks


def charts() -> dict[str, Mapping[str, Any]]:
    """Returns the defaults of each add-on with an upstream chart."""
    return {
        folder.path.name.replace("_", "-"): folder.defaults.value
        for folder in catalogue()
        if "version" in folder.defaults.value
    }


def test_the_webhook_ports_are_those_of_the_charts_versions() -> None:
    assert {name: values["version"] for name, values in charts().items()} == {
        name: chart["version"] for name, chart in CHARTS.items()
    }


def test_the_control_plane_reaches_every_webhook(both: Both) -> None:
    entered = security_groups.admitted(resources(both.infra.state))
    ports = {
        port
        for addon in NAMES["addons"].values()
        for key in ("webhooks", "apis")
        for port in addon.get(key, ())
    }
    ports |= {port for name in CHARTS if (port := webhook_port(name)) is not None}
    assert ports == {9443, 10250, 10251}
    for port in ports:
        reached = (edge for edge in entered if (edge.source, edge.target) == (PLANE, NODE))
        assert any(edge.first <= port <= edge.last for edge in reached), port


def webhook_port(chart: str) -> int | None:
    value: Any = charts()[chart]["values"]
    for key in CHARTS[chart].get("value", "").split("."):
        value = value.get(key, {}) if isinstance(value, dict) else {}
    port = value or CHARTS[chart].get("default")
    return int(port) if port else None


def test_the_policy_matches_the_version_of_the_controller() -> None:
    version = charts()["aws-load-balancer-controller"]["version"]
    assert version == NAMES["load_balancer_controller"]


# Volumes, logs, add-ons


def test_the_last_snapshot_has_the_tag(both: Both) -> None:
    (policy,) = both.infra.of("aws_dlm_lifecycle_policy")
    ((key, value),) = policy.get("policy_details.target_tags").items()
    assert f"ResourceType=snapshot,Tags=[{{Key={key},Value={value}}}]" in both.teardown
    assert both.handed_over["volumeTag"] == {key: value}


def test_teardown_finds_every_log_group(both: Both) -> None:
    prefixes = re.findall(r"starts_with\(logGroupName, `([^`]+)`\)", both.teardown)
    names = [str(one.get("name")) for one in both.infra.of("aws_cloudwatch_log_group")]
    assert len(names) == 6
    for name in names:
        assert any(name.startswith(prefix) for prefix in prefixes), name
    (agent,) = (
        {*addon["log_groups"]} for addon in NAMES["addons"].values() if "log_groups" in addon
    )
    (cluster,) = both.infra.of("aws_eks_cluster")
    insights = f"/aws/containerinsights/{cluster.get('name')}/"
    assert {name.removeprefix(insights) for name in names if name.startswith(insights)} == agent


def test_no_add_on_is_installed_twice(both: Both) -> None:
    nodes = "module.cluster.aws_eks_node_group.zone"
    on_nodes = {
        one.get("addon_name") for one in both.infra.of("aws_eks_addon") if nodes in one.depends_on
    }
    assert set(both.handed_over["addons"]) == on_nodes
    assert on_nodes.isdisjoint(both.applications)


# Secrets


def test_each_secret_that_pods_read_is_created(both: Both) -> None:
    made = {
        (one.get("metadata.namespace"), one.get("metadata.name"))
        for one in both.bootstrap.of("kubernetes_secret_v1")
    }
    read = {
        (one["metadata"]["namespace"], name)
        for kind in ("Deployment", "StatefulSet")
        for one in both.objects(kind)
        for name in secrets_of(one["spec"]["template"]["spec"])
    }
    assert read
    assert read <= made
    namespaces = {namespace for namespace, _ in made} - {"argocd"}
    (release,) = (one for one in both.bootstrap.made if one.label == "release gitops-namespaces")
    assert namespaces <= set(yaml.safe_load(release.get("values")[0])["namespaces"])


def secrets_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("secretKeyRef", "secretRef"):
                yield inner["name"]
            elif key == "secret" and "secretName" in inner:
                yield inner["secretName"]
            else:
                yield from secrets_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from secrets_of(inner)


def test_external_secrets_may_read_every_referenced_secret(both: Both) -> None:
    """The names of all secrets begin with the name of the cluster, and only these may be read."""
    (cluster,) = both.infra.of("aws_eks_cluster")
    start = f"{cluster.get('name')}/"
    for entry in both.bootstrap.of("aws_secretsmanager_secret"):
        assert str(entry.get("name")).startswith(start)
    (policy,) = (
        one.get("policy")
        for one in both.infra.of("aws_iam_role_policy")
        if str(one.get("role")).endswith("-external-secrets")
    )
    (allowed,) = {statement["Resource"] for statement in policy["Statement"]}
    assert allowed.endswith(f":secret:{start}*")


# The table of facts


def test_the_page_of_facts_is_up_to_date() -> None:
    page = REPOSITORY / "docs/terraform-facts.md"
    assert page.read_text() == contract.page(), "run `make terraform-docs`"


def test_each_fact_has_its_test() -> None:
    tests = set(re.findall(r"^def (test_\w+)", Path(__file__).read_text(), re.M))
    assert {fact.test for fact in contract.FACTS} <= tests


def test_a_connection_has_an_egress_rule_and_an_ingress_rule(both: Both) -> None:
    """A connection needs an egress rule and an ingress rule."""
    entered = security_groups.admitted(resources(both.infra.state))
    left = security_groups.sent(resources(both.infra.state))
    to_pods = Edge(ALB, NODE, "tcp", 1024, 10247)
    assert to_pods in entered & left
    assert {edge.target for edge in left if edge.source == NODE} >= {INTERNET}
