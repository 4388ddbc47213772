"""The URL for Argo CD, from the URLs that `git remote add` accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.scaffold.remote_url import argocd_url

URLS = yaml.yaml_load(Path(__file__).with_name("remote_urls.yaml").read_bytes())


@pytest.mark.parametrize("remote", URLS)
def test_url_for_argocd(remote: str) -> None:
    assert argocd_url(remote) == URLS[remote]


@pytest.mark.parametrize("remote", URLS)
def test_no_credentials_are_left(remote: str) -> None:
    url = argocd_url(remote) or ""
    assert not any(secret in url for secret in ("hunter", "ghs_", "ghp_"))
