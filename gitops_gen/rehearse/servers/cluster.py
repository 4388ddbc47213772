"""A control plane: etcd, kube-apiserver and, where they are there, what makes it live."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gitops_gen import yaml
from gitops_gen.rehearse.servers.api import Server, Unreachable
from gitops_gen.rehearse.servers.certificates import Certificates
from gitops_gen.rehearse.servers.processes import Processes
from gitops_gen.rehearse.servers.tools import Tools

ETCD, ETCD_PEER, API = 2379, 2380, 6443
SECONDS = 240
_USER = "rehearsal"


@dataclass(frozen=True, slots=True)
class Cluster:
    server: Server
    kubeconfig: Path


def start(
    tools: Tools,
    processes: Processes,
    certificates: Certificates,
    folder: Path,
    env: Mapping[str, str],
) -> Cluster:
    """etcd and kube-apiserver, ready; the controllers, where there are any, are started."""
    token = secrets.token_hex(16)
    (folder / "tokens.csv").write_text(f'{token},{_USER},{_USER},"system:masters"\n')
    kubeconfig = _kubeconfig(folder, certificates, token)
    etcd = processes.start("etcd", _etcd(tools, folder), env, f"http://127.0.0.1:{ETCD}/health")
    command = _api_server(tools, certificates, folder)
    api = processes.start("kube-apiserver", command, env, f"https://127.0.0.1:{API}/readyz")
    tls = ssl.create_default_context(cafile=str(certificates.authority))
    server = Server("127.0.0.1", API, token, tls)
    # kube-apiserver waits for etcd by itself; what fails first is named.
    processes.wait(api if not etcd.ended else etcd, lambda: _ready(server), SECONDS)
    return Cluster(server, kubeconfig)


def start_controllers(
    tools: Tools,
    processes: Processes,
    certificates: Certificates,
    cluster: Cluster,
    env: Mapping[str, str],
) -> None:
    common = ["--kubeconfig", str(cluster.kubeconfig), "--leader-elect=false"]
    common += ["--bind-address", "127.0.0.1", "--authentication-skip-lookup"]
    if manager := tools.find("kube-controller-manager"):
        options = ["--service-account-private-key-file", str(certificates.key)]
        options += ["--root-ca-file", str(certificates.authority)]
        # The autoscaler looks more often than every 15 s, and trusts a Pod at once.
        options += ["--horizontal-pod-autoscaler-sync-period=2s"]
        options += ["--horizontal-pod-autoscaler-cpu-initialization-period=1s"]
        options += ["--horizontal-pod-autoscaler-initial-readiness-delay=1s"]
        health = "https://127.0.0.1:10257/healthz"
        processes.start("kube-controller-manager", [manager, *common, *options], env, health)
    if scheduler := tools.find("kube-scheduler"):
        health = "https://127.0.0.1:10259/healthz"
        processes.start("kube-scheduler", [scheduler, *common], env, health)


def _ready(server: Server) -> bool:
    try:
        return server.get("/readyz").ok
    except Unreachable:
        return False


def _etcd(tools: Tools, folder: Path) -> list[str]:
    client, peer = f"http://127.0.0.1:{ETCD}", f"http://127.0.0.1:{ETCD_PEER}"
    return [
        tools.require("etcd"),
        "--data-dir",
        str(folder / "etcd"),
        "--unsafe-no-fsync",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--log-level=warn",
    ]


def _api_server(tools: Tools, certificates: Certificates, folder: Path) -> list[str]:
    return [
        tools.require("kube-apiserver"),
        f"--etcd-servers=http://127.0.0.1:{ETCD}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={API}",
        "--endpoint-reconciler-type=none",
        f"--tls-cert-file={certificates.certificate}",
        f"--tls-private-key-file={certificates.key}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={certificates.certificate}",
        f"--service-account-signing-key-file={certificates.key}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--authorization-mode=Node,RBAC",
        "--allow-privileged",
        f"--cert-dir={folder / 'certificates'}",
    ]


def _kubeconfig(folder: Path, certificates: Certificates, token: str) -> Path:
    path = folder / "kubeconfig"
    server = {
        "server": f"https://127.0.0.1:{API}",
        "certificate-authority": str(certificates.authority),
    }
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": _USER,
        "clusters": [{"name": _USER, "cluster": server}],
        "users": [{"name": _USER, "user": {"token": token}}],
        "contexts": [{"name": _USER, "context": {"cluster": _USER, "user": _USER}}],
    }
    path.write_text(yaml.dump(content))
    path.chmod(0o600)
    return path
