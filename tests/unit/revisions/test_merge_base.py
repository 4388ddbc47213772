"""The commit with which a work tree is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.revisions.merge_base import comparison_base, opened_base, trailers
from tests.unit.revisions.examples import commit, git, write


def branched(folder: Path) -> tuple[Path, str]:
    """A repository in which main and the branch that is checked out both have a new commit."""
    root = write(folder / "upstream", {"values/dev.yaml": "a: 1\n"})
    common = commit(root)
    git(root, "switch", "--quiet", "--create", "feature")
    commit(write(root, {"values/dev.yaml": "a: 2\n"}), "On the branch")
    git(root, "switch", "--quiet", "main")
    commit(write(root, {"values/prod.yaml": "a: 3\n"}), "On main")
    git(root, "switch", "--quiet", "feature")
    return root, common


def test_without_a_revision_it_is_the_last_common_commit_with_the_default_branch(
    tmp_path: Path,
) -> None:
    root, common = branched(tmp_path)
    base = comparison_base(str(root), None)
    assert (base.name, base.commit, base.notes) == ("main", common, ())
    assert base.label == f"{common[:7]}, the last common commit with main"
    with opened_base(str(root), base) as opened:
        assert opened.read("values/dev.yaml") == b"a: 1\n"
        assert opened.name_of("values/dev.yaml") == f"{common[:7]}:values/dev.yaml"


def test_the_default_branch_of_the_remote_comes_before_a_local_branch(tmp_path: Path) -> None:
    root, common = branched(tmp_path)
    git(root, "switch", "--quiet", "main")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(root), str(clone))
    commit(write(clone, {"values/dev.yaml": "a: 5\n"}), "Not pushed")
    base = comparison_base(str(clone), None)
    assert base.name == "origin/HEAD"
    assert base.commit == git(root, "rev-parse", "main") != common


def test_on_the_default_branch_it_is_the_last_commit(tmp_path: Path) -> None:
    root, _ = branched(tmp_path)
    git(root, "switch", "--quiet", "main")
    base = comparison_base(str(root), None)
    assert base.commit == base.head
    assert base.label == f"{base.commit[:7]} (main)"


def test_a_detached_head_has_a_base_as_a_branch_has(tmp_path: Path) -> None:
    root, common = branched(tmp_path)
    git(root, "checkout", "--quiet", "--detach")
    assert comparison_base(str(root), None).commit == common


def test_a_worktree_of_git_has_its_own_head(tmp_path: Path) -> None:
    root, common = branched(tmp_path)
    git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"), "main")
    assert comparison_base(str(tmp_path / "tree"), "feature").commit == common
    assert comparison_base(str(tmp_path / "tree"), "main").commit != common


def test_a_repository_in_a_submodule_is_one_of_its_own(tmp_path: Path) -> None:
    root, common = branched(tmp_path)
    above = write(tmp_path / "above", {"README": "a"})
    commit(above)
    git(above, "submodule", "--quiet", "add", str(root), "platform")
    base = comparison_base(str(above / "platform"), "origin/main")
    assert base.commit == common


def test_without_a_common_commit_the_revision_itself_is_compared(tmp_path: Path) -> None:
    root, _ = branched(tmp_path)
    git(root, "switch", "--quiet", "--orphan", "other")
    commit(write(root, {"values/dev.yaml": "a: 9\n"}))
    base = comparison_base(str(root), "main")
    assert base.commit == git(root, "rev-parse", "main")
    [note] = base.notes
    assert note.startswith("the work tree and main have no common commit, so main itself is")


def test_a_shallow_clone_says_which_commits_it_lacks(tmp_path: Path) -> None:
    root, _ = branched(tmp_path)
    git(root, "switch", "--quiet", "main")
    clone = tmp_path / "clone"
    options = ("--quiet", "--depth", "1", "--branch", "feature")
    git(tmp_path, "clone", *options, f"file://{root}", str(clone))
    with pytest.raises(InvalidInput, match="name a revision: --base REV; the clone is shallow"):
        comparison_base(str(clone), None)
    git(clone, "fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main")
    no_common, shallow = comparison_base(str(clone), None).notes
    assert "have no common commit" in no_common
    assert shallow.startswith("the clone is shallow")


def test_a_repository_without_a_commit_has_no_base(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(InvalidInput, match="the repository has no commit yet"):
        comparison_base(str(tmp_path), None)


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not a git repository"):
        comparison_base(str(tmp_path), None)


def test_trailers_of_the_commits_since_the_base_are_read(tmp_path: Path) -> None:
    root, _ = branched(tmp_path)
    commit(root, "No trailer\n\nIn the text: Accept-Change: traffic a: b\n\nLast paragraph.")
    commit(root, "Two\n\nAccept-Change: traffic Service a/b: one\naccept-change: cost X y: two\n")
    [message] = trailers(str(root), comparison_base(str(root), None), "Accept-Change")
    assert message.trailers == ("traffic Service a/b: one", "cost X y: two")
    assert message.author == "a <a@example.com>"
    assert message.commit == git(root, "rev-parse", "HEAD")
