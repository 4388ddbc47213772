"""Argo CD: its settings as Terraform's bootstrap makes them, its repo-server and controller."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gitops_gen import yaml
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Values
from gitops_gen.rehearse.servers import redis, standins
from gitops_gen.rehearse.servers.api import MERGE, Server
from gitops_gen.rehearse.servers.processes import Processes
from gitops_gen.rehearse.servers.tools import Tools

NAMESPACE = "argocd"
GROUP = "argoproj.io"
APPLICATIONS = f"/apis/{GROUP}/v1alpha1/namespaces/{NAMESPACE}/applications"
REPO_SERVER, REPO_METRICS, METRICS = 8081, 8084, 8082
SYNC_TIMEOUT = 900
REFRESH = "argocd.argoproj.io/refresh"
"""The annotation that asks for a comparison; Argo CD removes it when it has made one."""
_RELEASED_KINDS = ("Application", "AppProject")
_KINDS = {
    "Application": "applications",
    "ApplicationSet": "applicationsets",
    "AppProject": "appprojects",
}


VALUES = "terraform/modules/argocd/values.yaml"
HEALTH = f"resource.customizations.health.{GROUP}_Application"
SERVER_SIDE_DIFF = "controller.diff.server.side"


@dataclass(frozen=True, slots=True)
class Settings:
    """How Argo CD is set up."""

    config: Mapping[str, str]
    """argocd-cm"""
    parameters: Mapping[str, str]
    """argocd-cmd-params-cm"""
    wave_delay: int = 2
    """Seconds between two waves."""
    note: str = ""

    @property
    def sync_timeout(self) -> str:
        return self.parameters.get("controller.sync.timeout.seconds", "0")

    @property
    def server_side_diff(self) -> bool:
        """Whether the API server compares, unless an Application says otherwise."""
        return self.parameters.get(SERVER_SIDE_DIFF) == "true"


def settings(root: Path, wave_delay: int) -> Settings:
    """As the repository's Terraform sets it up; as ours would where it has none."""
    try:
        values = yaml.yaml_load((root / VALUES).read_bytes(), VALUES) or {}
    except FileNotFoundError:
        lua = (standins.FOLDER / "application-health.lua").read_text()
        parameters = {"controller.sync.timeout.seconds": str(SYNC_TIMEOUT)}
        note = f"there is no {VALUES}: Argo CD is set up as gitops-gen's own Terraform does it"
        return Settings({HEALTH: lua}, parameters, wave_delay, note)
    configs = values.get("configs") or {}
    return Settings(_texts(configs.get("cm")), _texts(configs.get("params")), wave_delay)


def _texts(section: Values | None) -> dict[str, str]:
    """As the chart writes them into a ConfigMap: a boolean or a number becomes text."""
    return {key: _text(value) for key, value in (section or {}).items() if value is not None}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def objects(settings: Settings) -> Iterator[Values]:
    """What must be there before it starts, the CRDs aside."""
    yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    yield _config_map("argocd-cm", settings.config)
    yield _config_map("argocd-cmd-params-cm", settings.parameters)
    for name in ("argocd-rbac-cm", "argocd-tls-certs-cm", "argocd-ssh-known-hosts-cm"):
        yield _config_map(name, {})
    yield _config_map("argocd-gpg-keys-cm", {})
    secret = _config_map("argocd-secret", {})
    key = {"server.secretkey": secrets.token_urlsafe(32)}
    yield {**secret, "kind": "Secret", "data": None, "stringData": key, "type": "Opaque"}
    project = {
        "sourceRepos": ["*"],
        "destinations": [{"server": "*", "namespace": "*"}],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
    }
    yield {
        "apiVersion": f"{GROUP}/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "default", "namespace": NAMESPACE},
        "spec": project,
    }


def crds(program: str | None) -> tuple[dict[str, bytes], bool]:
    """name -> CRD: its own where they lie beside the program, else open ones; and which it is."""
    folder = Path(program or "/nowhere").resolve().parent / "argocd-crds"
    found = {f"{plural}.{GROUP}": _crd_of_any_content(kind) for kind, plural in _KINDS.items()}
    files = {
        f"{_KINDS[kind]}.{GROUP}": folder / f"{kind.lower()}-crd.yaml" for kind in _RELEASED_KINDS
    }
    released = {name: path.read_bytes() for name, path in files.items() if path.is_file()}
    return {**found, **released}, len(released) == len(files)


def _crd_of_any_content(kind: str) -> bytes:
    found = standins.crd(GROUP, "v1alpha1", kind, "Namespaced")
    version = found["spec"]["versions"][0]
    # As in the real ones: the controller writes status and operation like any field.
    del version["subresources"]
    version["schema"]["openAPIV3Schema"]["x-kubernetes-preserve-unknown-fields"] = True
    return json.dumps(found).encode()


def start_servers(
    tools: Tools,
    processes: Processes,
    folder: Path,
    env: Mapping[str, str],
    tls: Mapping[str, Path],
) -> None:
    """Redis and the repo-server, which need no cluster. `tls`: host -> its authority."""
    redis_command = [
        tools.require("redis-server"),
        "--bind",
        "127.0.0.1",
        "--port",
        str(redis.PORT),
    ]
    redis_command += ["--save", "", "--appendonly", "no", "--dir", str(folder / "tmp")]
    processes.start("redis-server", redis_command, env, f"redis://127.0.0.1:{redis.PORT}")
    folders = _data_folders(folder)
    for host, authority in tls.items():
        (folders["ARGOCD_TLS_DATA_PATH"] / host).write_bytes(authority.read_bytes())
    verify = folder / "bin" / "git-verify-wrapper.sh"
    verify.parent.mkdir()
    # The repo-server will not start without it; signatures are not checked here.
    verify.write_text("#!/bin/sh\nexit 0\n")
    verify.chmod(0o755)
    variables = {**env, **{name: str(path) for name, path in folders.items()}}
    variables |= {"ARGOCD_BINARY_NAME": "argocd-repo-server", "ARGOCD_GPG_ENABLED": "false"}
    variables["PATH"] = f"{verify.parent}:{env['PATH']}"
    command = [tools.require("argocd"), "--disable-tls", "--client-ca-path="]
    command += ["--address", "127.0.0.1", "--port", str(REPO_SERVER), *_redis()]
    command += ["--metrics-address", "127.0.0.1", "--metrics-port", str(REPO_METRICS)]
    health = f"http://127.0.0.1:{REPO_METRICS}/healthz"
    processes.start("argocd-repo-server", command, variables, health)


def start_controller(
    tools: Tools,
    processes: Processes,
    kubeconfig: Path,
    env: Mapping[str, str],
    settings: Settings,
) -> None:
    variables = {
        **env,
        "ARGOCD_BINARY_NAME": "argocd-application-controller",
        "ARGOCD_FAKE_IN_CLUSTER": "true",
        "KUBECONFIG": str(kubeconfig),
        "ARGOCD_SYNC_WAVE_DELAY": str(settings.wave_delay),
    }
    command = [tools.require("argocd"), "--repo-server-plaintext", "--namespace", NAMESPACE]
    command += ["--repo-server", f"127.0.0.1:{REPO_SERVER}", *_redis()]
    command += ["--metrics-port", str(METRICS), "--sync-timeout", settings.sync_timeout]
    command += [f"--server-side-diff-enabled={str(settings.server_side_diff).lower()}"]
    # It may miss that a CRD is established: it looks again after seconds, not minutes.
    command += ["--app-resync", "10", "--app-resync-jitter", "0"]
    # So that an Application says which of its objects it waits for.
    command += ["--persist-resource-health"]
    health = f"http://127.0.0.1:{METRICS}/healthz"
    processes.start("argocd-application-controller", command, variables, health)


def refresh(server: Server, name: str) -> None:
    """Asks for a fresh look at Git, as a webhook does."""
    note = {"metadata": {"annotations": {REFRESH: "hard"}}}
    answer = server.request("PATCH", f"{APPLICATIONS}/{name}", body=note, content_type=MERGE)
    if not answer.ok and answer.status != 404:
        raise ToolFailed(f"Application {name} cannot be refreshed: {answer.message}")


def is_asked(application: Values) -> bool:
    """Whether a comparison that was asked for has not been made yet."""
    return REFRESH in (application["metadata"].get("annotations") or {})


def compared(name: str) -> list[Values]:
    """How Argo CD compared each object of an Application the last time."""
    raw = redis.get(f"app|managed-resources|{name}|*")
    return list(json.loads(raw) or ()) if raw else []


def _config_map(name: str, data: Mapping[str, str]) -> Values:
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "argocd"}
    metadata = {"name": name, "namespace": NAMESPACE, "labels": labels}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": dict(data)}


def _redis() -> list[str]:
    return ["--redis", f"127.0.0.1:{redis.PORT}", "--redis-compress", "none"]


def _data_folders(folder: Path) -> dict[str, Path]:
    names = {
        "ARGOCD_TLS_DATA_PATH": "tls",
        "ARGOCD_SSH_DATA_PATH": "ssh",
        "ARGOCD_GPG_DATA_PATH": "gpg",
        "ARGOCD_PLUGINSOCKFILEPATH": "plugins",
    }
    folders = {variable: folder / "argocd" / name for variable, name in names.items()}
    for path in folders.values():
        path.mkdir(parents=True)
    (folders["ARGOCD_SSH_DATA_PATH"] / "ssh_known_hosts").touch()
    return folders
