"""Every Pod resolves names with the DNS of the cluster, over TCP only for long answers."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.checks.selectors import Labels
from gitops_gen.checks.traffic.flows import Flow, FlowNeed
from gitops_gen.checks.traffic.parties import Pods
from gitops_gen.checks.traffic.traffic import Traffic

DNS = Pods("CoreDNS", "kube-system", Labels({"k8s-app": "kube-dns"}, complete=False))
"""The Pods of the DNS, which EKS installs."""
PORT = 53


def implied(traffic: Traffic) -> Iterator[Flow]:
    for pods in traffic.workloads.all:
        if pods.uses_cluster_dns and pods.workload:
            for protocol, need in (("UDP", FlowNeed.REQUIRED), ("TCP", FlowNeed.OPTIONAL)):
                purpose = "to resolve names"
                yield Flow(pods, DNS, PORT, purpose, pods.workload, protocol=protocol, need=need)
