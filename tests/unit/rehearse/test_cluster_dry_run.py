"""A dry run against the user's cluster, with recorded responses in place of `kubectl proxy`."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse.cluster_dry_run import dry_run_against
from gitops_gen.rehearse.result import Mode, RemarkVerdict
from tests.unit.rehearse.api_server import kubectl
from tests.unit.rehearse.plans import PUSH, plan


def test_what_the_cluster_does_not_have_is_not_checked(tmp_path: Path) -> None:
    """The cluster has only the namespace `app` of the example."""
    planned = plan(Mode.DRY_RUN, PUSH, folder=tmp_path, kubectl=kubectl(tmp_path))
    found = dry_run_against(planned, "config", "staging")
    assert {remark.verdict for remark in found.remarks} == {RemarkVerdict.NOT_CHECKED}
    judged = {str(remark.object) for remark in found.remarks}
    assert "Namespace app" not in judged
    assert {"Namespace database", "Service app/backend"} <= judged
    assert len(found.remarks) == found.sent_objects - 1
    assert found.versions == (("kube-apiserver", "1.36.1"),)
    assert "the cluster has the version v1.36.1, but the environment has 1.35" in found.notes
    assert "Argo CD" in {item.name for item in found.left_out}
    arguments = (tmp_path / "bin/arguments").read_text()
    assert arguments.startswith("--kubeconfig config --context staging proxy --unix-socket=")


def test_kubectl_says_why_it_does_not_start(tmp_path: Path) -> None:
    refusal = 'error: context "staging" does not exist'
    failing = kubectl(tmp_path, f"echo '{refusal}' >&2\nexit 1\n")
    planned = plan(Mode.DRY_RUN, PUSH, folder=tmp_path, kubectl=failing)
    with pytest.raises(ToolFailed, match=f"^kubectl proxy: {refusal}$"):
        dry_run_against(planned, "config", "staging")


def test_a_folder_whose_path_is_too_long_for_a_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    planned = plan(Mode.DRY_RUN, PUSH, folder=folder, kubectl=kubectl(tmp_path))
    with pytest.raises(ToolFailed, match="too long for a Unix socket; set TMPDIR to a shorter one"):
        dry_run_against(planned, "config", None)
