"""The values of kube-prometheus-stack that users cannot replace."""

from __future__ import annotations

from gitops_gen.components.addon_values import (
    HARDENING,
    Appended,
    Fixed,
    Ownership,
    Replaceable,
)

_ALL = "otherwise Prometheus would ignore some monitors and rules of components"
_DASHBOARDS = "Grafana uses it to find the dashboards of components"
_NAMESPACE = "the AppProject allows only the namespace monitoring, and its Secrets are there"
_NAMES = "volumes are named after it, and another name creates empty volumes"
_SELECTED = ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")
_SPEC = "prometheus.prometheusSpec"
_NODE_EXPORTER = "prometheus-node-exporter"
_CLAIM = "volumeClaimTemplate.spec"
_ONE_POD = "only one Pod uses the volume"

OWNERSHIP = Ownership(
    fixed=(
        Fixed("crds.enabled", "the component prometheus-operator-crds installs the CRDs"),
        Fixed(
            "prometheusOperator.admissionWebhooks.certManager.enabled",
            "otherwise Jobs in hooks create the webhook's certificate, outside of Git",
        ),
        *(Fixed(f"{_SPEC}.{kind}SelectorNilUsesHelmValues", _ALL) for kind in _SELECTED),
        *(Fixed(f"{_SPEC}.{kind}Selector", _ALL, chart={}) for kind in _SELECTED),
        *(Fixed(f"{_SPEC}.{kind}NamespaceSelector", _ALL, chart={}) for kind in _SELECTED),
        Fixed(
            "grafana.admin.existingSecret",
            "gitops-gen sets it from addons.kube-prometheus-stack.grafana.existingSecret; change "
            "that key instead",
        ),
        Fixed(
            "grafana.rbac.useExistingClusterRole",
            "this ClusterRole can only read ConfigMaps, but the ClusterRole of the chart could "
            "read all Secrets",
        ),
        *(
            Fixed(f"grafana.sidecar.dashboards.{key}", _DASHBOARDS)
            for key in ("enabled", "label", "labelValue", "searchNamespace")
        ),
        *(
            Fixed(f"{chart}namespaceOverride", _NAMESPACE, chart="")
            for chart in ("", "grafana.", "kube-state-metrics.", f"{_NODE_EXPORTER}.")
        ),
        Fixed("nameOverride", _NAMES, chart=""),
        Fixed("fullnameOverride", _NAMES, chart=""),
        Fixed("cleanPrometheusOperatorObjectNames", _NAMES, chart=False),
    ),
    appended=(
        Appended("extraManifests", "the ClusterRole with which Grafana reads dashboards"),
        Appended(
            "kube-state-metrics.collectorsExclude",
            "permission to list Secrets includes reading them",
        ),
    ),
    replaceable=(
        Replaceable(f"{_NODE_EXPORTER}.containerSecurityContext.capabilities.drop", HARDENING),
        Replaceable(f"{_SPEC}.storageSpec.{_CLAIM}.accessModes", _ONE_POD),
        Replaceable(f"alertmanager.alertmanagerSpec.storage.{_CLAIM}.accessModes", _ONE_POD),
    ),
)
