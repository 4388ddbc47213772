"""What NetworkPolicies allow, as Kubernetes defines it. Each file of policies/ is a case."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from gitops_gen.checks.rendered_files import RenderedFiles
from gitops_gen.checks.selectors import Labels
from gitops_gen.checks.traffic.addresses import Addresses
from gitops_gen.checks.traffic.parties import Outside, Party, Pods
from gitops_gen.checks.traffic.traffic import Traffic
from gitops_gen.checks.truth import Truth
from gitops_gen.checks.view import EnvironmentView
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace
from tests.repository import ROOT

FOLDER = Path(__file__).parent / "policies"
PODS = (FOLDER / "pods.yaml").read_text()
CASES = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "pods.yaml")
ANSWERS = {True: Truth.YES, False: Truth.NO, "unknown": Truth.UNKNOWN}
ENVIRONMENT = Workspace(WorkTree(ROOT)).load("prod").environment
POLICY = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
MONITORING = Pods("Prometheus", "monitoring", Labels(complete=False))


def traffic(policies: list[dict[str, Any]]) -> Traffic:
    written = [yaml.dump_manifest({**POLICY, **policy}) for policy in policies]
    content = "---\n".join([PODS, *written]).encode()
    files = RenderedFiles("prod", ("rendered/prod/manifests/x/all.yaml",), lambda _: content)
    return Traffic(EnvironmentView.of(ENVIRONMENT, {}, files))


def party(of: Traffic, name: str) -> Party:
    if "/" in name:
        return Outside(name, Addresses.of([name]))
    if name == "monitoring":
        return MONITORING
    [found] = [pods for pods in of.workloads.all if pods.name.endswith(f"/{name}")]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_flows(case: Path) -> None:
    written = yaml.yaml_load(case.read_bytes())
    judged = traffic(written["policies"])
    for flow in written["flows"]:
        ends = (party(judged, flow["from"]), party(judged, flow["to"]))
        found = judged.policies.judge(*ends, flow["port"], flow.get("protocol", "TCP"))
        assert found.allowed is ANSWERS[flow["allowed"]], flow


def test_a_policy_may_contain_many_address_ranges() -> None:
    """Every second address of a network is allowed, so that no two ranges can be joined."""
    network = ip_network("10.0.0.0/15")
    peers = [{"ipBlock": {"cidr": f"{network[number]}/32"}} for number in range(0, 40_000, 2)]
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": peers}]}
    judged = traffic([{"metadata": {"name": "many", "namespace": "app"}, "spec": spec}])
    source = judged.workloads.all[0]
    for address, allowed in (("10.0.0.2/32", Truth.YES), ("10.0.0.3/32", Truth.NO)):
        assert judged.policies.judge(source, party(judged, address), 443).allowed is allowed


def test_sets_of_addresses() -> None:
    both = Addresses.joined([Addresses.of(["10.0.0.0/25"]), Addresses.of(["10.0.0.128/25"])])
    assert both == Addresses.of(["10.0.0.0/24", "10.0.0.7/32"])
    rest = both.without(Addresses.of(["9.0.0.0/8", "10.0.0.64/26", "10.0.0.192/26", "::/0"]))
    assert rest == Addresses.of(["10.0.0.0/26", "10.0.0.128/26"])
    assert rest.without(Addresses.of(["10.0.0.0/24"])) == Addresses()
