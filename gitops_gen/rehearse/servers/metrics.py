"""A stand-in for metrics-server: every Pod uses half of what it requests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import parse_qs

from gitops_gen.components import quantities
from gitops_gen.model import Values
from gitops_gen.rehearse.servers.api import Server

GROUP = "metrics.k8s.io"
PREFIX = f"/apis/{GROUP}/v1beta1"
PORT = 443
_PODS = re.compile(rf"{PREFIX}/namespaces/([^/]+)/pods")


@dataclass(frozen=True, slots=True)
class Metrics:
    """Answers what the autoscaler asks."""

    server: Server

    def __call__(self, path: str, query: str) -> tuple[int, bytes]:
        match = _PODS.fullmatch(path)
        if match is None:
            return 200, json.dumps(_kinds()).encode()
        selector = {k: v[0] for k, v in parse_qs(query).items() if k == "labelSelector"}
        answer = self.server.get(f"/api/v1/namespaces/{match.group(1)}/pods", **selector)
        if not answer.ok:
            return answer.status, json.dumps(answer.body).encode()
        items = [_usage(pod) for pod in answer.body["items"]]
        head = {"kind": "PodMetricsList", "apiVersion": f"{GROUP}/v1beta1", "metadata": {}}
        return 200, json.dumps({**head, "items": items}).encode()


def registration() -> list[Values]:
    """The API server asks us for the group, by way of a Service that is only a name."""
    name_and_namespace = {"name": "metrics-server", "namespace": "kube-system"}
    service = {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": PORT}]}
    group: Values = {"group": GROUP, "version": "v1beta1", "insecureSkipTLSVerify": True}
    group |= {"groupPriorityMinimum": 100, "versionPriority": 100}
    return [
        {"apiVersion": "v1", "kind": "Service", "metadata": name_and_namespace, "spec": service},
        {
            "apiVersion": "apiregistration.k8s.io/v1",
            "kind": "APIService",
            "metadata": {"name": f"v1beta1.{GROUP}"},
            "spec": {**group, "service": {**name_and_namespace, "port": PORT}},
        },
    ]


def _kinds() -> Values:
    verbs = ["get", "list"]
    pods = {"name": "pods", "namespaced": True, "kind": "PodMetrics", "verbs": verbs}
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{GROUP}/v1beta1",
        "resources": [{**pods, "singularName": ""}],
    }


def _usage(pod: Values) -> Values:
    now = (pod.get("status") or {}).get("startTime") or pod["metadata"]["creationTimestamp"]
    containers = [
        {"name": c["name"], "usage": _half_of((c.get("resources") or {}).get("requests") or {})}
        for c in pod["spec"]["containers"]
    ]
    metadata = {key: pod["metadata"][key] for key in ("name", "namespace")}
    metadata["labels"] = pod["metadata"].get("labels") or {}
    return {"metadata": metadata, "timestamp": now, "window": "30s", "containers": containers}


def _half_of(requests: Values) -> dict[str, str]:
    wanted = {"cpu": requests.get("cpu", "100m"), "memory": requests.get("memory", "64Mi")}
    return {name: f"{int(_number(str(amount)) * 500)}m" for name, amount in wanted.items()}


def _number(quantity: str) -> Decimal:
    """The API server also takes `12e6`, which values may not say."""
    try:
        return quantities.value(quantity)
    except ValueError:
        return Decimal(quantity)
