"""A store that tiers use by `acmeStore: true`: a backing service of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gitops_gen.components import network_peers
from gitops_gen.components.backing import (
    BackingService,
    Consumer,
    EgressRule,
    MountedSecret,
    Provision,
    consumers,
)
from gitops_gen.components.types import Component, NamedSecret, Namespace, Subchart
from gitops_gen.model import Environment

SECTION = ("acme-store",)
KEY = "acmeStore"
PORT = 6379
FOLDER = "/var/run/secrets/acme-store"
HERE = Path(__file__).parent


def _provision(environment: Environment, consumer: Consumer) -> Provision:
    section = environment.get(*SECTION)
    address = f"acme-store.{section['namespace']}.svc.cluster.local:{PORT}"
    variables = {"ACME_STORE_ADDRESS": address, "ACME_STORE_PASSWORD_FILE": f"{FOLDER}/password"}
    if isinstance(consumer.values[KEY], dict):
        variables["ACME_STORE_PREFIX"] = consumer.values[KEY]["prefix"]
    peer = network_peers.pods(section["namespace"], {"app.kubernetes.io/name": "acme-store"})
    return Provision(
        variables={name: {"value": text} for name, text in variables.items()},
        files=(
            MountedSecret(FOLDER, "acme-store", section["secret"], keys=("password", "ca.crt")),
        ),
        egress=(EgressRule((peer,), (PORT,)),),
    )


BACKING_SERVICE = BackingService(key=KEY, capability="store:acme-store", provision=_provision)


def instances(environment: Environment, planned: tuple[Component, ...]) -> Iterable[Component]:
    if not environment.enabled(*SECTION):
        return
    section = environment.get(*SECTION)
    namespace = section["namespace"]
    tiers = consumers(environment, KEY)
    computed = {
        "name": "acme-store",
        "port": PORT,
        "clients": [{"namespace": tier.namespace, "name": tier.name} for tier in tiers],
    }
    yield Component(
        name="acme-store",
        namespace=namespace,
        wave=21,
        source=Subchart(str(HERE), {**section, "computed": computed}),
        section=SECTION,
        provides=frozenset({BACKING_SERVICE.capability}),
        namespaces=(Namespace(namespace, isolated=True),),
        secrets=tuple(
            NamedSecret(place, section["secret"], ("password", "ca.crt"), "the store's password")
            for place in sorted({namespace, *(tier.namespace for tier in tiers)})
        ),
    )
