"""What a run says when something is in its way, and the exit code that tells of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.render.helm_runs.scratch import scratch as scratch_folder
from tests.repository import ROOT, Repository
from tests.waiting import LIMIT, until

TAG = "tiers.backend.image.tag=2.0.2"


def run(
    repository: Repository, *arguments: str, redirect: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """By a shell, for its redirections."""
    return subprocess.run(
        ["bash", "-c", f'exec "$@" {redirect}', "bash", *repository.command(*arguments)],
        cwd=repository.root,
        env=repository.environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_terminal_s_characters_cannot_show(repository: Repository) -> None:
    assignment = "tiers.backend.env.GREETING=日本"
    done = repository.run("set", "prod", assignment, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0, done.stderr
    assert r"\u65e5\u672c" in done.stdout


def test_a_change_whose_report_cannot_be_written(repository: Repository) -> None:
    done = run(repository, "set", "prod", TAG, redirect=">/dev/full")
    assert done.returncode == 3
    assert "standard output cannot be written: No space left on device" in done.stderr
    assert "is changed" in done.stderr
    assert "2.0.2" in repository.read("values/prod.yaml")


@pytest.mark.parametrize(
    ("arguments", "code"), [(("check",), 0), (("set", "prod", "a=1"), 2), (("rendr",), 2)]
)
def test_nobody_hears_standard_error(
    repository: Repository, arguments: tuple[str, ...], code: int
) -> None:
    repository.write("values/schema.json", "{}\n")  # of which a warning tells
    for redirect in ("2>/dev/full", "2>&-"):
        assert run(repository, *arguments, redirect=redirect).returncode == code


def test_a_fault_of_our_own_is_no_finding(repository: Repository, tmp_path: Path) -> None:
    """A package that was installed by halves."""
    package = tmp_path / "package"
    # What Python compiles while others run comes and goes.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gitops_gen", package / "gitops_gen", ignore=ignored)
    (package / "gitops_gen/inputs/load.py").write_text("raise RuntimeError('half')\n")
    broken = Repository(repository.root, repository.helm, package)
    done = broken.run("check")
    assert done.returncode == 3
    assert done.stderr == (
        "this is a fault of gitops-gen: RuntimeError in load.py:1; with GITOPS_GEN_DEBUG=1 it says "
        "more\n"
    )
    output = broken.run("check", GITOPS_GEN_DEBUG="1").stderr
    assert "inputs/load.py" in output
    assert "RuntimeError: half" in output


def test_an_argument_gives_no_orders(repository: Repository) -> None:
    done = repository.run("check", "\n::error::x\x1b]0;title\a")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert not any(line.startswith("::") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    "options",
    [
        ("--dry-run", "--base", "HEAD"),
        ("--kubeconfig", "file", "--base", "HEAD", "--revert"),
        ("--kubeconfig", "file", "--keep"),
        ("--context", "name"),
        ("--revert",),
        *((f"--{name}=",) for name in ("base", "to", "kubeconfig", "context")),
    ],
)
def test_rehearse_takes_no_option_without_effect(
    repository: Repository, options: tuple[str, ...]
) -> None:
    done = repository.run("rehearse", "dev", *options)
    assert done.returncode == 2
    assert "Error: --" in done.stderr


@pytest.mark.parametrize("name", ["^HEAD", "HEAD^{tree}", "-x", "nowhere"])
def test_rehearse_takes_a_commit_and_nothing_else(repository: Repository, name: str) -> None:
    repository.git("init", "--quiet")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "-m", "a")
    done = repository.run("rehearse", "dev", f"--base={name}")
    assert done.returncode == 2
    assert f"'{name}' is no revision of this repository" in done.stderr


@pytest.mark.parametrize("out", ["values", "rendered/dev", "argocd", ".git", "link"])
def test_render_writes_into_no_folder_of_the_repository_s_own(
    repository: Repository, out: str
) -> None:
    repository.path("link").symlink_to("values")
    before = repository.files()
    done = repository.run("render", "--out", out)
    assert done.returncode == 2
    assert "a folder of the repository's own" in done.stderr
    assert repository.files() == before


def test_doctor_tells_all_when_the_helm_asked_for_is_none(repository: Repository) -> None:
    done = repository.run("doctor", GITOPS_GEN_HELM="/nonexistent")
    assert done.returncode == 3
    assert "missing  Helm" in done.stdout
    assert "unset it or mend the path" in done.stdout
    assert "repository" in done.stdout
    assert "etcd" in done.stdout


def test_without_a_path_it_is_the_path_that_is_blamed(repository: Repository) -> None:
    done = repository.run("render", PATH="")
    assert done.returncode == 3
    assert "PATH" in done.stderr
    assert "Helm" not in done.stderr


# init


def link(folder: Path) -> None:
    (folder.parent / "outside").mkdir()
    folder.mkdir()
    (folder / "values").symlink_to("../outside")


def file_inside(folder: Path) -> None:
    folder.mkdir()
    (folder / "values").touch()


def file(folder: Path) -> None:
    folder.touch()


def file_above(folder: Path) -> None:
    folder.parent.rmdir()
    folder.parent.touch()


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (link, "shop/values:1:1: is a link"),
        (file_inside, "shop/values:1:1: is not a folder"),
        (file, "shop:1:1: is not a folder"),
        (file_above, "above:1:1: is not a folder"),
    ],
)
def test_init_makes_nothing_where_something_is_in_the_way(
    tmp_path: Path, helm: str, arrange: Callable[[Path], None], words: str
) -> None:
    (tmp_path / "above").mkdir()
    arrange(tmp_path / "above/shop")
    empty = Repository(tmp_path, helm)
    before = sorted(tmp_path.rglob("*"))
    done = empty.run("init", "above/shop")
    assert done.returncode == 2
    assert words in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


# Signals


@pytest.fixture
def slow(repository: Repository, tmp_path: Path) -> Repository:
    """With a Helm that takes its time, and a folder of its own for scratch."""
    program = tmp_path / "helm"
    program.write_text(
        f'#!/bin/sh\ncase "$1" in template) touch "{tmp_path}/begun"; exec sleep 30;; esac\n'
        f'exec {repository.helm} "$@"\n'
    )
    program.chmod(0o755)
    (tmp_path / "scratch").mkdir()
    variables = {"GITOPS_GEN_HELM": str(program), "TMPDIR": str(tmp_path / "scratch")}
    return Repository(repository.root, repository.helm, variables=variables)


def begun(slow: Repository, **variables: str) -> subprocess.Popen[str]:
    """Helm runs."""
    render = slow.start("render", **variables)
    until((slow.root.parent / "begun").exists, "Helm has begun")
    return render


def left(slow: Repository) -> list[str]:
    return os.listdir(slow.variables["TMPDIR"])


def test_a_terminal_that_goes_away_leaves_nothing(slow: Repository) -> None:
    # A signal that is ignored, as under nohup, would be ignored by what is started here, too.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        render = begun(slow)
    finally:
        signal.signal(signal.SIGHUP, before)
    render.send_signal(signal.SIGHUP)
    _, stderr = render.communicate(timeout=LIMIT)
    assert render.returncode == 130, stderr
    assert left(slow) == []


def test_what_a_killed_render_left_goes_with_the_next(slow: Repository) -> None:
    render = begun(slow)
    render.kill()
    render.communicate(timeout=LIMIT)
    assert len(left(slow)) == 1
    with subprocess.Popen(["sleep", "300"]) as alive:
        kept = f"{slow.variables['TMPDIR']}/gitops-gen-{alive.pid}-x"
        os.mkdir(kept)
        try:
            slow.render(GITOPS_GEN_HELM=slow.helm)
        finally:
            alive.kill()
    assert left(slow) == [os.path.basename(kept)]


def test_a_folder_that_is_locked_is_somebody_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another container's: the number of its process says nothing here."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with scratch_folder() as folder:
        elsewhere = tmp_path / "gitops-gen-999999999-x"
        os.rename(folder, elsewhere)
        with scratch_folder():
            assert elsewhere.is_dir()
        os.rename(elsewhere, folder)


@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_what_is_ignored_stays_ignored(repository: Repository, name: str) -> None:
    """As of a job in the background, or by nohup; from the first moment on."""
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_IGN)
    try:
        run = repository.start("check")
    finally:
        signal.signal(number, before)
    while run.poll() is None:
        run.send_signal(number)
        time.sleep(0.01)
    stdout, stderr = run.communicate()
    assert (run.returncode, stdout) == (0, "dev, prod: valid\n"), stderr
