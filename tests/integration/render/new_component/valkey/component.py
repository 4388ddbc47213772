"""A cache in memory that tiers use by `cache: true`: a backing service of one's own."""

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

SECTION = ("valkey",)
KEY = "cache"
PORT = 6379
FOLDER = "/var/run/secrets/valkey"
HERE = Path(__file__).parent


def _provision(environment: Environment, consumer: Consumer) -> Provision:
    section = environment.get(*SECTION)
    address = f"valkey.{section['namespace']}.svc.cluster.local:{PORT}"
    variables = {"CACHE_ADDRESS": address, "CACHE_PASSWORD_FILE": f"{FOLDER}/password"}
    if isinstance(consumer.values[KEY], dict):
        variables["CACHE_PREFIX"] = consumer.values[KEY]["prefix"]
    peer = network_peers.pods(section["namespace"], {"app.kubernetes.io/name": "valkey"})
    return Provision(
        variables={name: {"value": text} for name, text in variables.items()},
        files=(MountedSecret(FOLDER, "valkey", section["secret"], keys=("password", "ca.crt")),),
        egress=(EgressRule((peer,), (PORT,)),),
    )


BACKING_SERVICE = BackingService(key=KEY, capability="cache:valkey", provision=_provision)


def instances(environment: Environment, planned: tuple[Component, ...]) -> Iterable[Component]:
    if not environment.enabled(*SECTION):
        return
    section = environment.get(*SECTION)
    namespace = section["namespace"]
    tiers = consumers(environment, KEY)
    computed = {
        "name": "valkey",
        "port": PORT,
        "clients": [{"namespace": tier.namespace, "name": tier.name} for tier in tiers],
    }
    yield Component(
        name="valkey",
        namespace=namespace,
        wave=21,
        source=Subchart(str(HERE), {**section, "computed": computed}),
        section=SECTION,
        provides=frozenset({BACKING_SERVICE.capability}),
        namespaces=(Namespace(namespace, isolated=True),),
        secrets=tuple(
            NamedSecret(place, section["secret"], ("password", "ca.crt"), "the cache's password")
            for place in sorted({namespace, *(tier.namespace for tier in tiers)})
        ),
    )
