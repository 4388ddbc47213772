"""The dependencies between objects, what each is needed for, and the order of the waves."""

from __future__ import annotations

import pytest

from gitops_gen.checks.dependencies import Dependency, dependencies
from tests.unit.checks.views import messages, view_with

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: app}\n"
SHOP = "apiVersion: example.org/v1\nkind: Shop\nmetadata: {name: main, namespace: app}\n"
CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.org}
spec: {group: example.org, names: {kind: Shop, plural: shops}}
"""
MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: app}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: app}
spec: {defaultBackend: {service: {name: frontend, port: {number: 8080}}}}
"""
WEBHOOK = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks:
  - name: hook.example.org
    clientConfig: {service: {name: frontend, namespace: app}}
    rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [RESOURCE]}]
    MORE: true
"""


def job(annotations: str) -> str:
    return f"""\
apiVersion: batch/v1
kind: Job
metadata: {{name: migrate, namespace: app, annotations: {{{annotations}}}}}
spec: {{template: {{spec: {{serviceAccountName: web}}}}}}
"""


def pod(address: str, variable: str = "TEXT") -> str:
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: app}}
spec: {{containers: [{{name: web, env: [{{name: {variable}, value: "{address}"}}]}}]}}
"""


def of(source: str, **manifests: str) -> list[str]:
    """The dependencies of one object, apart from those on namespaces that are rendered."""
    found = dependencies(view_with(**manifests))
    return [
        _described(one) for one in found if str(one.source.id) == source and not _is_common(one)
    ]


def _described(one: Dependency) -> str:
    return f"{one.need}: {one.target.id} {one.order}"


def _is_common(one: Dependency) -> bool:
    return str(one.target.id) in ("Namespace app", "Namespace database")


def test_the_backend_of_the_example_uses_its_database_which_is_synced_before() -> None:
    assert of("Deployment app/backend") == [
        "health: ServiceAccount app/backend before",
        "use: Service app/postgres before",
        "use: StatefulSet database/postgres before",
    ]


def test_an_ingress_needs_its_services_its_class_and_the_controller() -> None:
    assert of("Ingress app/ingress") == [
        "health: Service app/backend before",
        "health: Service app/frontend before",
        "health: IngressClass alb before",
        "health: Application argocd/aws-load-balancer-controller before",
    ]


def test_a_custom_resource_needs_the_application_that_creates_its_definition() -> None:
    expected = ["acceptance: Application argocd/prometheus-operator-crds before"]
    assert of("ServiceMonitor app/web", frontend=MONITOR) == expected


@pytest.mark.parametrize("component", ["backend", "postgres"])
def test_an_ingress_before_its_service_is_an_error(component: str) -> None:
    view = view_with(**{component: INGRESS})
    [message] = messages("argocd-application-order", view)
    assert message.startswith("Ingress app/web requires Service app/frontend, but Argo CD syncs")


def test_an_ingress_beside_its_service_is_in_the_order_of_kinds() -> None:
    assert of("Ingress app/web", frontend=INGRESS) == ["health: Service app/frontend before"]


# The order in one Application


@pytest.mark.parametrize(
    ("annotations", "order"),
    [
        ("", "before"),
        ("argocd.argoproj.io/hook: Sync", "before"),
        ('argocd.argoproj.io/sync-wave: "1"', "before"),
        ('argocd.argoproj.io/sync-wave: "-1"', "after"),
        ("argocd.argoproj.io/hook: PreSync", "after"),
        ("argocd.argoproj.io/hook: PostSync", "before"),
        ("helm.sh/hook: pre-install", "after"),
        ('helm.sh/hook: post-install, helm.sh/hook-weight: "-5"', "before"),
    ],
)
def test_a_job_and_its_account(annotations: str, order: str) -> None:
    found = of("Job app/migrate", frontend=f"{job(annotations)}---\n{ACCOUNT}")
    assert found == [f"health: ServiceAccount app/web {order}"]


def test_a_hook_outside_of_a_sync_has_no_order() -> None:
    manifest = job("argocd.argoproj.io/hook: SyncFail")
    assert of("Job app/migrate", frontend=f"{manifest}---\n{ACCOUNT}") == []


def test_argo_cd_moves_namespaces_and_definitions_before_what_needs_them() -> None:
    early = job("argocd.argoproj.io/hook: PreSync").replace("namespace: app", "namespace: shop")
    text = f"{early}---\n{NAMESPACE}---\n{CRD}---\n{SHOP}".replace("name: main,", EARLY)
    assert of("Job shop/migrate", frontend=text) == ["acceptance: Namespace shop before"]
    expected = ["acceptance: CustomResourceDefinition shops.example.org before"]
    assert of("Shop app/main", frontend=text) == expected


EARLY = 'name: main, annotations: {argocd.argoproj.io/sync-wave: "-5"},'


# Webhooks


def webhook(resource: str = "configmaps", **more: str) -> str:
    text = WEBHOOK.replace("RESOURCE", resource)
    return text.replace("MORE: true", "\n    ".join(f"{k}: {v}" for k, v in more.items()))


def admitted(manifest: str) -> set[str]:
    """The objects that the Pods of frontend must admit, if they are refused without them."""
    found = dependencies(view_with(platform=manifest))
    return {str(one.source.id) for one in found if one.webhook and one.need == "acceptance"}


MAPS = {
    "ConfigMap app/backend-dashboard",
    "ConfigMap app/frontend-dashboard",
    "ConfigMap database/postgres",
    "ConfigMap database/postgres-dashboard",
    "ConfigMap database/postgres-init",
}


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (webhook(), MAPS),
        (webhook(failurePolicy="Ignore"), set()),
        (webhook(namespaceSelector="{matchLabels: {kubernetes.io/metadata.name: none}}"), set()),
        (
            webhook(namespaceSelector="{matchLabels: {kubernetes.io/metadata.name: database}}"),
            {name for name in MAPS if "database" in name},
        ),
        (
            webhook(
                objectSelector="{matchExpressions: [{key: grafana_dashboard, operator: Exists}]}"
            ),
            {name for name in MAPS if "dashboard" in name},
        ),
        (webhook(matchConditions="[{name: some, expression: 'false'}]"), set()),
        (webhook().replace("CREATE", "UPDATE"), set()),
    ],
    ids=["all", "ignored", "no namespace", "a namespace", "labels", "an expression", "updates"],
)
def test_a_webhook_admits(manifest: str, expected: set[str]) -> None:
    assert admitted(manifest) == expected


def test_pods_of_earlier_waves_wait_for_a_webhook() -> None:
    view = view_with(platform=webhook("pods"))
    found = messages("argocd-application-order", view)
    texts = [text.split(", but")[0] for text in found]
    hook = "ValidatingWebhookConfiguration hook admits"
    assert texts == [
        f"{hook} Deployment app/backend and requires the Pods of Deployment app/frontend",
        f"{hook} Deployment database/postgres-exporter and requires the Pods of Deployment "
        "app/frontend",
    ]


def test_a_webhook_that_is_created_later_does_not_refuse_the_first_objects() -> None:
    assert messages("argocd-application-order", view_with(frontend=webhook())) == []


# Addresses


@pytest.mark.parametrize(
    ("address", "is_address"),
    [
        ("postgres:5432", True),
        ("postgresql://app:word@postgres.app/app?sslmode=require", True),
        ("postgres.app.svc.cluster.local", True),
        ("http://postgres", True),
        ("postgres", False),
        ("postgres.elsewhere", False),
        ("postgres.example.org", False),
        ("the postgres of the shop", False),
        ("", False),
    ],
)
def test_the_address_of_a_service(address: str, is_address: bool) -> None:
    found = of("Pod app/web", ingress=pod(address))
    assert ("use: StatefulSet database/postgres before" in found) is is_address


def test_one_word_is_an_address_if_the_variable_is_for_addresses() -> None:
    found = of("Pod app/web", ingress=pod("postgres", "DATABASE_HOST"))
    assert "use: Service app/postgres before" in found


def test_a_workload_before_its_database_is_a_warning() -> None:
    view = view_with(platform=pod("postgres.database:5432"))
    [message] = messages("wave-database", view)
    assert message == (
        "Pod app/web uses StatefulSet database/postgres, which Argo CD syncs later: "
        "postgres in wave 10, and platform in wave -20"
    )
