"""What is rehearsed is held against what is installed."""

from __future__ import annotations

from gitops_gen.rehearse.servers import versions
from tests.repository import ROOT


def test_the_argo_cd_that_our_terraform_installs_is_known() -> None:
    """A chart's version does not say it: a new chart in terraform/ needs a new line in _CHARTS."""
    assert versions.installed_argocd(ROOT) is not None
