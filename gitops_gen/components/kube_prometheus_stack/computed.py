"""Chart values that are derived from the settings of the section."""

from __future__ import annotations

from gitops_gen.model import Values

DASHBOARDS_ROLE = "kube-prometheus-stack-grafana-dashboards"
_MEBIBYTES = {"Gi": 1024, "Ti": 1024 * 1024}


def computed(section: Values) -> Values:
    return {
        "grafana": {
            "admin": {"existingSecret": section["grafana"]["existingSecret"]},
            "rbac": {"useExistingClusterRole": DASHBOARDS_ROLE},
        },
        "extraManifests": [_dashboards_role()],
        "prometheus": {"prometheusSpec": _prometheus(section["prometheus"])},
        "alertmanager": {"alertmanagerSpec": _alertmanager(section["alertmanager"])},
    }


def _dashboards_role() -> Values:
    """Returns a ClusterRole for dashboards, which are ConfigMaps in all namespaces. The role of the
    chart could also read all Secrets."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": DASHBOARDS_ROLE},
        "rules": [
            {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}
        ],
    }


def _prometheus(prometheus: Values) -> Values:
    return {
        "retention": prometheus["retention"],
        "retentionSize": _retention_size(prometheus["storage"]["size"]),
        "storageSpec": _claim(prometheus["storage"]),
    }


def _alertmanager(alertmanager: Values) -> Values:
    spec: Values = {"storage": _claim(alertmanager["storage"])}
    if "configSecret" in alertmanager:
        spec |= {"useExistingSecret": True, "configSecret": alertmanager["configSecret"]}
    return spec


def _claim(storage: Values) -> Values:
    spec = {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": storage["class"],
        "resources": {"requests": {"storage": storage["size"]}},
    }
    return {"volumeClaimTemplate": {"spec": spec}}


def _retention_size(size: str) -> str:
    """Returns 80% of the volume. Compaction needs the rest, and a full volume stops Prometheus."""
    return f"{int(size[:-2]) * _MEBIBYTES[size[-2:]] * 4 // 5}MiB"
