"""The files of a revision that are rehearsed, and facts from its values.

tests/integration/test_old_revisions.py tests bases whose values this version refuses.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position
from gitops_gen.rehearse.revision import files_of, revision_facts
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.revisions import WorkTree, opened
from tests.repository import ROOT
from tests.unit.revisions.examples import commit

MANIFEST = "rendered/dev/manifests/backend/app/service-backend.yaml"
FOREIGN = "argocd/dev/apps/foreign.yaml"
STALE = "the work tree: the generated files are out of date"


@pytest.fixture
def root(tmp_path: Path, helm: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rendered example."""
    monkeypatch.setenv("GITOPS_GEN_HELM", helm)
    for folder in ("values", "rendered", "argocd"):
        shutil.copytree(ROOT / folder, tmp_path / "repository" / folder)
    return tmp_path / "repository"


def facts(root: Path) -> RevisionFacts:
    return revision_facts(WorkTree(str(root)), root, "dev", lambda _text: None)


def test_the_files_of_a_commit_are_written_aside(root: Path, tmp_path: Path) -> None:
    commit(root)
    committed = (root / MANIFEST).read_bytes()
    (root / MANIFEST).write_text("changed: true\n")
    with opened(str(root), "HEAD") as revision:
        folder = files_of(revision, "dev", tmp_path / "files")
    assert folder == tmp_path / "files"
    assert (folder / MANIFEST).read_bytes() == committed
    assert files_of(WorkTree(str(root)), "dev", tmp_path / "more") == root
    assert not (tmp_path / "more").exists()


def test_a_commit_without_rendered_files_is_refused(root: Path, tmp_path: Path) -> None:
    shutil.rmtree(root / "argocd/dev")
    commit(root)
    with opened(str(root), "HEAD") as revision, pytest.raises(InvalidInput) as refused:
        files_of(revision, "dev", tmp_path / "files")
    text = "does not exist: 'dev' was not rendered in this revision"
    assert str(refused.value) == f"HEAD:argocd/dev/bootstrap.yaml:1:1: {text}"


def test_the_values_give_the_order_of_components_and_the_lines_behind_them(root: Path) -> None:
    found = facts(root)
    backend, postgres = found.component("backend"), found.component("postgres")
    assert backend is not None
    assert postgres is not None
    assert backend.requires & postgres.provides == {"database:postgres"}
    assert backend.wave > postgres.wave
    assert backend.position == Position("values/dev.yaml", 8, 3)
    assert {secret.name for secret in postgres.secrets} == {"postgres-credentials"}
    assert (found.region, found.kubernetes, found.notes) == ("ap-northeast-2", "1.35", ())


def test_an_add_on_that_does_not_run_reads_no_secret(root: Path) -> None:
    found = facts(root).component("kube-prometheus-stack")
    assert found is not None
    assert found.secrets == ()


def test_a_file_that_was_changed_or_added_by_hand_is_noted(root: Path) -> None:
    (root / MANIFEST).write_text((root / MANIFEST).read_text() + "# by hand\n")
    (root / FOREIGN).write_text("")
    assert facts(root).notes == (f"{STALE} (2 files: {FOREIGN}, {MANIFEST})",)


def test_of_many_files_a_few_are_named(root: Path) -> None:
    for number in range(5):
        (root / f"argocd/dev/apps/{number}.yaml").write_text("")
    [note] = facts(root).notes
    few = ", ".join(f"argocd/dev/apps/{number}.yaml" for number in range(3))
    assert note == f"{STALE} (5 files: {few}, …)"


def test_the_inventory_of_the_last_render_is_not_compared(root: Path) -> None:
    """The inventory lists the generated files and is not synced."""
    (root / "rendered/dev/inventory").write_text("argocd/dev/apps/old.yaml\n")
    assert facts(root).notes == ()
