"""What of our values for the stack the user's never replace."""

from __future__ import annotations

from gitops_gen.components.addon_values import (
    HARDENING,
    Appended,
    Fixed,
    Ownership,
    Replaceable,
)

_ALL = "Prometheus would see only some of the monitors and rules that components make"
_DASHBOARDS = "Grafana finds the dashboards of every component by it"
_NAMESPACE = "the AppProject and the Secrets that it needs are those of namespace monitoring"
_NAMES = "the volumes have their names from it, and another name begins with empty ones"
_SELECTED = ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")
_SPEC = "prometheus.prometheusSpec"
_NODE_EXPORTER = "prometheus-node-exporter"
_CLAIM = "volumeClaimTemplate.spec"
_ONE_POD = "the volume has no other user than its own Pod"

OWNERSHIP = Ownership(
    fixed=(
        Fixed("crds.enabled", "the component prometheus-operator-crds owns the CRDs"),
        Fixed(
            "prometheusOperator.admissionWebhooks.certManager.enabled",
            "else Jobs in hooks make the webhook's certificate, behind Argo CD's back",
        ),
        *(Fixed(f"{_SPEC}.{kind}SelectorNilUsesHelmValues", _ALL) for kind in _SELECTED),
        *(Fixed(f"{_SPEC}.{kind}Selector", _ALL, chart={}) for kind in _SELECTED),
        *(Fixed(f"{_SPEC}.{kind}NamespaceSelector", _ALL, chart={}) for kind in _SELECTED),
        Fixed(
            "grafana.admin.existingSecret",
            "it is addons.kube-prometheus-stack.grafana.existingSecret; change it there",
        ),
        Fixed(
            "grafana.rbac.useExistingClusterRole",
            "it reads ConfigMaps alone, and the chart's own ClusterRole would read all Secrets",
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
        Appended("extraManifests", "the ClusterRole that Grafana reads dashboards by"),
        Appended("kube-state-metrics.collectorsExclude", "to list Secrets is to read them"),
    ),
    replaceable=(
        Replaceable(f"{_NODE_EXPORTER}.containerSecurityContext.capabilities.drop", HARDENING),
        Replaceable(f"{_SPEC}.storageSpec.{_CLAIM}.accessModes", _ONE_POD),
        Replaceable(f"alertmanager.alertmanagerSpec.storage.{_CLAIM}.accessModes", _ONE_POD),
    ),
)
