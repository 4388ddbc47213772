"""Comparison of the programs' versions with those of the environment."""

from __future__ import annotations

from gitops_gen.rehearse.servers import versions
from tests.repository import ROOT


def test_the_argo_cd_that_our_terraform_installs_is_known() -> None:
    """A new chart version in terraform/ needs a new entry in _ARGOCD_OF_CHART."""
    assert versions.installed_argocd(ROOT) is not None
