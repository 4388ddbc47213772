"""Runs all commands of docs/first-steps.md after the installation."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops_gen.inputs.placeholders import TEXT
from tests.integration.wheel.conftest import Installed
from tests.repository import ROOT

PAGE = (ROOT / "docs/first-steps.md").read_text()
BLOCK = re.compile(r"```(sh|yaml)\n(.*?)```", re.DOTALL)
MISTAKE, DIFFERENCE = re.findall(r"```\n([^`]+)\n```", BLOCK.sub("", PAGE))


def script(language: str, text: str) -> str:
    """Returns the commands of a block. A block of values is added to the tiers in base.yaml."""
    if language == "sh":
        return text
    added = text.removeprefix("tiers:\n")
    return f"sed -i '/^tiers:$/r /dev/stdin' values/base.yaml <<'EOF'\n{added}EOF\n"


INSTALLATION, *COMMANDS = (script(*block) for block in BLOCK.findall(PAGE))
CHECK = "gitops-gen check\n"
[REMOTE] = re.findall(r"^git clone (\S+)", COMMANDS[0], re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder, and beside it the empty repository that Git clones instead of the remote."""
    host = tmp_path / "host.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", host], check=True)
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def without_network(commands: str, folder: Path) -> str:
    """The commands, with a Git that reads the remote from the folder `host.git`.

    The URL of `origin` in the clone is the one of the page.
    """
    setting = f"url.{folder.parent / 'host.git'}.insteadOf"
    return (
        f"export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0='{setting}' GIT_CONFIG_VALUE_0='{REMOTE}'\n"
        f"{commands}"
    )


def with_edits() -> Iterator[str]:
    """Yields the commands, with what the page tells the reader to do by hand."""
    assert CHECK in COMMANDS
    for command in COMMANDS:
        # The exit code of `check` is 1 as long as there are placeholders.
        yield f"{CHECK.strip()} || test $? = 1\n" if command == CHECK else command
        if "cp values/clusters/dev.json" in command:
            yield f"sed -i 's/{TEXT}/shop-prod/' values/clusters/prod.json\n"


def test_every_command_succeeds_and_prints_what_the_page_shows(
    installed: Installed, folder: Path
) -> None:
    done = installed.run(without_network("\n".join(with_edits()), folder), folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in DIFFERENCE.splitlines() if line not in done.stdout] == []


def test_the_error_is_reported_as_on_the_page(installed: Installed, folder: Path) -> None:
    assert installed.run(without_network(COMMANDS[0], folder), folder).returncode == 0
    values = folder / "shop/values/dev.yaml"
    values.write_text(values.read_text().replace("  backend:\n", "  backend:\n    repicas: 2\n"))
    done = installed.run("gitops-gen check", folder / "shop")
    assert done.returncode == 2
    assert MISTAKE in done.stdout.splitlines(), done.stdout


def test_the_installation_is_the_one_of_the_readme() -> None:
    [command] = [line for line in INSTALLATION.splitlines() if "pip install" in line]
    assert command.split("pip install")[1] in (ROOT / "README.md").read_text()
