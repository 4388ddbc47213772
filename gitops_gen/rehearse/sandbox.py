"""A running control plane and Argo CD, which a rehearsal has for itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gitops_gen import yaml
from gitops_gen.errors import ToolFailed
from gitops_gen.model import Values
from gitops_gen.objects.reading import APPLICATION, is_application
from gitops_gen.rehearse.application_state import ApplicationState, state_of
from gitops_gen.rehearse.repository import Address, Repository
from gitops_gen.rehearse.servers import argocd, cluster, metrics, standins
from gitops_gen.rehearse.servers.api import Resource, Server, Unreachable
from gitops_gen.rehearse.servers.certificates import Certificates, certificates
from gitops_gen.rehearse.servers.cluster import Cluster
from gitops_gen.rehearse.servers.isolation import Note, environment
from gitops_gen.rehearse.servers.processes import Processes
from gitops_gen.rehearse.servers.serving import Hosting, serve
from gitops_gen.rehearse.servers.tools import Tools
from gitops_gen.rehearse.watch import Watcher

BOOTSTRAP = "rehearsal-bootstrap"
"""The field manager of what Terraform's bootstrap would apply."""

_ARGOCD_API = f"{argocd.GROUP}/v1alpha1"
FOLLOWED = (
    (_ARGOCD_API, APPLICATION[1]),
    (_ARGOCD_API, "AppProject"),
    ("v1", "Pod"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "PersistentVolume"),
    ("v1", "Namespace"),
)


@dataclass
class Sandbox:
    """Running servers; every wait looks after them too."""

    tools: Tools
    folder: Path
    region: str
    progress: Note
    processes: Processes = field(init=False)
    env: dict[str, str] = field(init=False)
    certificates: Certificates = field(init=False)
    cluster: Cluster = field(init=False)
    watcher: Watcher = field(init=False)
    repository: Repository = field(init=False)

    def __post_init__(self) -> None:
        self.env = environment(self.folder)
        self.processes = Processes(self.folder / "logs")

    @property
    def server(self) -> Server:
        return self.cluster.server

    def start_control_plane(self, hosts: Iterable[str] = ()) -> None:
        self.progress("starting a control plane")
        openssl = self.tools.require("openssl")
        self.certificates = certificates(openssl, self.folder / "certificates", hosts)
        self.cluster = cluster.start(
            self.tools, self.processes, self.certificates, self.folder, self.env
        )
        for value in standins.cluster_objects():
            self.put(value)

    def prepare(self, address: Address) -> None:
        """An empty repository, and the name of its host as one of this machine."""
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost {address.host}\n")
        self.repository = Repository(self.tools.require("git"), self.folder, address)
        self.repository.create()

    def start_controllers(self) -> None:
        cluster.start_controllers(
            self.tools, self.processes, self.certificates, self.cluster, self.env
        )

    def start_nodes(self, groups: Iterable[str]) -> None:
        """kwok, which stands in for what runs Pods and provides volumes."""
        for value in standins.nodes(self.region):
            self.put(value)
        kwok = self.tools.find("kwok")
        if kwok is None:
            return
        stages = self.folder / "stages.yaml"
        ready = list(standins.ready_stages(groups))
        extra = "".join(f"---\n{yaml.dump(item)}" for item in ready)
        # kwok ends at once when a kind of its stages is served but not described yet.
        kinds = {f"apis/{item['spec']['resourceRef']['apiGroup']}" for item in ready}
        self.wait("the description of stand-in kinds", partial(self._described, kinds), SECONDS)
        stages.write_text(standins.STAGES.read_text() + extra)
        command = [kwok, "--kubeconfig", str(self.cluster.kubeconfig), "--config", str(stages)]
        command += ["--manage-all-nodes=true", "--node-lease-duration-seconds=40"]
        command += ["--server-address", "127.0.0.1:10247"]
        self.processes.start("kwok", command, self.env, "http://127.0.0.1:10247/healthz")

    def start_argocd(self, settings: argocd.Settings) -> None:
        """Served repository, settings, servers."""
        address = self.repository.address
        hosting = Hosting(
            self.tools.require("git"),
            {address.name: self.repository.bare, f"{address.name}.git": self.repository.bare},
            {metrics.PREFIX: metrics.Metrics(self.server)},
        )
        serve(hosting, self.certificates)
        argocd.start_servers(
            self.tools,
            self.processes,
            self.folder,
            self.env,
            {address.host: self.certificates.authority},
        )
        for value in argocd.objects(settings):
            self.put(value)
        argocd.start_controller(
            self.tools, self.processes, self.cluster.kubeconfig, self.env, settings
        )

    def put_crds(self, crds: dict[str, bytes]) -> None:
        """Applied, and served: a kind that was just made is not there at once."""
        path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        for name, body in crds.items():
            answer = self.server.apply(f"{path}/{name}", body, BOOTSTRAP, dry_run=False)
            if not answer.ok:
                raise ToolFailed(f"CRD {name} was refused: {answer.message}")
        for name in crds:
            self.wait(f"CRD {name}", partial(self._established, f"{path}/{name}"), SECONDS)
        specs = [self.server.get(f"{path}/{name}").body["spec"] for name in crds]
        kinds = {(spec["group"], spec["names"]["kind"]) for spec in specs if _is_served(spec)}
        self.wait("the discovery of these CRDs", partial(self._discovered, kinds), SECONDS)

    def stand_in(self, groups: Iterable[str]) -> None:
        """CRDs for what add-ons that do not run would bring."""
        crds = {crd["metadata"]["name"]: crd for crd in standins.crds(groups)}
        self.put_crds({name: json.dumps(crd).encode() for name, crd in crds.items()})

    def put(self, value: Values) -> None:
        """What the bootstrap would have made. Raises ToolFailed when it is refused."""
        name = str(value["metadata"]["name"])
        resource = self.resource(str(value["apiVersion"]), str(value["kind"]))
        path = resource.path(str(value["metadata"].get("namespace") or ""), name)
        answer = self.server.apply(path, value, BOOTSTRAP, dry_run=False)
        if not answer.ok:
            raise ToolFailed(f"{value['kind']} {name} was refused: {answer.message}")

    def put_namespace(self, name: str) -> None:
        self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def resource(self, api_version: str, kind: str) -> Resource:
        served = self.server.resources().get((api_version, kind))
        if served is None:
            raise ToolFailed(f"the API server serves no {kind} of {api_version}")
        return served

    def applications(self) -> dict[str, ApplicationState]:
        return {name: state_of(value) for name, value in self.raw_applications().items()}

    def raw_applications(self) -> dict[str, Values]:
        live = self.watcher.snapshot().items()
        return {identity.name: value for identity, value in live if is_application(identity)}

    def refresh_all(self) -> None:
        for name in self.raw_applications():
            argocd.refresh(self.server, name)

    def dump(self) -> None:
        """Writes each followed object, as it is now, into a file of its own."""
        for identity, value in self.watcher.snapshot().items():
            folder = self.folder / "live" / (identity.namespace or "cluster")
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{identity.kind.lower()}-{identity.name.replace('/', '~')}.json"
            path.write_text(json.dumps(value, indent=2))

    def check(self) -> None:
        """Raises ToolFailed when a server has ended or does not answer."""
        self.processes.check()

    def wait(self, awaited: str, done: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            self.check()
            if time.monotonic() > deadline:
                raise ToolFailed(f"{awaited} was not there after {seconds:.0f} s")
            time.sleep(0.05)

    def _described(self, kinds: set[str]) -> bool:
        answer = self.server.get("/openapi/v3")
        return answer.ok and kinds <= set(answer.body.get("paths") or ())

    def _discovered(self, kinds: set[tuple[str, str]]) -> bool:
        return kinds <= {(item.group, item.kind) for item in self.server.resources().values()}

    def _established(self, path: str) -> bool:
        try:
            answer = self.server.get(path)
        except Unreachable:
            return False
        conditions = (answer.body.get("status") or {}).get("conditions") or ()
        return any(c["type"] == "Established" and c["status"] == "True" for c in conditions)


def _is_served(spec: Values) -> bool:
    """Whether the API server will serve any version of a CustomResourceDefinition."""
    return any(version["served"] for version in spec["versions"])


SECONDS = 120
"""What comes by itself is waited for so long: on a machine with other work it is slow to come."""
