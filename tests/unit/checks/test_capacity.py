"""How many Pods run, what they request, and what quotas, limit ranges and budgets make of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gitops_gen.checks.capacity.amounts import quantity, shown
from gitops_gen.checks.capacity.pod_sets import PodSet
from tests.unit.checks.views import messages, view_with

CONTAINER = "{name: web, resources: {requests: {cpu: 100m}}}"


def deployment(spec: str = "", pod: str = f"containers: [{CONTAINER}]") -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: app}}
spec:
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{{pod}}}
  {spec}
"""


def limit_range(limits: str) -> str:
    return f"""\
---
apiVersion: v1
kind: LimitRange
metadata: {{name: limits, namespace: app}}
spec: {{limits: [{limits}]}}
"""


def quota(hard: str, more: str = "") -> str:
    return f"""\
---
apiVersion: v1
kind: ResourceQuota
metadata: {{name: web, namespace: app}}
spec: {{hard: {{{hard}}}{more}}}
"""


def budget(spec: str, name: str = "web") -> str:
    return f"""\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: {name}, namespace: app}}
spec: {{selector: {{matchLabels: {{app: web}}}}, {spec}}}
"""


SCALER = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: app}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 10
"""


def pods(manifest: str) -> PodSet:
    found = view_with(platform=manifest).capacity.pod_sets
    [one] = [one for one in found if one.item.id.name == "web"]
    return one


@pytest.mark.parametrize(
    ("written", "expected"),
    [("250m", "0.25"), ("1e3", "1000"), ("1Gi", str(2**30)), (2, "2"), (0.5, "0.5")],
)
def test_a_quantity(written: object, expected: str) -> None:
    assert quantity(written) == Decimal(expected)


@pytest.mark.parametrize("written", ["much", "", "1Z", None, True, [], "-", "1e", "1e999999999999"])
def test_what_is_not_a_quantity(written: object) -> None:
    assert quantity(written) is None


def test_amounts_are_shown_in_their_usual_units() -> None:
    found = [
        shown(name, quantity(text) or 0)  # type: ignore[arg-type]
        for name, text in [
            ("requests.cpu", "1500m"),
            ("limits.cpu", "4"),
            ("requests.memory", "2048Mi"),
            ("memory", "1536Mi"),
            ("gp2.storageclass.storage.k8s.io/requests.storage", "10Gi"),
            ("count/pods", "12"),
        ]
    ]
    assert found == ["1500m", "4", "2Gi", "1536Mi", "10Gi", "12"]


@pytest.mark.parametrize(
    ("spec", "least", "step", "peak"),
    [
        ("replicas: 4", 4, 0, 5),
        ("replicas: 3", 3, 1, 4),
        ("replicas: 0", 0, 0, 0),
        ("", 1, 1, 2),
        ("replicas: 4\n  strategy: {type: Recreate}", 4, 0, 4),
        (
            "replicas: 10\n  strategy: {rollingUpdate: {maxSurge: 100%, maxUnavailable: 0}}",
            10,
            1,
            20,
        ),
        ("replicas: 2\n  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}", 2, 0, 2),
    ],
)
def test_pods_during_an_update(spec: str, least: int, step: int, peak: int) -> None:
    found = pods(deployment(spec))
    assert (found.least, found.step, found.peak) == (least, step, peak)


def test_pods_of_an_autoscaler() -> None:
    found = pods(deployment() + SCALER)
    # The surge is a quarter of ten, rounded up.
    assert (found.least, found.most, found.peak) == (2, 10, 13)


@pytest.mark.parametrize(
    ("spec", "temporary"),
    [("", 1), ("parallelism: 4", 4), ("parallelism: 4, completions: 2", 2), ("suspend: true", 0)],
)
def test_pods_of_a_job(spec: str, temporary: int) -> None:
    manifest = f"""\
apiVersion: batch/v1
kind: CronJob
metadata: {{name: web, namespace: app}}
spec:
  jobTemplate:
    spec:
      {{template: {{spec: {{containers: [{CONTAINER}]}}}}, {spec}}}
"""
    found = pods(manifest)
    assert (found.least, found.step, found.peak) == (0, temporary, temporary)


def container(name: str, cpu: str, more: str = "") -> str:
    return f"{{name: {name}, {more}resources: {{requests: {{cpu: {cpu}}}}}}}"


def test_init_containers_run_alone_and_sidecars_beside_all_others() -> None:
    init = (
        f"{container('first', '300m')}, {container('sidecar', '100m', 'restartPolicy: Always, ')}, "
        f"{container('last', '500m')}"
    )
    both = f"{container('web', '200m')}, {container('helper', '200m')}"
    pod = f"initContainers: [{init}], containers: [{both}], overhead: {{cpu: 50m}}"
    found = pods(deployment(pod=pod))
    assert shown("cpu", found.resources.whole.requests["cpu"]) == "650m"


# Quotas


@pytest.mark.parametrize(
    ("more", "is_counted"),
    [
        ("", True),
        (", scopes: [NotTerminating]", True),
        (", scopes: [Terminating]", False),
        (", scopes: [NotBestEffort]", True),
        (", scopes: [BestEffort]", False),
        (
            ", scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: Exists}]}",
            False,
        ),
        (", scopes: [SomethingNew]", False),
    ],
)
def test_the_scopes_of_a_quota(more: str, is_counted: bool) -> None:
    view = view_with(platform=deployment("replicas: 3") + quota("pods: 2", more))
    assert bool(messages("capacity-quota", view)) is is_counted


@pytest.mark.parametrize(
    ("hard", "is_exceeded"),
    [
        # The example has 3 Pods of frontend, at least 3 of backend, and 3 of web.
        ("pods: 9", True),
        ("pods: 10", False),
        ("count/pods: 9", True),
        ("requests.cpu: 1", True),
        ("cpu: 1", True),
        ("requests.cpu: 10", False),
        ("count/deployments.apps: 2", True),
        ("count/deployments.apps: 3", False),
        ("services.loadbalancers: 0", False),
        ("requests.nvidia.com/gpu: 0", False),
        ("something: 0", False),
        ("pods: many", False),
    ],
)
def test_what_a_quota_admits(hard: str, is_exceeded: bool) -> None:
    view = view_with(platform=deployment("replicas: 3") + quota(hard))
    assert bool(messages("capacity-quota", view)) is is_exceeded


@pytest.mark.parametrize(
    ("resource", "pod", "limits", "is_refused"),
    [
        ("limits.cpu", f"containers: [{CONTAINER}]", "", True),
        ("limits.cpu", f"containers: [{CONTAINER}]", "{type: Container, max: {cpu: 1}}", False),
        ("limits.cpu", f"containers: [{CONTAINER}], resources: {{limits: {{cpu: 1}}}}", "", False),
        ("requests.cpu", f"containers: [{CONTAINER}]", "", False),
        ("cpu", "containers: [{name: web, resources: {limits: {cpu: 1}}}]", "", False),
        ("memory", f"containers: [{CONTAINER}]", "", True),
        ("requests.ephemeral-storage", f"containers: [{CONTAINER}]", "", False),
    ],
)
def test_a_resource_that_a_quota_requires(
    resource: str, pod: str, limits: str, is_refused: bool
) -> None:
    manifest = deployment(pod=pod) + quota(f"{resource}: 100Gi")
    view = view_with(platform=manifest + (limit_range(limits) if limits else ""))
    assert bool(messages("capacity-quota-resources", view)) is is_refused


# Limit ranges


@pytest.mark.parametrize(
    ("resources", "limits", "problem"),
    [
        ("limits: {cpu: 2}", "{type: Container, max: {cpu: 1}}", "limit of cpu 2 is above"),
        ("requests: {cpu: 2}", "{type: Container, max: {cpu: 1}}", "above 1, the default limit"),
        ("", "{type: Container, max: {cpu: 1}}", None),
        (
            "requests: {cpu: 10m}",
            "{type: Container, min: {cpu: 100m}}",
            "request of cpu 10m is below",
        ),
        ("", "{type: Container, min: {cpu: 100m}}", None),
        ("", "{type: Pod, min: {cpu: 100m}}", "has no request of cpu"),
        ("requests: {cpu: 2}", "{type: Pod, max: {cpu: 1}}", "has no limit of cpu"),
        (
            "requests: {cpu: 1}, limits: {cpu: 3}",
            "{type: Container, maxLimitRequestRatio: {cpu: 2}}",
            "is 3 times the request",
        ),
        (
            "requests: {cpu: 1}, limits: {cpu: 2}",
            "{type: Container, maxLimitRequestRatio: {cpu: 2}}",
            None,
        ),
        ("limits: {cpu: 2}", "{type: PersistentVolumeClaim, max: {storage: 1Gi}}", None),
    ],
)
def test_a_limit_range(resources: str, limits: str, problem: str | None) -> None:
    pod = f"containers: [{{name: web, resources: {{{resources}}}}}]"
    view = view_with(platform=deployment(pod=pod) + limit_range(limits))
    found = [text for text in messages("capacity-limit-range", view) if " app/web," in text]
    assert [problem in text for text in found] == ([True] if problem else [])


def test_a_claim_outside_of_a_limit_range() -> None:
    claim = "kind: PersistentVolumeClaim\nmetadata: {name: files, namespace: app}\n"
    size = "spec: {resources: {requests: {storage: 20Gi}}}\n"
    limits = limit_range("{type: PersistentVolumeClaim, max: {storage: 10Gi}}")
    view = view_with(platform=f"apiVersion: v1\n{claim}{size}{limits}")
    assert messages("capacity-limit-range", view) == [
        "PersistentVolumeClaim app/files, the claim: the request of storage 20Gi is above the "
        "maximum 10Gi of LimitRange app/limits"
    ]


# Budgets


@pytest.mark.parametrize(
    ("replicas", "spec", "is_blocking"),
    [
        (2, "minAvailable: 2", True),
        (2, "minAvailable: 3", True),
        (2, "minAvailable: 1", False),
        (1, "minAvailable: 1", True),
        (1, "minAvailable: 1%", True),
        (2, "minAvailable: 50%", False),
        (3, "minAvailable: 67%", True),
        (2, "minAvailable: 0", False),
        (2, "maxUnavailable: 0", True),
        (2, "maxUnavailable: 0%", True),
        (2, "maxUnavailable: 1%", False),
        (1, "maxUnavailable: 1", False),
        (0, "minAvailable: 1", False),
        (2, "unhealthyPodEvictionPolicy: AlwaysAllow", False),
    ],
)
def test_a_budget(replicas: int, spec: str, is_blocking: bool) -> None:
    view = view_with(platform=deployment(f"replicas: {replicas}") + budget(spec))
    assert bool(messages("capacity-disruption-budget", view)) is is_blocking


def test_the_minimum_of_an_autoscaler_counts_for_a_budget() -> None:
    view = view_with(platform=deployment() + SCALER + budget("minAvailable: 2"))
    [message] = messages("capacity-disruption-budget", view)
    assert message.endswith("minAvailable is 2, and 2 Pods run at least")


def test_a_budget_cannot_count_the_pods_of_jobs() -> None:
    job = f"""\
apiVersion: batch/v1
kind: Job
metadata: {{name: web, namespace: app}}
spec:
  template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{CONTAINER}]}}}}
"""
    view = view_with(platform=job + budget("maxUnavailable: 1"))
    [message] = messages("capacity-disruption-budget", view)
    assert message.endswith("the Pods of Job app/web, for which Kubernetes knows no replicas")


def test_two_budgets_for_the_same_pods() -> None:
    manifest = deployment("replicas: 2") + budget("maxUnavailable: 1")
    view = view_with(platform=manifest + budget("maxUnavailable: 1", "again"))
    assert messages("capacity-two-budgets", view) == [
        "PodDisruptionBudget app/web selects the Pods of Deployment app/web, as "
        "PodDisruptionBudget app/again does"
    ]
