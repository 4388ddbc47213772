"""The settings of Argo CD in a rehearsal are those of Terraform, with or without its files."""

from __future__ import annotations

from pathlib import Path

from gitops_gen.rehearse.servers.argocd import HEALTH, settings
from tests.repository import ROOT


def test_a_repository_without_terraform_gets_the_same_settings(tmp_path: Path) -> None:
    ours, fallback = settings(ROOT, 2), settings(tmp_path, 2)
    assert fallback.config[HEALTH].strip() == ours.config[HEALTH].strip()
    assert fallback.sync_timeout == ours.sync_timeout
