"""Full disks and read-only folders or mounts: exit code 3, one clear message, no changed file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.writing.renders import (
    AFTER,
    BEFORE,
    FOREIGN,
    MANIFESTS,
    NOBODY,
    Repository,
    complete,
    environment,
)

FULL_DISK = Path(__file__).with_name("full_disk.py")


def mounting() -> list[str]:
    """Returns the start of a command that may mount file systems in its own mount namespace."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare here: mounts cannot be tried")
    prefix = [unshare, "--user", "--map-root-user", "--mount"]
    probe = [*prefix, "mount", "-t", "tmpfs", "none", "/tmp"]
    if subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip("this sandbox forbids mounts of one's own: mounts cannot be tried")
    return prefix


@pytest.fixture
def as_plain_user(repository: Repository) -> list[str | int]:
    """Options with which the driver runs as the owner of the files, without other permissions."""
    give_away(repository)
    return ["--user", NOBODY] if os.geteuid() == 0 else []


def give_away(repository: Repository) -> None:
    """Changes the owner of the files from root to the unprivileged user."""
    for path in (repository.root, *repository.root.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


@pytest.mark.parametrize(
    ("folder", "refused"),
    [
        ("", "make .gitops-gen"),
        (".gitops-gen/staging", "make .gitops-gen/staging/"),
        ("rendered/dev", "write rendered/dev/inventory"),
        (MANIFESTS, f"remove {MANIFESTS}/was-file"),
        (f"{MANIFESTS}/api", f"write {MANIFESTS}/api/deployment.yaml"),
        (f"{MANIFESTS}/gone", f"remove {MANIFESTS}/gone/deep"),
        ("argocd/dev/apps", "write argocd/dev/apps/api.yaml"),
    ],
)
def test_a_read_only_folder(
    repository: Repository, as_plain_user: list[str | int], folder: str, refused: str
) -> None:
    if not folder:
        shutil.rmtree(repository.root / ".gitops-gen")
    before = repository.look()
    (repository.root / folder).chmod(0o555)
    assert not repository.compare(BEFORE).pending
    done = repository.render("after", *as_plain_user)
    (repository.root / folder).chmod(0o755)
    assert done.returncode == 3
    assert done.stderr.startswith(f"cannot {refused}")
    assert "Permission denied" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert repository.look() == before


def test_an_unreadable_file(repository: Repository, as_plain_user: list[str | int]) -> None:
    path = f"{MANIFESTS}/api/service.yaml"
    (repository.root / path).chmod(0o000)
    done = repository.render("after", *as_plain_user)
    (repository.root / path).chmod(0o644)
    assert (done.returncode, done.stderr) == (3, f"cannot read {path}: Permission denied\n")
    assert repository.files() == complete(BEFORE)


def test_changes_cannot_be_undone(repository: Repository, as_plain_user: list[str | int]) -> None:
    """A message reports this, and the next render can finish."""
    half_undone = 0
    for moment in range(2, repository.events("after", "os.rename") + 1):
        repository.settle(BEFORE)
        give_away(repository)
        done = repository.render("after", "--at", moment, "--do", "bar", *as_plain_user)
        (repository.root / MANIFESTS).chmod(0o755)
        for rendered in (BEFORE, AFTER):
            changes = repository.compare(rendered)
            assert (changes.foreign, changes.blocked) == (tuple(sorted(FOREIGN)), ())
        if f"cannot put back {MANIFESTS}/" in done.stderr:
            half_undone += 1
            assert (done.returncode, bool(repository.staging())) == (3, True)
        else:
            assert repository.files() == complete(BEFORE if done.returncode else AFTER)
    assert half_undone > 0
    repository.settle(AFTER)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_file_of_another_user_is_replaced_and_restored(
    repository: Repository, as_plain_user: list[str | int]
) -> None:
    """Linux refuses a hard link to such a file (fs.protected_hardlinks), so it is copied."""
    path = repository.root / MANIFESTS / "api/deployment.yaml"
    before = repository.files()
    for moment in range(2, repository.events("after", "os.rename") + 1):
        repository.settle(BEFORE)
        give_away(repository)
        os.chown(path, 0, 0)
        done = repository.render("after", "--at", moment, "--do", "SIGINT", *as_plain_user)
        assert done.returncode == 130, done.stderr
        assert repository.files() == before
    repository.settle(BEFORE)
    give_away(repository)
    os.chown(path, 0, 0)
    assert repository.render("after", *as_plain_user).returncode == 0
    assert repository.files() == complete(AFTER)


@pytest.mark.parametrize(
    ("mount", "refused"),
    [
        ("", "open .gitops-gen/.gitignore: Read-only file system"),
        (
            "rendered/dev",
            "write rendered/dev/inventory: it is not on the file system (or mount) of .gitops-gen;"
            " nothing was changed",
        ),
    ],
)
def test_a_read_only_mount(repository: Repository, mount: str, refused: str) -> None:
    place = str(repository.root / mount)
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    before = repository.look()
    done = subprocess.run(
        [*mounting(), "sh", "-c", script, place, *repository.command("after")],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (3, f"cannot {refused}\n")
    assert repository.look() == before


@pytest.mark.parametrize("limit", ["nr_blocks", "nr_inodes"])
def test_a_full_disk(tmp_path: Path, limit: str) -> None:
    """The limit increases until the render succeeds, so each step fails once for lack of space."""
    (tmp_path / "renders.json").write_text(json.dumps({"before": BEFORE, "after": AFTER}))
    done = subprocess.run(
        [*mounting(), sys.executable, str(FULL_DISK), str(tmp_path), limit],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    tries = json.loads(done.stdout)
    assert [error for error, _ in tries].count(None) == 1
    assert len(tries) > 5
    for error, as_before in tries[:-1]:
        assert "No space left on device" in error
        assert as_before
