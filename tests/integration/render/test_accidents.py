"""Renders that are killed or interrupted, lack disk space or permissions, or run in parallel.

These tests run the real command. tests/integration/writing tests every step of writing files.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository import Repository, example
from tests.waiting import LIMIT, until

NOBODY = 65534
NEW = ("1.4.2", "1.4.3")
CHANGED = {
    "rendered/prod/manifests/frontend/app/deployment-frontend.yaml",
    "rendered/prod/umbrella/Chart.yaml",
    "rendered/prod/umbrella/values.yaml",
}
# Python calls audit hooks before every rename. The hook kills this process at the N-th rename.
KILLED_AT = """
import os, signal, sys
left = int(sys.argv.pop(1))
def count(event, arguments):
    global left
    if event == "os.rename" and arguments[2] != -1:  # the tree's, within an open folder
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from gitops_gen.cli import main
main()
"""


# An unprivileged user may not be able to read the interpreter of root, so all modules are
# loaded before.
AS_USER = """
import os, sys
from gitops_gen.cli import main
user = int(sys.argv.pop(1))
try:
    sys.argv.append("--check")
    main()
except SystemExit as done:
    assert done.code == 1
sys.argv.pop()
if user != os.geteuid():
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
main()
"""


@pytest.fixture
def changed(rendered: Repository, tmp_path: Path) -> Repository:
    """A rendered repository whose values were changed after the render."""
    shutil.copytree(rendered.root, tmp_path / "repository")
    repository = Repository(tmp_path / "repository", rendered.helm)
    repository.edit("values/prod.yaml", *NEW)
    return repository


@pytest.fixture(scope="module")
def after(rendered: Repository, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The expected files after a render of the changed values."""
    root = tmp_path_factory.mktemp("after") / "repository"
    shutil.copytree(rendered.root, root)
    repository = Repository(root, rendered.helm)
    repository.edit("values/prod.yaml", *NEW)
    repository.render()
    return generated(repository)


def generated(repository: Repository) -> dict[str, bytes]:
    return repository.files("rendered", "argocd")


def slow_helm(folder: Path, helm: str) -> str:
    """A Helm whose `template` hangs. It creates the file `begun` when it starts."""
    path = folder / "slow-helm"
    wait = f'[ "$1" = version ] || {{ touch "{folder}/begun"; exec sleep 30; }}'
    path.write_text(f'#!/bin/sh\n{wait}\nexec "{helm}" "$@"\n')
    path.chmod(0o755)
    return str(path)


def test_a_kill_at_any_rename_leaves_complete_files_and_the_next_render_finishes(
    changed: Repository, after: dict[str, bytes]
) -> None:
    before = generated(changed)
    assert {path for path in after if after[path] != before[path]} == CHANGED
    # The first file that is replaced is the record of the written files.
    for moment in range(1, len(CHANGED) + 2):
        for path in CHANGED:
            changed.path(path).write_bytes(before[path])
        done = subprocess.run(
            [sys.executable, "-c", KILLED_AT, str(moment), "render"],
            cwd=changed.root,
            env=changed.environment(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL
        found = generated(changed)
        assert found.items() <= before.items() | after.items()
        assert len([path for path in CHANGED if found[path] == after[path]]) == max(0, moment - 2)
        assert changed.run("render", "--check").returncode == 1
    changed.render()
    assert generated(changed) == after
    assert os.listdir(changed.path(".gitops-gen/staging")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_while_helm_runs_leaves_no_files(
    changed: Repository, tmp_path: Path, number: signal.Signals
) -> None:
    before = generated(changed)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    helm = slow_helm(tmp_path, changed.helm)
    process = changed.start("render", TMPDIR=str(scratch), GITOPS_GEN_HELM=helm)
    until((tmp_path / "begun").exists, "Helm has begun")
    process.send_signal(number)
    output, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, output) == (130, "")
    assert errors.lstrip("\n") == "interrupted; no file was left half-written\n"
    assert generated(changed) == before
    assert list(scratch.iterdir()) == []


def test_a_helm_that_ignores_signals_is_killed_with_its_children(
    repository: Repository, tmp_path: Path
) -> None:
    deaf = tmp_path / "deaf-helm"
    begin = f'trap "" TERM INT; sleep 3600 & echo $! > "{tmp_path}/pid"; touch "{tmp_path}/begun"'
    deaf.write_text(
        f'#!/bin/sh\n[ "$1" = version ] || {{ {begin}; wait; }}\nexec "{repository.helm}" "$@"\n'
    )
    deaf.chmod(0o755)
    process = repository.start("render", "dev", GITOPS_GEN_HELM=str(deaf))
    until((tmp_path / "begun").exists, "Helm has begun")
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (130, "interrupted; no file was left half-written\n")
    started = int((tmp_path / "pid").read_text())
    until(lambda: not runs(started), "what Helm started is killed")


def runs(pid: int) -> bool:
    """Whether the process has ended. Its new parent process may remove a zombie process later."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_two_renders_at_the_same_time_give_the_same_files(
    repository: Repository, rendered: Repository
) -> None:
    processes = [repository.start("render") for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=LIMIT)
        assert process.returncode == 0, errors
    assert generated(repository) == generated(rendered)


def test_a_second_render_waits_and_names_the_first(
    changed: Repository, after: dict[str, bytes]
) -> None:
    with changed.path(".gitops-gen/lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("12345\n")
        lock.flush()
        process = changed.start("render")
        assert process.stderr is not None
        assert process.stderr.readline() == (
            "waiting for another render (process 12345) to finish\n"
        )
        assert changed.run("render", "--check").returncode == 1  # a check needs no lock
        assert process.poll() is None
    process.communicate(timeout=LIMIT)
    assert process.returncode == 0
    assert generated(changed) == after


@pytest.fixture
def open_to_all(changed: Repository) -> Iterator[Repository]:
    """The repository in a folder that any user may enter, with a Helm that any user may run."""
    top = Path(tempfile.mkdtemp())
    top.chmod(0o755)
    shutil.move(changed.root, top / "repository")
    shutil.copy(changed.helm, top / "helm")
    yield Repository(top / "repository", str(top / "helm"))
    shutil.rmtree(top)


@pytest.mark.parametrize("folder", [".", "rendered/prod/umbrella"])
def test_a_folder_without_write_permission(open_to_all: Repository, folder: str) -> None:
    """The render runs as an unprivileged user, because root may write to any folder."""
    repository = open_to_all
    user = NOBODY if os.geteuid() == 0 else os.geteuid()
    shutil.rmtree(repository.path(".gitops-gen"))
    for path in [repository.root, *repository.root.rglob("*")] if os.geteuid() == 0 else []:
        os.chown(path, user, user)
    before = repository.files()
    repository.path(folder).chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", AS_USER, str(user), "render"],
        cwd=repository.root,
        env=repository.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    repository.path(folder).chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert "Permission denied" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {path: repository.path(path).read_bytes() for path in before} == before


def test_a_full_disk(tmp_path: Path, helm: str, rendered: Repository) -> None:
    """The file system has room for the values and for half of the rendered files."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare here: a small file system cannot be mounted")
    values = example(tmp_path, helm)
    small = tmp_path / "small"
    small.mkdir()
    script = """
        mount -t tmpfs -o size="$1" none "$2" && cp -r "$3/values" "$2" && cd "$2" || exit 99
        shift 3
        "$@"; code=$?
        find . -path ./.gitops-gen -prune -o -type f -print
        exit $code
    """
    places = [str(small), str(values.root)]
    command = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    outcomes = {}
    for size in ("500k", "8m"):
        outcomes[size] = subprocess.run(
            [*command, size, *places, *values.command("render")],
            env=values.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if outcomes[size].returncode in (1, 99):
            pytest.skip(f"this sandbox forbids mounts of one's own: {outcomes[size].stderr}")
    full, roomy = outcomes["500k"], outcomes["8m"]
    assert full.returncode == 3, full.stderr
    assert "No space left on device; nothing was changed" in full.stderr
    assert len(full.stderr.splitlines()) == 1
    assert {line.split("/")[1] for line in full.stdout.splitlines()} == {"values"}
    assert roomy.returncode == 0, roomy.stderr
    files = {line for line in roomy.stdout.splitlines() if line.startswith("./rendered")}
    assert files == {f"./{path}" for path in rendered.files("rendered")}
