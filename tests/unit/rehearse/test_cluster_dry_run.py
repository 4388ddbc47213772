"""A dry run against a cluster of the user's: kubectl's proxy gives what an API server answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.cluster_dry_run import dry_run_against
from gitops_gen.rehearse.result import Mode, Verdict
from tests.unit.rehearse.api_server import kubectl
from tests.unit.rehearse.plans import PUSH, plan


def test_what_the_cluster_does_not_have_is_not_checked(tmp_path: Path) -> None:
    """It has the namespace `app`, and no other object of the example."""
    planned = plan(Mode.DRY_RUN, PUSH, folder=tmp_path, kubectl=kubectl(tmp_path))
    found = dry_run_against(planned, "config", "staging")
    assert {remark.verdict for remark in found.remarks} == {Verdict.NOT_CHECKED}
    judged = {str(remark.object) for remark in found.remarks}
    assert "Namespace app" not in judged
    assert {"Namespace database", "Service app/backend"} <= judged
    assert len(found.remarks) == found.objects - 1
    assert found.versions == (("kube-apiserver", "1.36.1"),)
    assert "the cluster is v1.36.1, the environment's is 1.35" in found.notes
    assert "Argo CD" in {item.name for item in found.left_out}
    arguments = (tmp_path / "bin/arguments").read_text()
    assert arguments.startswith("--kubeconfig config --context staging proxy --unix-socket=")


def test_kubectl_says_why_it_does_not_start(tmp_path: Path) -> None:
    refusal = 'error: context "staging" does not exist'
    failing = kubectl(tmp_path, f"echo '{refusal}' >&2\nexit 1\n")
    planned = plan(Mode.DRY_RUN, PUSH, folder=tmp_path, kubectl=failing)
    with pytest.raises(ToolFailed, match=f"^kubectl proxy: {refusal}$"):
        dry_run_against(planned, "config", "staging")
