"""Values that are refused: what is told, and that nothing is written.

A case is a file below values/invalid/ that is laid over values/valid/example as values/dev.yaml, or
a folder whose files are; the lines that its user is told are beside it, in a .txt of its name.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitops_gen.cli import main
from tests.cases import each, messages

HERE = Path(__file__).parent
FOLDER = HERE / "values"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with the valid example, and the working folder."""
    shutil.copytree(FOLDER / "valid/example", tmp_path / "repository")
    monkeypatch.chdir(tmp_path / "repository")
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path / "repository"
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line itself, in this process: its exit code and what it printed."""

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gitops-gen", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(str(ended.value.code)), *capfd.readouterr()

    return ran


def lay(case: Path, root: Path) -> None:
    folder = case.with_suffix("")
    if folder.is_dir():
        shutil.copytree(folder, root, dirs_exist_ok=True)
    else:
        shutil.copy(case.with_suffix(".yaml"), root / "values/dev.yaml")


def snapshot(root: Path) -> dict[str, tuple[int, int, int]]:
    """All there is beside our own state (a render's lock), with what a write would change."""
    paths = (path for path in root.rglob("*") if ".gitops-gen" not in path.parts)
    found = ((path, path.lstat()) for path in paths)
    return {str(path): (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for path, s in found}


@each(FOLDER, "invalid", "*/*.txt")
def test_the_messages_are_printed_and_nothing_is_written(case: Path, root: Path, run: Run) -> None:
    lay(case, root)
    before = snapshot(root)
    code, out, err = run("render")
    assert err.splitlines() == messages(case)
    assert (code, out) == (2, "")
    assert snapshot(root) == before


@each(FOLDER, "invalid", "*/*.txt")
def test_a_check_tells_the_same(case: Path, root: Path, run: Run) -> None:
    lay(case, root)
    before = snapshot(root)
    code, out, err = run("check")
    printed = [line for line in (out + err).splitlines() if not line.startswith("dev: ")]
    assert printed == messages(case)
    assert code == 2
    assert snapshot(root) == before


def test_the_valid_example_is_valid(root: Path, run: Run) -> None:
    assert run("check") == (0, "dev: valid\n", "")


def test_a_byte_order_mark_is_accepted(root: Path, run: Run) -> None:
    text = (root / "values/dev.yaml").read_bytes()
    (root / "values/dev.yaml").write_bytes(b"\xef\xbb\xbf" + text)
    assert run("check") == (0, "dev: valid\n", "")


# What no file in a repository can be


def test_a_file_of_50_mb(root: Path, run: Run) -> None:
    with open(root / "values/dev.yaml", "wb") as file:
        file.truncate(50 << 20)
    message = "values/dev.yaml:1:1: is larger than 8 MiB\n"
    assert run("render") == (2, "", message)


@pytest.mark.parametrize(
    "file", ["values/base.yaml", "values/clusters/dev.json", "values/dev.yaml"]
)
def test_a_folder_in_place_of_a_file(file: str, root: Path, run: Run) -> None:
    (root / file).unlink()
    (root / file).mkdir()
    assert run("render") == (2, "", f"{file}:1:1: is a folder, not a file\n")


def test_a_named_pipe_that_nobody_writes_to(root: Path, run: Run) -> None:
    (root / "values/dev.yaml").unlink()
    os.mkfifo(root / "values/dev.yaml")
    assert run("render") == (2, "", "values/dev.yaml:1:1: is a named pipe, not a file\n")


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_a_device(device: str, root: Path, run: Run) -> None:
    (root / "values/dev.yaml").unlink()
    (root / "values/dev.yaml").symlink_to(device)
    assert run("render") == (2, "", "values/dev.yaml:1:1: is a device, not a file\n")


def test_a_link_to_itself(root: Path, run: Run) -> None:
    (root / "values/dev.yaml").unlink()
    (root / "values/dev.yaml").symlink_to("dev.yaml")
    code, out, err = run("render")
    assert (code, out) == (2, "")
    assert err.startswith("values/dev.yaml:1:1: cannot be opened: Too many levels of symbolic")


def test_a_link_to_nothing(root: Path, run: Run) -> None:
    (root / "values/base.yaml").unlink()
    (root / "values/base.yaml").symlink_to("nowhere")
    message = "values/base.yaml:1:1: is a link to nowhere, which does not exist; repair the link\n"
    assert run("render") == (2, "", message)


@pytest.mark.parametrize("command", ["render", "check", "set"])
@pytest.mark.parametrize(
    "environment",
    ["..", "../dev", "/etc/passwd", "values/dev", "Dev", "base", ""],
)
def test_an_unsafe_name(command: str, environment: str, root: Path, run: Run) -> None:
    before = snapshot(root)
    extra = ["postgres.enabled=false"] if command == "set" else []
    code, out, err = run(command, environment, *extra)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert ": '" in err
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "command", ["render", "check", "set", "teardown", "terraform-vars", "import-cluster"]
)
@pytest.mark.parametrize(
    "argument",
    [
        *("DB_PASSWORD=hunter2zz", "tiers.backend.env.DB_PASSWORD=hunter2zz"),
        "DB_PASSWORD: hunter2zz",
        *("glpat-hunter2zz0123456789ab", "hunter2zz!Pass", "a\nhunter2zz", "\udcffhunter2zz"),
    ],
)
def test_a_secret_in_the_place_of_the_environment(
    command: str, argument: str, root: Path, run: Run
) -> None:
    shutil.copy(HERE.parent / "unit/terraform/outputs/valid/alone.json", root / "facts.json")
    extra = {"set": ["dev"], "import-cluster": ["facts.json"]}.get(command, [])
    before = snapshot(root)
    code, out, err = run(command, argument, *extra)
    assert (code, out) == (2, "")
    assert err.startswith("values:1:1: an argument (not shown: it may be a secret)")
    assert ("ENV comes first" in err) is ("=" in argument)
    assert "hunter2zz" not in err
    assert snapshot(root) == before
    if command != "terraform-vars":  # which has no other format without --out
        code, out, err = run(command, argument, *extra, "--format", "json")
        assert (code, json.loads(out)["environments"]) == (2, [])
        assert "hunter2zz" not in out + err


def test_a_set_that_would_be_wrong(root: Path, run: Run) -> None:
    before = snapshot(root)
    code, out, err = run("set", "dev", "tiers.backend.replicas=two")
    message = "values/dev.yaml: tiers.backend.replicas: 'two' is not an integer\n"
    assert (code, out, err) == (2, "", message)
    assert snapshot(root) == before


def test_as_its_users_start_it(root: Path) -> None:
    """A process of its own: the message, the exit code and no traceback."""
    lay(FOLDER / "invalid/schema/typos.txt", root)
    package = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "gitops_gen", "render"],
        env={**os.environ, "PYTHONPATH": str(package)},
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.stderr == (FOLDER / "invalid/schema/typos.txt").read_text()
    assert (done.returncode, done.stdout) == (2, "")
