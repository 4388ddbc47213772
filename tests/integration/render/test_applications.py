"""The settings with which Argo CD compares and applies the objects of each Application.

tests/e2e/test_refusals.py tests their effect in a real Argo CD.
"""

from __future__ import annotations

import pytest

from tests.repository import VARIATIONS, Object, Repository

COMPARE = "argocd.argoproj.io/compare-options"
APPLY = "ServerSideApply=true"


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_server_side_diff_is_disabled(rendered: Repository, environment: str) -> None:
    """With server-side diff, Argo CD may show a change as Synced that the API server refused."""
    applications = rendered.argocd(environment).all("Application")
    assert "root" in {application["metadata"]["name"] for application in applications}
    for application in applications:
        assert application["metadata"]["annotations"][COMPARE] == "ServerSideDiff=false"


@pytest.mark.parametrize("environment", [file.stem for file in VARIATIONS])
def test_variations_have_the_same_compare_and_apply_options(
    variations: Repository, environment: str
) -> None:
    for application in variations.argocd(environment).all("Application"):
        assert application["metadata"]["annotations"][COMPARE] == "ServerSideDiff=false"
        assert (APPLY in _options(application)) is _is_chart(application)


def test_only_charts_that_argo_cd_renders_use_server_side_apply(rendered: Repository) -> None:
    """With client-side apply, every version of Argo CD detects a field that was removed from Git.

    The CRDs of a chart may be too large for the annotation that client-side apply adds.
    """
    applications = rendered.argocd("prod").all("Application")
    by_server = {a["metadata"]["name"] for a in applications if APPLY in _options(a)}
    assert by_server == {a["metadata"]["name"] for a in applications if _is_chart(a)}
    assert {"prometheus-operator-crds", "cert-manager"} <= by_server
    assert by_server.isdisjoint({"root", "platform", "postgres", "backend", "ingress"})


def _options(application: Object) -> list[str]:
    options: list[str] = application["spec"]["syncPolicy"].get("syncOptions", [])
    return options


def _is_chart(application: Object) -> bool:
    return "chart" in application["spec"]["source"]


def test_also_admit_keeps_a_namespace_and_a_kind_until_they_are_deleted(
    repository: Repository,
) -> None:
    repository.render("prod")
    before = repository.argocd("prod").one("AppProject", "prod")["spec"]
    repository.write(
        "values/prod.yaml",
        repository.read("values/prod.yaml")
        + """alsoAdmit:
  - namespace: payments
    reason: The tier pay is removed.
  - kind: ClusterRole.rbac.authorization.k8s.io
    reason: The chart of an add-on is removed.
  - namespace: orders
    kind: Deployment.apps
    reason: The tier orders is removed.
""",
    )
    repository.render("prod")
    after = repository.argocd("prod").one("AppProject", "prod")["spec"]
    names = [{one["namespace"] for one in spec["destinations"]} for spec in (before, after)]
    assert names[1] - names[0] == {"payments", "orders"}
    kinds = after["clusterResourceWhitelist"]
    assert {"group": "rbac.authorization.k8s.io", "kind": "ClusterRole"} in kinds
    assert {"group": "apps", "kind": "Deployment"} not in kinds


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{namespace: payments}", "alsoAdmit[0].reason"),
        ("{reason: why}", "alsoAdmit[0]"),
        ("{namespace: '*', reason: why}", "alsoAdmit[0].namespace"),
        ("{namespace: argocd, reason: why}", "alsoAdmit[0].namespace"),
        ("{kind: '*', reason: why}", "alsoAdmit[0].kind"),
        ("{kind: Role/x, reason: why}", "alsoAdmit[0].kind"),
        ("{namespace: payments, reason: ' '}", "alsoAdmit[0].reason"),
        ("payments", "alsoAdmit[0]"),
    ],
)
def test_also_admit_needs_a_reason_and_one_name(
    repository: Repository, entry: str, message: str
) -> None:
    values = repository.read("values/prod.yaml")
    repository.write("values/prod.yaml", f"{values}alsoAdmit: [{entry}]\n")
    done = repository.run("render", "prod")
    assert done.returncode == 2
    assert message in done.stderr
