"""Backing services: components that tiers use by a key of their own, such as `database: postgres`.

A component folder declares one as `BACKING_SERVICE` in its component.py. Beside it stand

    tier.schema.json    the JSON Schema of the keys that tiers get, as {"properties": {…}}
    tier.defaults.yaml  laid under every tier, where a key has a default

What the service needs beside a tier, such as a Service in the tier's namespace, a NetworkPolicy
that admits the tier or a Secret that must exist there, is part of the service's own component,
which asks `consumers` for the tiers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from gitops_gen.components import Folder, catalogue
from gitops_gen.model import Document, Environment, Values

SCHEMA = "tier.schema.json"
DEFAULTS = "tier.defaults.yaml"

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Consumer:
    """A tier that uses a backing service."""

    name: str
    namespace: str
    values: Values
    """Its section of the values."""


@dataclass(frozen=True, slots=True)
class MountedSecret:
    """A Secret of the tier's namespace that the tier's containers see as a folder of files."""

    folder: str
    """Its absolute path in the containers."""
    volume: str
    """The name of the Pod's volume, which no other backing service uses."""
    secret: str
    keys: tuple[str, ...] = ()
    """Only these keys of the Secret; all of them if empty."""


@dataclass(frozen=True, slots=True)
class EgressRule:
    """What the tier's NetworkPolicy lets through to the service, over TCP."""

    peers: tuple[Values, ...]
    """As NetworkPolicyPeer has them: `network_peers` builds them."""
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What one tier gets of a backing service."""

    variables: Mapping[str, Values] = field(default_factory=dict, hash=False)
    """Environment variables: name -> {"value": …} or what `from_secret` gives."""
    files: tuple[MountedSecret, ...] = ()
    egress: tuple[EgressRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackingService:
    """A component that tiers use by a key."""

    key: str
    """The key of a tier that asks for the service; messages call the service by it."""
    capability: str
    """What the service's component provides; tiers that use it are synced after it."""
    provision: Callable[[Environment, Consumer], Provision]

    def used_by(self, tier: Values) -> bool:
        return uses(tier, self.key)


def uses(tier: Values, key: str) -> bool:
    """Whether a tier asks for the service; `false` says that it does not."""
    return tier.get(key) not in (None, False)


def backing_services() -> tuple[BackingService, ...]:
    return tuple(service for _, service in _declared())


def consumers(environment: Environment, key: str) -> tuple[Consumer, ...]:
    """The enabled tiers that have this key, by name."""
    tiers: Values = environment.get("tiers", default={})
    return tuple(
        Consumer(name, tiers[name]["namespace"], tiers[name])
        for name in sorted(tiers)
        if environment.enabled("tiers", name) and uses(tiers[name], key)
    )


def from_secret(secret: str, key: str) -> Values:
    """The source of an environment variable whose value is in a Secret."""
    return {"valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def tier_properties() -> Values:
    """The keys that backing services give tiers, with the schema of each."""
    properties: Values = {}
    for folder, _ in _declared():
        schema = cast(Values, json.loads((folder.path / SCHEMA).read_bytes()))
        properties |= schema["properties"]
    return properties


def tier_defaults() -> tuple[Document, ...]:
    """What is laid under every tier for the sake of backing services."""
    from gitops_gen import yaml

    files = ((folder, folder.path / DEFAULTS) for folder, _ in _declared())
    return tuple(
        yaml.parse(file.read_bytes(), f"gitops_gen/components/{folder.name}/{DEFAULTS}")
        for folder, file in files
        if file.is_file()
    )


def with_defaults(document: Document, before: str) -> Document:
    """`document` with the defaults for backing services' keys, which stand before a key of it."""
    keys, places = dict(document.keys), dict(document.values)
    added: Values = {}
    for one in tier_defaults():
        added |= one.value
        keys |= one.keys
        places |= {path: place for path, place in one.values.items() if path}
    return Document(inserted(document.value, added, before), keys, places)


def inserted(
    mapping: Mapping[str, _Item], added: Mapping[str, _Item], before: str
) -> dict[str, _Item]:
    """`mapping` with the items of `added` before the key `before`: the order is rendered too."""
    result: dict[str, _Item] = {}
    for key, value in mapping.items():
        result |= added if key == before else {}
        result[key] = value
    return result


def _declared() -> Iterator[tuple[Folder, BackingService]]:
    for folder in catalogue():
        service: Any = getattr(folder.module, "BACKING_SERVICE", None)
        if service is not None:
            yield folder, service
