"""Refused values: the messages are as expected, and nothing is written.

A case is a file below values/invalid/ that replaces values/dev.yaml of values/valid/example, or a
folder whose files replace those of the example. The .txt with the same name contains the expected
messages.
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
    """A repository with the valid example, which is the working folder."""
    shutil.copytree(FOLDER / "valid/example", tmp_path / "repository")
    monkeypatch.chdir(tmp_path / "repository")
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path / "repository"
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process and returns its exit code and output."""

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
    """All files except those in .gitops-gen, with the metadata that a write would change."""
    paths = (path for path in root.rglob("*") if ".gitops-gen" not in path.parts)
    found = ((path, path.lstat()) for path in paths)
    return {str(path): (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for path, s in found}


def without_rules(printed: list[str]) -> list[str]:
    """Returns the printed findings without the rule ID, which must be at the end of each line."""
    return [line.rpartition(" [")[0] if line.endswith("]") else "" for line in printed]


@each(FOLDER, "invalid", "*/*.txt")
def test_the_messages_are_printed_and_nothing_is_written(case: Path, root: Path, run: Run) -> None:
    lay(case, root)
    before = snapshot(root)
    code, out, err = run("render")
    assert without_rules(err.splitlines()) == messages(case)
    assert (code, out) == (2, "")
    assert snapshot(root) == before


@each(FOLDER, "invalid", "*/*.txt")
def test_check_prints_the_same_messages(case: Path, root: Path, run: Run) -> None:
    lay(case, root)
    before = snapshot(root)
    code, out, err = run("check")
    lines = (out + err).splitlines()
    printed = [line for line in lines if line and not line.startswith("dev: ")]
    assert without_rules(printed) == messages(case)
    assert code == 2
    assert snapshot(root) == before


def test_the_valid_example_is_valid(root: Path, run: Run) -> None:
    code, out, err = run("check", "--allow-unchecked")
    assert (code, out.splitlines()[0], err) == (0, "dev: valid", "")


def test_a_byte_order_mark_is_accepted(root: Path, run: Run) -> None:
    text = (root / "values/dev.yaml").read_bytes()
    (root / "values/dev.yaml").write_bytes(b"\xef\xbb\xbf" + text)
    code, out, err = run("check", "--allow-unchecked")
    assert (code, out.splitlines()[0], err) == (0, "dev: valid", "")


# Paths that are not regular files of the repository


def test_a_file_of_50_mb(root: Path, run: Run) -> None:
    with open(root / "values/dev.yaml", "wb") as file:
        file.truncate(50 << 20)
    message = "values/dev.yaml:1:1: is larger than 8 MiB [unreadable-file]\n"
    assert run("render") == (2, "", message)


@pytest.mark.parametrize(
    "file", ["values/base.yaml", "values/clusters/dev.json", "values/dev.yaml"]
)
def test_a_folder_in_place_of_a_file(file: str, root: Path, run: Run) -> None:
    (root / file).unlink()
    (root / file).mkdir()
    assert run("render") == (2, "", f"{file}:1:1: is a folder, not a file [unreadable-file]\n")


def test_a_named_pipe_without_a_writer(root: Path, run: Run) -> None:
    (root / "values/dev.yaml").unlink()
    os.mkfifo(root / "values/dev.yaml")
    assert run("render") == (
        2,
        "",
        "values/dev.yaml:1:1: is a named pipe, not a file [unreadable-file]\n",
    )


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_a_device(device: str, root: Path, run: Run) -> None:
    (root / "values/dev.yaml").unlink()
    (root / "values/dev.yaml").symlink_to(device)
    assert run("render") == (
        2,
        "",
        "values/dev.yaml:1:1: is a device, not a file [unreadable-file]\n",
    )


def test_a_link_to_itself(root: Path, run: Run) -> None:
    (root / "values/dev.yaml").unlink()
    (root / "values/dev.yaml").symlink_to("dev.yaml")
    code, out, err = run("render")
    assert (code, out) == (2, "")
    assert err.startswith("values/dev.yaml:1:1: cannot be opened: Too many levels of symbolic")


def test_a_broken_link(root: Path, run: Run) -> None:
    (root / "values/base.yaml").unlink()
    (root / "values/base.yaml").symlink_to("nowhere")
    message = "values/base.yaml:1:1: is a link to nowhere, which does not exist; correct the link"
    assert run("render") == (2, "", f"{message} [unreadable-file]\n")


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


@pytest.mark.parametrize("folder", [".", "values"])
def test_check_refuses_a_file_outside_of_the_repository(
    folder: str, root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = root.parent / "other.yaml"
    outside.touch()
    monkeypatch.chdir(root / folder)
    for path in (os.path.relpath(outside), str(outside)):
        code, out, err = run("check", path)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1


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
def test_a_secret_as_environment_name(command: str, argument: str, root: Path, run: Run) -> None:
    shutil.copy(HERE.parent / "unit/terraform/outputs/valid/alone.json", root / "facts.json")
    extra = {"set": ["dev"], "import-cluster": ["facts.json"]}.get(command, [])
    before = snapshot(root)
    code, out, err = run(command, argument, *extra)
    assert (code, out) == (2, "")
    assert err.startswith("values:1:1: an argument (not shown: it may be a secret)")
    assert ("write ENV first" in err) is ("=" in argument)
    assert "hunter2zz" not in err
    assert snapshot(root) == before
    if command != "terraform-vars":  # without --out, this command has only one format
        code, out, err = run(command, argument, *extra, "--format", "json")
        assert (code, json.loads(out)["environments"]) == (2, [])
        assert "hunter2zz" not in out + err


def test_a_set_with_an_invalid_result(root: Path, run: Run) -> None:
    before = snapshot(root)
    code, out, err = run("set", "dev", "tiers.backend.replicas=two")
    message = "values/dev.yaml: tiers.backend.replicas: 'two' is not an integer [schema]\n"
    assert (code, out, err) == (2, "", message)
    assert snapshot(root) == before


def test_the_installed_command(root: Path) -> None:
    """Runs a separate process and asserts the message and the exit code, without a traceback."""
    lay(FOLDER / "invalid/schema/typos.txt", root)
    package = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "gitops_gen", "render"],
        env={**os.environ, "PYTHONPATH": str(package)},
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert without_rules(done.stderr.splitlines()) == messages(FOLDER / "invalid/schema/typos.txt")
    assert (done.returncode, done.stdout) == (2, "")
