"""The chart's values that follow from the section's own settings."""

from __future__ import annotations

from gitops_gen.model import Values

_MEBIBYTES = {"Gi": 1024, "Ti": 1024 * 1024}


def computed(section: Values) -> Values:
    return {
        "grafana": {"admin": {"existingSecret": section["grafana"]["existingSecret"]}},
        "prometheus": {"prometheusSpec": _prometheus(section["prometheus"])},
        "alertmanager": {"alertmanagerSpec": _alertmanager(section["alertmanager"])},
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
    """Four fifths of the volume: compaction needs the rest, and a full one stops Prometheus."""
    return f"{int(size[:-2]) * _MEBIBYTES[size[-2:]] * 4 // 5}MiB"
