"""Generated files that Git never tracked, after `git checkout .`: the next render removes them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.repository import Repository

MAIL = "tiers.mail={image: {repository: ghcr.io/acme/mail, tag: '1'}, port: 8080}"
FILES = "rendered/dev/manifests/mail"


@pytest.fixture
def checked_out(rendered: Repository, tmp_path: Path) -> Repository:
    """A repository after a render with a further tier, and after `git checkout .`"""
    root = tmp_path / "repository"
    shutil.copytree(rendered.root, root, ignore=shutil.ignore_patterns(".gitops-gen"))
    repository = replace(rendered, root=root)
    repository.git("init", "--quiet")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Start")
    assert repository.run("set", "dev", MAIL).returncode == 0
    repository.render("dev")
    repository.git("checkout", "--quiet", ".")
    assert repository.path(FILES).is_dir()
    return repository


def test_they_are_obsolete_and_removed(checked_out: Repository) -> None:
    done = checked_out.run("render", "--check", "dev")
    assert done.returncode == 1
    assert f"obsolete: {FILES}/app/deployment-mail.yaml\n" in done.stdout
    assert "is not a generated file" not in done.stderr
    output = checked_out.render()
    assert "  removed Deployment app/mail\n" in output
    assert "is removed from Git" not in output
    assert not checked_out.path(FILES).exists()
    assert checked_out.git("status", "--short") == ""
    assert checked_out.render() == "dev, prod: up to date\n"


def test_one_that_was_changed_by_hand_is_kept(checked_out: Repository) -> None:
    path = f"{FILES}/app/service-mail.yaml"
    checked_out.edit(path, "8080", "8081")
    output = checked_out.render()
    assert f"{path}: is not a generated file, but Argo CD would sync it" in output
    assert checked_out.path(path).is_file()
    assert not checked_out.path(f"{FILES}/app/deployment-mail.yaml").exists()


def test_they_are_overwritten_by_a_render_with_other_values(checked_out: Repository) -> None:
    assert checked_out.run("set", "dev", MAIL.replace("'1'", "'2'")).returncode == 0
    checked_out.render()
    assert "mail:2" in checked_out.read(f"{FILES}/app/deployment-mail.yaml")


@pytest.mark.parametrize("record", ["", "nonsense\n", "\xff\0 rendered/dev/inventory\n"])
def test_a_damaged_record_is_ignored(record: str, checked_out: Repository) -> None:
    for path in checked_out.path(".gitops-gen/records").iterdir():
        path.write_bytes(record.encode("latin-1"))
    assert "is not a generated file" in checked_out.render()
    assert checked_out.path(FILES).is_dir()


def test_a_record_that_is_a_link_is_not_followed(checked_out: Repository, tmp_path: Path) -> None:
    for path in checked_out.path(".gitops-gen/records").iterdir():
        path.rename(tmp_path / path.name)
        path.symlink_to(tmp_path / path.name)
    assert "is not a generated file" in checked_out.render()
