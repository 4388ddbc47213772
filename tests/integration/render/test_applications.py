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
