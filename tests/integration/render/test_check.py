"""`render --check`, and the handling of files that no render wrote."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.repository import Repository

SERVICE = "rendered/prod/manifests/backend/app/service-backend.yaml"


@pytest.fixture
def fresh(rendered: Repository, tmp_path: Path) -> Repository:
    """A fresh clone: the rendered files, without the working folder .gitops-gen."""
    shutil.copytree(rendered.root, tmp_path / "clone", ignore=shutil.ignore_patterns(".gitops-gen"))
    return Repository(tmp_path / "clone", rendered.helm)


def check(repository: Repository, *names: str) -> tuple[int, str, str]:
    """Runs a check and asserts that it writes no file."""
    before = repository.look()
    done = repository.run("render", "--check", *names)
    assert repository.look() == before
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_fresh_clone_is_up_to_date(fresh: Repository) -> None:
    code, output, _ = check(fresh)
    assert code == 0
    assert output == "dev, prod: up to date\n"
    assert not fresh.path(".gitops-gen").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere; a mount is read-only")
def test_a_read_only_copy_can_be_checked(fresh: Repository) -> None:
    for path in [fresh.root, *fresh.root.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        assert check(fresh)[0] == 0
    finally:
        for path in [fresh.root, *fresh.root.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_a_read_only_mount_can_be_checked(fresh: Repository) -> None:
    unshare = shutil.which("unshare")
    prefix = [unshare or "", "--user", "--map-root-user", "--mount", "sh", "-c"]
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"'
    if not unshare or subprocess.run([*prefix, script, fresh.root, "true"], check=False).returncode:
        pytest.skip("this sandbox forbids mounts of one's own: a read-only one cannot be tried")
    done = subprocess.run(
        [*prefix, script, fresh.root, *fresh.command("render", "--check")],
        env=fresh.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_changed_value_is_stale_and_the_files_are_named(fresh: Repository) -> None:
    fresh.edit("values/prod.yaml", "1.4.2", "1.4.3")
    code, output, _ = check(fresh)
    assert code == 1
    assert "stale: rendered/prod/manifests/frontend/app/deployment-frontend.yaml\n" in output
    assert "stale: rendered/prod/umbrella/values.yaml\n" in output
    assert "prod: 40 objects; 3 stale files; run gitops-gen render prod and add " in output
    assert check(fresh, "dev")[0] == 0


def test_a_hand_edited_file_is_stale(fresh: Repository) -> None:
    fresh.edit(SERVICE, "8080", "8081")
    code, output, _ = check(fresh)
    assert code == 1
    assert f"stale: {SERVICE}\n" in output
    assert output.count("stale: ") == 1


def test_missing_and_obsolete_files_are_reported(fresh: Repository) -> None:
    fresh.path(SERVICE).unlink()
    inventory = fresh.read("rendered/prod/inventory")
    old = "rendered/prod/manifests/backend/app/service-old.yaml"
    fresh.write(old, "old")
    fresh.write("rendered/prod/inventory", f"{inventory}{old}\n")
    code, output, _ = check(fresh)
    assert code == 1
    assert f"missing: {SERVICE}\n" in output
    assert f"obsolete: {old}\n" in output
    fresh.render()
    assert not fresh.path(old).exists()
    assert fresh.read("rendered/prod/inventory") == inventory


def test_foreign_files_are_kept_and_always_reported(fresh: Repository) -> None:
    paths = [
        "argocd/prod/apps/mine.yaml",
        "rendered/prod/manifests/backend/mine.yaml",
        "rendered/prod/manifests/mine/app/a file.yaml",
        "rendered/prod/umbrella/values-local.yaml",
    ]
    for path in paths:
        fresh.write(path, "mine")
    message = "is not a generated file, but Argo CD would sync it; move or delete it"
    warnings = "".join(f"{path}: {message}\n" for path in paths)
    assert check(fresh)[::2] == (1, warnings)
    assert warnings in fresh.render()
    assert warnings in fresh.render()
    assert {fresh.read(path) for path in paths} == {"mine"}


def test_a_foreign_file_at_the_path_of_an_output_is_refused(fresh: Repository) -> None:
    path = "rendered/prod/manifests/search/app/service-search.yaml"
    fresh.write(path, "mine")
    with fresh.path("values/prod.yaml").open("a") as file:
        file.write("  search: {image: {repository: ghcr.io/acme/search, tag: 1.0.0}, port: 9200}\n")
    before = fresh.files()
    for arguments in (["render"], ["render", "--check"]):
        done = fresh.run(*arguments)
        assert done.returncode == 2
        assert f"{path}:1:1: " in done.stderr
        assert "move it away" in done.stderr
    ours = {p: text for p, text in fresh.files().items() if not p.startswith(".gitops-gen/")}
    assert ours == before


def test_a_link_outside_the_repository_is_not_followed(fresh: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = fresh.path("rendered/prod/manifests/backend")
    shutil.rmtree(folder)
    folder.symlink_to(outside)
    done = fresh.run("render")
    assert done.returncode == 2
    assert (
        "rendered/prod/manifests/backend:1:1: is a symbolic link, but gitops-gen must"
        in done.stderr
    )
    assert list(outside.iterdir()) == []


def test_the_files_of_a_deleted_environment_are_removed_and_no_others(fresh: Repository) -> None:
    dev = fresh.files("rendered/dev", "argocd/dev")
    fresh.path("values/prod.yaml").unlink()
    fresh.write("argocd/prod/apps/mine.yaml", "mine")
    code, output, _ = check(fresh)
    assert code == 1
    assert "obsolete: rendered/prod/inventory\n" in output
    assert "prod: its values file was deleted, " in output
    fresh.render("dev")
    assert fresh.path("rendered/prod").exists()
    fresh.render()
    assert not fresh.path("rendered/prod").exists()
    assert set(fresh.files("argocd")) == {p for p in dev if p.startswith("argocd/")} | {
        "argocd/prod/apps/mine.yaml"
    }
    assert fresh.files("rendered") == {p: t for p, t in dev.items() if p.startswith("rendered/")}


def test_another_folder_can_be_written_and_compared(fresh: Repository, tmp_path: Path) -> None:
    before = fresh.look()
    out = str(tmp_path / "a new folder")
    fresh.render("--out", out)
    assert fresh.look() == before
    elsewhere = Repository(Path(out), fresh.helm)
    assert elsewhere.files("rendered", "argocd") == fresh.files("rendered", "argocd")
    assert fresh.run("render", "--check", "--out", out).returncode == 0
    elsewhere.edit(SERVICE, "8080", "8081")
    done = fresh.run("render", "--check", "--out", out)
    assert done.returncode == 1
    assert f"stale: {SERVICE}\n" in done.stdout


def test_an_inventory_that_git_merged_is_written_again(fresh: Repository) -> None:
    inventory = fresh.read("rendered/prod/inventory")
    lines = inventory.splitlines(keepends=True)
    fresh.write("rendered/prod/inventory", "".join([*lines[::-1], *lines, "../outside\n"]))
    assert check(fresh)[0] == 1
    fresh.render()
    assert fresh.read("rendered/prod/inventory") == inventory


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(fresh: Repository) -> None:
    fresh.path(SERVICE).chmod(0)
    code, _, output = check(fresh)
    assert code == 3
    assert output == f"cannot read {SERVICE}: Permission denied\n"
