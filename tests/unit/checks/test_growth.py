"""The work of the rules grows with the number of objects, and not with its square."""

from __future__ import annotations

import sys
from types import FrameType

from gitops_gen.checks.rules import object_rules
from gitops_gen.checks.view import EnvironmentView
from tests.unit.checks.views import view_with

WORKLOAD = """\
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: webNUMBER, namespace: app}
---
apiVersion: v1
kind: Service
metadata: {name: webNUMBER, namespace: app}
spec: {selector: {app: webNUMBER}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: webNUMBER, namespace: app}
data: {mode: fast}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: webNUMBER, namespace: app}
spec:
  replicas: 2
  selector: {matchLabels: {app: webNUMBER}}
  template:
    metadata: {labels: {app: webNUMBER}}
    spec:
      serviceAccountName: webNUMBER
      containers:
        - name: web
          image: ghcr.io/acme/web:1.0.0
          ports: [{containerPort: 8080}]
          env: [{name: PEER_URL, value: "http://webNUMBER:8080"}]
          envFrom: [{configMapRef: {name: webNUMBER}}, {secretRef: {name: missingNUMBER}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: webNUMBER, namespace: app}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: webNUMBER}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: webNUMBER, namespace: app}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: webNUMBER}
  minReplicas: 2
  maxReplicas: 4
"""
SHARED = """\
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: app}
spec: {hard: {pods: 1000, requests.cpu: 1000, count/services: 1000}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks:
  - name: hook.example.org
    clientConfig: {service: {name: web0, namespace: app}}
    rules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*"]}]
"""


def view_of(workloads: int) -> EnvironmentView:
    every = (WORKLOAD.replace("NUMBER", str(number)) for number in range(workloads))
    view = view_with(frontend=SHARED + "".join(every))
    for item in view.objects:
        assert item.value
    return view


def calls(view: EnvironmentView) -> dict[str, int]:
    """The number of function calls of each rule."""
    found: dict[str, int] = {}
    for one in object_rules():
        number = 0

        def count(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal number
            number += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            list(one.problems(view))
        finally:
            sys.setprofile(None)
        found[one.rule.id] = number
    return found


def test_twice_as_many_objects_need_about_twice_as_many_calls() -> None:
    once, twice = calls(view_of(100)), calls(view_of(200))
    growth = {rule: twice[rule] / once[rule] for rule in once if once[rule] > 1000}
    assert {rule: round(number, 1) for rule, number in growth.items() if number > 2.4} == {}
