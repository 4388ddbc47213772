"""The revisions, the mode and the tools of a rehearsal, which are chosen before programs start.

The programs of this machine are scripts that print their versions.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.rehearse.plan import RehearsalPlan
from gitops_gen.rehearse.request import RehearsalRequest, rehearsal_plan
from gitops_gen.rehearse.result import Mode
from tests.repository import ROOT
from tests.unit.revisions.examples import commit

VERSIONS = {"kube-apiserver": "Kubernetes v1.35.2", "argocd": "argocd: v3.4.1+abc"}
PROGRAMS = (
    *("etcd", "kube-apiserver", "openssl", "unshare"),
    *("argocd", "redis-server", "kube-controller-manager", "kube-scheduler", "kwok"),
)
DEV = "values/dev.yaml"

Machine = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The rendered and committed example, with its Terraform module for Argo CD."""
    root = tmp_path / "repository"
    for folder in ("values", "rendered", "argocd", "terraform/modules/argocd"):
        shutil.copytree(ROOT / folder, root / folder)
    commit(root)
    return root


@pytest.fixture
def machine(tmp_path: Path, helm: str, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Simulates a machine with all programs of a rehearsal except the `missing` ones."""

    def made(*missing: str, **versions: str) -> Path:
        programs = tmp_path / "programs"
        programs.mkdir()
        for name in ("env", "git"):
            (programs / name).symlink_to(shutil.which(name) or "")
        for name in set(PROGRAMS) - set(missing):
            version = {**VERSIONS, **versions}.get(name, "")
            (programs / name).write_text(f"#!/bin/sh\necho '{version}'\n")
            (programs / name).chmod(0o755)
        monkeypatch.setenv("GITOPS_GEN_HELM", helm)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        for variable in ("GITOPS_GEN_REHEARSE_TOOLS", "KUBEBUILDER_ASSETS"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("PATH", str(programs))
        return programs

    return made


def planned(request: RehearsalRequest, folder: Path) -> RehearsalPlan:
    scratch = folder / "scratch"
    scratch.mkdir()
    return rehearsal_plan(request, scratch, lambda _text: None)


def test_all_is_rehearsed_where_every_program_is_there(
    root: Path, machine: Machine, tmp_path: Path
) -> None:
    machine()
    plan = planned(RehearsalRequest(root, "dev"), tmp_path)
    assert (plan.mode, plan.notes) == (Mode.FULL, ())
    assert dict(plan.versions) == {"kube-apiserver": "1.35.2", "Argo CD": "3.4.1"}
    [push] = plan.pushes
    assert (push.name, push.revision, push.root) == ("sync", "the work tree", root)
    assert push.facts.component("backend") is not None


@pytest.mark.parametrize(
    ("missing", "mode", "consequence"),
    [
        ("kwok", Mode.REDUCED, "so nothing was synced"),
        ("argocd", Mode.DRY_RUN, "so only a dry run was made"),
    ],
)
def test_a_rehearsal_without_a_program_says_that_it_is_reduced(
    root: Path, machine: Machine, tmp_path: Path, missing: str, mode: Mode, consequence: str
) -> None:
    machine(missing)
    plan = planned(RehearsalRequest(root, "dev"), tmp_path)
    assert plan.mode is mode
    advice = "run gitops-gen doctor for installation instructions"
    assert plan.notes == (f"reduced: {missing} not found, {consequence}; {advice}",)


def test_a_dry_run_that_was_asked_for_is_not_reduced(
    root: Path, machine: Machine, tmp_path: Path
) -> None:
    machine("argocd", "kwok")
    plan = planned(RehearsalRequest(root, "dev", dry_run=True), tmp_path)
    assert (plan.mode, plan.notes) == (Mode.DRY_RUN, ())
    assert list(plan.versions) == ["kube-apiserver"]


def test_a_minor_version_more_or_less_is_noted(
    root: Path, machine: Machine, tmp_path: Path
) -> None:
    machine(**{"kube-apiserver": "Kubernetes v1.36.1"})
    plan = planned(RehearsalRequest(root, "dev"), tmp_path)
    assert plan.notes == ("kube-apiserver has the version 1.36.1, but the environment has 1.35",)


def test_two_minor_versions_are_too_far(root: Path, machine: Machine, tmp_path: Path) -> None:
    machine(argocd="argocd: v3.6.0")
    with pytest.raises(ToolFailed, match=r"the version 3\.6\.0, but the environment has 3\.4"):
        planned(RehearsalRequest(root, "dev"), tmp_path)


def test_a_base_is_pushed_first_and_a_revert_goes_back_to_it(
    root: Path, machine: Machine, tmp_path: Path
) -> None:
    """The base is read from the commit, regardless of the work tree."""
    manifest = "rendered/dev/manifests/backend/app/service-backend.yaml"
    committed = (root / manifest).read_bytes()
    (root / manifest).write_bytes(committed.replace(b"port: 8080", b"port: 8081"))
    machine()
    plan = planned(RehearsalRequest(root, "dev", base="HEAD", revert=True), tmp_path)
    base, push, revert = plan.pushes
    assert [one.name for one in plan.pushes] == ["base", "push", "revert"]
    assert (base.root / manifest).read_bytes() == committed
    assert push.root == root
    assert (revert.root, revert.revision, revert.facts) == (base.root, base.revision, base.facts)
    assert base.facts.notes == ()
    assert push.facts.notes == (
        f"the work tree: the generated files are out of date (1 file: {manifest})",
    )


def test_argocd_is_set_up_as_the_pushed_revision_says(
    root: Path, machine: Machine, tmp_path: Path
) -> None:
    """A merge may also change the settings, so those of the base are not used."""
    file = root / "terraform/modules/argocd/values.yaml"
    before = file.read_text()
    timeout = "controller.sync.timeout.seconds: "
    assert f'{timeout}"900"' in before
    file.write_text(before.replace(f'{timeout}"900"', f'{timeout}"77"'))
    machine()
    plan = planned(RehearsalRequest(root, "dev", base="HEAD", wave_delay=0), tmp_path)
    assert (plan.settings.sync_timeout, plan.settings.wave_delay) == ("77", 0)


def test_a_revision_whose_values_are_refused_is_not_pushed(
    root: Path, machine: Machine, tmp_path: Path
) -> None:
    values = root / DEV
    values.write_text(values.read_text().replace("tag: 2.1.0", "tag: latest"))
    machine()
    with pytest.raises(InvalidInput, match=r"^values/dev.yaml:11:12: tiers.backend.image.tag: "):
        planned(RehearsalRequest(root, "dev"), tmp_path)


def test_a_change_since_the_base_is_predicted_as_diff_does(
    root: Path, machine: Machine, tmp_path: Path
) -> None:
    """Without apicheck, deletions are predicted and refusals are not."""
    (root / "rendered/dev/manifests/backend/app/service-backend.yaml").unlink()
    machine()
    plan = planned(RehearsalRequest(root, "dev", base="HEAD"), tmp_path)
    assert plan.prediction is not None
    assert [str(one) for one in plan.prediction.events] == ["Service app/backend pruned"]
    [note] = [one for one in plan.notes if one.startswith("not predicted")]
    assert note.startswith("not predicted whether an object is refused: ")


def test_without_a_base_nothing_is_predicted(root: Path, machine: Machine, tmp_path: Path) -> None:
    machine()
    assert planned(RehearsalRequest(root, "dev"), tmp_path).prediction is None
