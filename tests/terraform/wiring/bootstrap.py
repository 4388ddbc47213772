"""Tables of terraform/bootstrap: namespaces, first passwords, roles of tiers, Argo CD."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from wiring.found import Found
from wiring.order import Order
from wiring.roles import PODS, Role
from wiring.rows import Rows

Variables = Mapping[str, Any]
CHART = "https://argoproj.github.io/argo-helm"


def variables(file: Path) -> Variables:
    given: Variables = json.loads(file.read_text())
    return given


def settings(given: Variables) -> Rows:
    cluster = given["cluster_name"]
    identity = {"account": given["account_id"], "region": given["region"], "name": cluster}
    return {
        "terraform_data.identity": {"input": identity},
        "data.aws_eks_cluster.this": {"name": cluster},
        # Created first, because the objects below are in these namespaces.
        "release gitops-namespaces": {
            "name": "gitops-namespaces",
            "namespace": "kube-system",
            "chart": "./namespaces-chart",
            "values": ELSEWHERE,
            "take_ownership": True,  # an existing namespace is not an error
        },
        **_argocd(),
        **_references(given),
        **_passwords(given),
    }


def _argocd() -> Rows:
    return {
        "release argocd": {
            "name": "argocd",
            "namespace": "argocd",
            "create_namespace": True,
            "repository": CHART,
            "chart": "argo-cd",
            "version": "10.1.1",
            "atomic": True,  # a failed upgrade is rolled back
            "timeout": 900,
            "values": ELSEWHERE,
        },
        "release bootstrap": {
            "name": "bootstrap",
            "namespace": "argocd",
            "chart": "../modules/argocd/bootstrap-chart",
            "values": ELSEWHERE,
        },
    }


def _references(given: Variables) -> Rows:
    """Returns the Secrets of Argo CD, which finds credentials of repositories by their label."""
    labels = {
        "repository": {"argocd.argoproj.io/secret-type": "repository"},
        "webhook": {"app.kubernetes.io/part-of": "argocd"},
    }
    named = {"repository": given["repository"], "webhook": given["argocd"]["webhook"]}
    return {
        f"Secret argocd/argocd-{name}": {
            "metadata.name": f"argocd-{name}",
            "metadata.namespace": "argocd",
            "metadata.labels": labels[name],
            "data_wo_revision": reference["revision"],
        }
        for name, reference in named.items()
        if reference["secret_id"] is not None
    }


def _passwords(given: Variables) -> Rows:
    rows: Rows = {}
    for name, secret in given["secrets"].items():
        if secret.get("store", "kubernetes") == "secrets-manager":
            rows[f"secret {given['cluster_name']}/{name}"] = {
                "name": f"{given['cluster_name']}/{name}",  # readable for External Secrets
                "description": f"{name} of {given['environment']}.",
            }
            rows[f"content of {name}"] = {
                "secret_id": f"secret {given['cluster_name']}/{name}",
                "secret_string_wo_version": secret["revision"],
            }
            continue
        rows[f'terraform_data.copies["{name}"]'] = {
            "input": secret["namespaces"],
            "triggers_replace": secret["revision"],
        }
        for namespace in secret["namespaces"]:
            rows[f"Secret {namespace}/{name}"] = {
                "metadata.name": name,
                "metadata.namespace": namespace,
                "data_wo_revision": secret["revision"],
            }
    return rows


def roles(given: Variables) -> dict[str, Role]:
    return {
        f"{given['cluster_name']}-tier-{name}": Role(
            PODS,
            frozenset(role["policy_arns"]),
            (role["namespace"], role["service_account"]),
        )
        for name, role in given["pod_roles"].items()
    }


# The values of Argo CD. Apart from resources, the defaults of the chart apply.


class _Elsewhere:
    """Is equal to any value, because another table has the expected one."""

    def __eq__(self, _other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "what another table says"


ELSEWHERE = _Elsewhere()
HEALTH = "configs.cm.resource.customizations.health.argoproj.io_Application"
VALUES: dict[str, object] = {
    "global.networkPolicy.create": True,
    # A sync ends if an Application does not become healthy, so that a fix can be synced.
    "configs.params.controller.sync.timeout.seconds": "900",
    HEALTH: ELSEWHERE,  # tests/e2e tests it with a real Argo CD
    # gitops-gen does not use these components.
    "dex.enabled": False,
    "notifications.enabled": False,
    "applicationSet.replicas": 0,
}
HA_VALUES: dict[str, object] = {
    "redis-ha.enabled": True,
    **{
        f"{part}.{key}": value
        for part in ("server", "repoServer")
        for key, value in {"replicas": 2, "pdb.enabled": True, "pdb.maxUnavailable": 1}.items()
    },
}


def values_of_argocd(given: Variables) -> dict[str, object]:
    webhook = given["argocd"]["webhook"]
    told: dict[str, object] = {**VALUES, **(HA_VALUES if given["argocd"]["ha"] else {})}
    if webhook["secret_id"] is not None:
        # A reference to the secret of the webhook.
        told[f"configs.secret.{webhook['host']}Secret"] = "$argocd-webhook:secret"
    return told


def of_argocd(found: Found, given: Variables) -> Iterator[str]:
    told: dict[str, object] = {}
    for values in _values(found, "argocd"):
        told |= dict(_leaves(values))
    wanted = values_of_argocd(given)
    for key in sorted({*told, *wanted}):
        if wanted.get(key) != told.get(key):
            yield f"value {key} of Argo CD: {told.get(key)!r}, not {wanted.get(key)!r}"


def _leaves(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for key, inner in values.items():
        if key != "resources" and isinstance(inner, dict):
            yield from _leaves(inner, f"{before}{key}.")
        elif key != "resources":
            yield before + key, inner


def of_charts(found: Found, given: Variables, manifest: str) -> Iterator[str]:
    """Returns the values of the two local charts, which have one value each."""
    wanted = {
        "bootstrap": [{"manifest": manifest}],  # unchanged
        "gitops-namespaces": [{"namespaces": sorted(given["namespaces"])}],
    }
    for name, values in wanted.items():
        if _values(found, name) != values:
            yield f"release {name}: has the values {_values(found, name)}, not {values}"


def _values(found: Found, release: str) -> list[Any]:
    (made,) = (one for one in found.made if one.label == f"release {release}")
    return [yaml.safe_load(text) for text in made.get("values") or ()]


# Values that the state does not contain.


def of_secrets(found: Found, given: Variables) -> Iterator[str]:
    """Compares the keys of each Secret, and all copies of each password."""
    written: dict[str, list[dict[str, str]]] = {}
    for call in found.called("apply"):
        for text in call["write_only"].values():
            data = json.loads(text) if isinstance(text, str) else text
            written.setdefault(_name(call), []).append(data)
    wanted = _written(given)
    for name in sorted({*written, *wanted}):
        keys = [sorted(data) for data in written.get(name, [])]
        if keys != [sorted(one) for one in wanted.get(name, [])]:
            yield f"Secret {name}: is written with {keys}, not {wanted.get(name)}"
        if any(data != written[name][0] for data in written.get(name, [])):
            yield f"Secret {name}: its copies differ"
        for data in written.get(name, []):
            fields = given["secrets"].get(name, {}).get("fields", {})
            if any(data.get(key) != value for key, value in fields.items()):
                yield f"Secret {name}: does not hold the fields {fields}"


def _name(call: Mapping[str, Any]) -> str:
    """Of the Secret; an entry of Secrets Manager has one content, so its keys tell it."""
    config = call["config"]
    return str(config["metadata"][0]["name"]) if "metadata" in config else "in Secrets Manager"


def _written(given: Variables) -> dict[str, list[set[str]]]:
    wanted: dict[str, list[set[str]]] = {}
    for name, secret in given["secrets"].items():
        keys = {*secret.get("fields", {}), secret.get("password_key", "password")}
        kubernetes = secret.get("store", "kubernetes") == "kubernetes"
        copies = len(secret["namespaces"]) if kubernetes else 1
        where = name if kubernetes else "in Secrets Manager"
        wanted.setdefault(where, []).extend([keys] * copies)
    stored = {"username", "password", "secret"}  # the stub returns these keys for every secret
    if given["repository"]["secret_id"] is not None:
        wanted["argocd-repository"] = [stored | {"type", "url"}]
    if given["argocd"]["webhook"]["secret_id"] is not None:
        wanted["argocd-webhook"] = [stored]
    return wanted


def of_ephemerals(found: Found, given: Variables) -> Iterator[str]:
    lengths = {
        (call["config"]["length"], call["config"]["special"])
        for call in found.called("open", type="random_password")
    }
    # Only letters and digits, because passwords are used in URLs and shells without quoting.
    if lengths - {(32, False)}:
        yield f"passwords: {lengths} (length, special), not 32 letters and digits"
    opened = {
        call["config"]["secret_id"]
        for call in found.called("open", type="aws_secretsmanager_secret_version")
    }
    named = {given["repository"]["secret_id"], given["argocd"]["webhook"]["secret_id"]} - {None}
    if opened != named:
        yield f"secrets that Argo CD gets: {opened}, not {named}"


PODS_OF_TIERS = "module.pod_role.aws_eks_pod_identity_association.this"
ARGOCD = "module.argocd.helm_release.argocd"
_ORDER: Order = (
    (
        "kubernetes_secret_v1.password",
        "its namespace must be there",
        ("helm_release.namespaces", "terraform_data.copies"),
    ),
    (
        ARGOCD,
        "a Pod gets its role when it is admitted, and its Secrets when it starts",
        (
            PODS_OF_TIERS,
            "module.pod_role.aws_iam_role_policy_attachment.this",
            "kubernetes_secret_v1.password",
            "aws_secretsmanager_secret_version.password",
        ),
    ),
    (
        "module.argocd.kubernetes_secret_v1.this",
        "its namespace comes with Argo CD",
        (ARGOCD,),
    ),
    (
        "module.argocd.helm_release.bootstrap",
        "the first sync needs the repository's credentials, and Argo CD's CRDs",
        (ARGOCD, "module.argocd.kubernetes_secret_v1.this"),
    ),
)


def order(given: Variables) -> Order:
    """Of what these variables make."""
    references = (given["repository"], given["argocd"]["webhook"])
    made = {
        "module.argocd.kubernetes_secret_v1.this": any(one["secret_id"] for one in references),
        PODS_OF_TIERS: given["pod_roles"],
        "aws_secretsmanager_secret_version.password": "secrets-manager" in str(given["secrets"]),
    }
    absent = {address for address, there in made.items() if not there}
    return tuple(
        (address, why, tuple(one for one in needs if one not in absent))
        for address, why, needs in _ORDER
        if address not in absent
    )


def connection(cluster: str, region: str) -> dict[str, object]:
    """How Helm and Kubernetes reach the API server: what the stub answers for the cluster. No token
    of ours: it would end before Helm's own time limit."""
    arguments = ["eks", "get-token", "--cluster-name", cluster, "--region", region]
    return {
        "host": "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
        "cluster_ca_certificate": "stub",
        "exec": {
            "api_version": "client.authentication.k8s.io/v1beta1",
            "command": "aws",
            "args": [*arguments, "--output", "json"],
        },
    }
