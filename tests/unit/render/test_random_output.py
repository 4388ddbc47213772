"""The difference between two renders of known charts, with the value that cures it."""

from __future__ import annotations

import pytest

from gitops_gen.components.types import Component, HydratedChart
from gitops_gen.model import Environment, Mark, Pin, Position
from gitops_gen.render.helm_runs.random_output import random_output
from gitops_gen.render.helm_runs.releases import RenderedDifferently

LINE = Position("values/dev.yaml", 7, 3)
ENVIRONMENT = Environment("dev", {}, {("addons", "a"): Mark(LINE, LINE)}, "values/dev.yaml")
SECRET = """\
---
# Source: CHART/templates/x.yaml
apiVersion: v1
kind: KIND
metadata:
  name: NAME
data:
  key: VALUE
"""


def message(chart: str, kind: str, name: str) -> str:
    source = HydratedChart(Pin("https://charts.example.org", chart, "1.0.0"), "", {}, "a")
    component = Component(name="a", namespace="a", wave=0, source=source, section=("addons", "a"))
    text = SECRET.replace("CHART", chart).replace("KIND", kind).replace("NAME", name)
    outputs = [text.replace("VALUE", value).encode() for value in ("first", "second")]
    return random_output(ENVIRONMENT, component, RenderedDifferently(*outputs)).message


@pytest.mark.parametrize(
    ("chart", "kind", "name", "cure"),
    [
        ("kube-prometheus-stack", "Secret", "x-grafana", "grafana.admin.existingSecret"),
        (
            "kube-prometheus-stack",
            "Secret",
            "x-grafana-image-renderer",
            "grafana.imageRenderer.existingSecret",
        ),
        (
            "aws-load-balancer-controller",
            "MutatingWebhookConfiguration",
            "aws-load-balancer-webhook",
            "enableCertManager: true",
        ),
        (
            "amazon-cloudwatch-observability",
            "Secret",
            "x-agent-client-cert",
            "agent.certManager.enabled: true",
        ),
        (
            "amazon-cloudwatch-observability",
            "Secret",
            "x-controller-manager-service-cert",
            "admissionWebhooks.certManager.enabled: true",
        ),
        ("amazon-cloudwatch-observability", "Deployment", "manager", "manager.rolling: false"),
    ],
)
def test_known_charts(chart: str, kind: str, name: str, cure: str) -> None:
    text = message(chart, kind, name)
    assert f"{kind} {name} with a different result at every render in data.key" in text
    assert f"set {cure} in its values" in text
    assert "first" not in text


def test_another_chart() -> None:
    assert "remove the call, or use an existing Secret" in message("other", "Secret", "x")
