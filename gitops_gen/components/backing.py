"""Backing services: components that tiers use with a key, such as `database: postgres`.

A component folder declares one as `BACKING_SERVICE` in its component.py, and also contains

    tier.schema.json    the JSON Schema of the keys that tiers get, as {"properties": {…}}
    tier.defaults.yaml  the defaults of these keys for every tier, if there are any

Objects that the service needs for a tier, such as a Service in the tier's namespace, a
NetworkPolicy that allows the tier, or a Secret that must exist there, are part of the component of
the service, which gets the tiers from `consumers`.
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
    """A Secret of the tier's namespace that is mounted as a folder in the tier's containers."""

    folder: str
    """The absolute path in the containers."""
    volume: str
    """The name of the Pod's volume, unique among the backing services."""
    secret: str
    keys: tuple[str, ...] = ()
    """The keys of the Secret that are mounted; all keys if it is empty."""


@dataclass(frozen=True, slots=True)
class EgressRule:
    """TCP traffic to the service that the tier's NetworkPolicy allows."""

    peers: tuple[Values, ...]
    """NetworkPolicyPeers, which `network_peers` builds."""
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """The variables, files and allowed traffic that a backing service gives a tier."""

    variables: Mapping[str, Values] = field(default_factory=dict, hash=False)
    """Environment variables by name: {"value": …} or the result of `from_secret`."""
    files: tuple[MountedSecret, ...] = ()
    egress: tuple[EgressRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackingService:
    """A component that tiers use with a key."""

    key: str
    """The key of a tier that uses the service, which is its name in messages."""
    capability: str
    """The capability of the service's component. Tiers that use it are synced after it."""
    provision: Callable[[Environment, Consumer], Provision]

    def used_by(self, tier: Values) -> bool:
        return uses(tier, self.key)


def uses(tier: Values, key: str) -> bool:
    """Whether a tier uses the service; `false` means that it does not."""
    return tier.get(key) not in (None, False)


def backing_services() -> tuple[BackingService, ...]:
    return tuple(service for _, service in _declared())


def consumers(environment: Environment, key: str) -> tuple[Consumer, ...]:
    """Returns the enabled tiers that have this key, sorted by name."""
    tiers: Values = environment.get("tiers", default={})
    return tuple(
        Consumer(name, tiers[name]["namespace"], tiers[name])
        for name in sorted(tiers)
        if environment.enabled("tiers", name) and uses(tiers[name], key)
    )


def from_secret(secret: str, key: str) -> Values:
    """Returns the source of an environment variable whose value is in a Secret."""
    return {"valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def tier_properties() -> Values:
    """Returns the schemas of the keys that backing services add to tiers, by key."""
    properties: Values = {}
    for folder, _ in _declared():
        schema = cast(Values, json.loads((folder.path / SCHEMA).read_bytes()))
        properties |= schema["properties"]
    return properties


def tier_defaults() -> tuple[Document, ...]:
    """Returns the defaults that backing services add to every tier."""
    from gitops_gen import yaml

    files = ((folder, folder.path / DEFAULTS) for folder, _ in _declared())
    return tuple(
        yaml.parse(file.read_bytes(), f"gitops_gen/components/{folder.name}/{DEFAULTS}")
        for folder, file in files
        if file.is_file()
    )


def with_defaults(document: Document, before: str) -> Document:
    """Inserts the defaults of backing services into `document`, before the key `before`."""
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
    """Inserts the items of `added` before the key `before`; the rendered files keep the order."""
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
