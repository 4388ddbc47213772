"""Compares a state with the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import security_groups
from workspace import resources

from wiring import addons, bootstrap, cluster, network, order, roles
from wiring.found import Found, Made
from wiring.rows import Rows
from wiring.wanted import Wanted

Settled = Mapping[str, set[str]]


def of_infra(found: Found, want: Wanted) -> list[str]:
    settled = {**network.SETTLED, **roles.SETTLED}
    rows = {
        **network.settings(want),
        **cluster.settings(want),
        **addons.settings(want),
        **_root(want),
    }
    return [
        *_of_settings(found, rows, settled),
        *_of_connections(found, want),
        *_differences("routes of", network.routes(found), network.must_route(want)),
        *roles.findings(found, roles.must_exist(want), want.name),
        *order.findings(found, order.of_infra(want)),
        *_differences("output", found.outputs, {"gitops": handed_over(want)}),
        *_of_providers(found, {"aws": _aws(want.region, want.account, want.tags)}),
    ]


def of_bootstrap(found: Found, given: bootstrap.Variables, manifest: str) -> list[str]:
    cluster, region, account = (given[key] for key in ("cluster_name", "region", "account_id"))
    kubernetes = bootstrap.connection(cluster, region)
    providers = {
        "aws": _aws(region, account, {"cluster": cluster, "managed-by": "terraform"}),
        "helm": {"kubernetes": kubernetes},
        "kubernetes": kubernetes | {"exec": [kubernetes["exec"]]},  # a block, not an attribute
        "random": {},
    }
    return [
        *_of_settings(found, bootstrap.settings(given), roles.SETTLED),
        *roles.findings(found, bootstrap.roles(given), cluster),
        *bootstrap.of_argocd(found, given),
        *bootstrap.of_charts(found, given, manifest),
        *bootstrap.of_secrets(found, given),
        *bootstrap.of_ephemerals(found, given),
        *order.findings(found, bootstrap.order(given)),
        *_of_providers(found, providers),
    ]


def _aws(region: str, account: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """Returns the provider settings: the allowed account, and the tags of all resources."""
    return {
        "region": region,
        "allowed_account_ids": [account],
        "default_tags": [{"tags": tags}],
    }


def _of_providers(found: Found, wanted: Mapping[str, Any]) -> Iterator[str]:
    for call in found.called("configure"):
        name, given = call["provider"], _set(call["config"])
        if given != wanted.get(name):
            yield f"provider {name}: is configured with {given}, not {wanted.get(name)}"


def _set(value: Any) -> Any:
    """Returns the settings without those that are None."""
    if isinstance(value, dict):
        inner = {key: _set(one) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one not in (None, [], {})}
    return [_set(one) for one in value] if isinstance(value, list) else value


def _root(want: Wanted) -> Rows:
    """Returns the resource that identifies the environment of a state."""
    identity = {"account": want.account, "region": want.region, "name": want.name}
    encryption: Rows = {"encryption of volumes": {}} if want.encryption_by_default else {}
    return {"terraform_data.identity": {"input": identity}, **encryption}


def handed_over(want: Wanted) -> dict[str, Any]:
    """Returns the expected output for gitops-gen."""
    return {
        "schemaVersion": 1,
        "accountId": want.account,
        "region": want.region,
        "clusterName": want.name,
        "kubernetesVersion": want.kubernetes,
        "vpc": {
            "id": want.vpc,
            "cidr": want.cidr,
            "zones": list(want.zones),
            "publicSubnetCidrs": list(want.public),
            "privateSubnetCidrs": list(want.private),
        },
        "nodes": {
            "architecture": "arm64" if "ARM_64" in want.ami_type else "amd64",
            "min": want.min * len(want.zones),
            "max": want.max * len(want.zones),
        },
        "nodeEgress": [
            {"cidr": "0.0.0.0/0", "from": 443, "to": 443},
            {"cidr": want.cidr, "from": 1, "to": 65535},
        ],
        "albSecurityGroup": f"{want.name}-alb",
        "podPorts": {"from": 1024, "to": 10247},
        "certificateArn": want.certificate,
        "addons": [
            "amazon-cloudwatch-observability",
            "aws-ebs-csi-driver",
            "coredns",
            "eks-node-monitoring-agent",
            "metrics-server",
        ],
        "addonRoles": sorted({"aws-load-balancer-controller", "cloudwatch", *want.addon_roles}),
        "externalSecrets": "external-secrets" in want.addon_roles,
        "volumeTag": addons.volume_tag(want),
        "tags": dict(want.further_tags),
    }


def _of_connections(found: Found, want: Wanted) -> Iterator[str]:
    raw = resources(found.state)
    for word, edges, wanted in (
        ("entered", security_groups.admitted(raw), network.must_enter(want)),
        ("left", security_groups.sent(raw), network.must_leave(want)),
    ):
        yield from (f"{edge}: must be {word} by, and is not" for edge in sorted(wanted - edges))
        yield from (f"{edge}: no table states it ({word})" for edge in sorted(edges - wanted))


def _of_settings(found: Found, rows: Rows, settled: Settled) -> Iterator[str]:
    made = {one.label: one for one in found.made if one.type not in settled}
    for label in sorted({*made, *rows}):
        if label not in made:
            yield f"{label}: is not made"
        elif label in rows:
            yield from _of_arguments(made[label], rows[label])
        elif made[label].configured or not made[label].type.startswith("data."):
            yield f"{label} ({made[label].address}): no table states it"
    for one in found.made:
        for path in sorted(one.configured - settled.get(one.type, one.configured)):
            yield f"{one.label}: {path} is {one.get(path)!r}, and no table states it"


def _of_arguments(made: Made, row: Mapping[str, Any]) -> Iterator[str]:
    for path in sorted(made.configured | row.keys()):
        value = made.get(path)
        if path not in row:
            if value is not None:
                yield f"{made.label}: {path} is {value!r}, and no table states it"
        elif _plain(value) != _plain(row[path]):
            yield f"{made.label}: {path} is {value!r}, not {row[path]!r}"


def _plain(value: Any) -> Any:
    """Sorts lists of names, because their order has no meaning."""
    return sorted(value, key=str) if isinstance(value, list) else value


def _differences(
    what: str, found: Mapping[str, Any], wanted: Mapping[str, Any], path: str = ""
) -> Iterator[str]:
    for key in sorted({*found, *wanted}):
        one, other = found.get(key), wanted.get(key)
        where = f"{path}.{key}" if path else key
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _differences(what, one, other, where)
        elif one != other:
            yield f"{what} {where}: {one!r}, not {other!r}"
