"""Reduced rehearsals: without controllers, without Argo CD, unprivileged, on a real cluster."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.rehearse import RehearsalRequest, rehearse_environment
from gitops_gen.rehearse.cluster_dry_run import dry_run_against
from gitops_gen.rehearse.plan import Push, RehearsalPlan
from gitops_gen.rehearse.result import Mode, Rehearsal, RemarkVerdict
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.rehearse.sandbox import Sandbox
from gitops_gen.rehearse.servers import versions
from gitops_gen.rehearse.servers.argocd import settings
from gitops_gen.rehearse.servers.folder import scratch
from gitops_gen.rehearse.servers.isolation import isolated
from gitops_gen.rehearse.servers.tools import VARIABLE, tools
from gitops_gen.report import formats
from gitops_gen.report.rehearsal import report
from tests.e2e.repositories import example

SYSTEM = "/usr/bin:/bin:/usr/sbin:/sbin"


def _only(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Provides only these programs and those of a plain system."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(tools().require(name))
    for variable in (VARIABLE, "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setenv("PATH", SYSTEM)
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)


def test_without_controllers_it_is_reduced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = example(tmp_path / "repository")
    _only(tmp_path / "bin", monkeypatch, "etcd", "kube-apiserver", "argocd")
    result = rehearse_environment(RehearsalRequest(root, "dev"), print, lambda _text: None)
    assert result.mode is Mode.REDUCED
    assert any("reduced: kube-controller-manager" in note for note in result.notes)
    assert [phase.name for phase in result.phases] == ["dry run", "comparison"]
    assert result.good


def test_without_argocd_only_the_api_server_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = example(tmp_path / "repository")
    _only(tmp_path / "bin", monkeypatch, "etcd", "kube-apiserver")
    result = rehearse_environment(RehearsalRequest(root, "dev"), print, lambda _text: None)
    assert result.mode is Mode.DRY_RUN
    assert any("argocd" in note and "reduced" in note for note in result.notes)


def test_without_an_api_server_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = example(tmp_path / "repository")
    _only(tmp_path / "bin", monkeypatch)
    with pytest.raises(
        ToolFailed, match=r"(etcd|kube-apiserver) is not installed; run setup-envtest"
    ):
        rehearse_environment(RehearsalRequest(root, "dev", dry_run=True), print, lambda _text: None)


def test_a_live_cluster_is_only_read(tmp_path: Path) -> None:
    """In an empty cluster, most objects cannot be checked, and nothing is created."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not on PATH")
    root = example(tmp_path / "repository")
    with scratch(print) as folder:
        push = Push("sync", "the work tree", root, RevisionFacts(kubernetes="1.36"))
        plan = RehearsalPlan("dev", Mode.DRY_RUN, tools(), folder, (push,), settings(root, 0))
        result, namespaces = isolated(_against, plan, folder, lambda _text: None)
    assert {r.verdict for r in result.remarks} == {RemarkVerdict.NOT_CHECKED}
    checked = result.sent_objects - len(result.remarks)
    assert checked > 0, "the Namespaces themselves can be checked"
    assert "app" not in namespaces


def _against(plan: RehearsalPlan, progress: Callable[[str], None]) -> tuple[Rehearsal, list[str]]:
    sandbox = Sandbox(plan.tools, plan.folder, "eu-central-1", progress)
    sandbox.start_control_plane()
    result = dry_run_against(plan, str(sandbox.cluster.kubeconfig), None)
    items = sandbox.server.get("/api/v1/namespaces").body["items"]
    return result, [item["metadata"]["name"] for item in items]


def test_versions_far_apart_are_refused() -> None:
    assert list(versions.skew("kube-apiserver", "1.35", "1.35.4")) == []
    assert list(versions.skew("kube-apiserver", "1.35", "1.36.1"))
    with pytest.raises(ToolFailed, match="must not differ by more than one minor"):
        list(versions.skew("kube-apiserver", "1.33", "1.36.1"))


@pytest.mark.skipif(os.geteuid() != 0, reason="is a plain user already")
def test_a_plain_user_can_rehearse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requires a system that allows unprivileged user namespaces."""
    from gitops_gen.rehearse.servers.isolation import unshare

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--user" in unshare() or "-U" in unshare()


def test_a_secret_that_the_api_server_quotes_is_not_shown(tmp_path: Path) -> None:
    root = example(tmp_path / "repository")
    manifest = root / "rendered/dev/manifests/backend/app/service-backend.yaml"
    text = manifest.read_text()
    assert "  labels:\n" in text
    secret = "  labels:\n    api-token: hunter2zz!Pass\n"
    manifest.write_text(text.replace("  labels:\n", secret, 1))
    request = RehearsalRequest(root, "dev", dry_run=True)
    result = rehearse_environment(request, print, lambda _text: None)
    [remark] = [remark for remark in result.remarks if remark.verdict is RemarkVerdict.REFUSED]
    assert "metadata.labels: Invalid value: the value (not shown: it may be a" in remark.message
    for form in formats():
        assert "hunter2zz" not in report(form, result)
