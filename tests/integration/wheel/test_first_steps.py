"""Runs all commands of docs/first-steps.md after the installation."""

from __future__ import annotations

import re
from pathlib import Path

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


def test_every_command_succeeds_and_prints_what_the_page_shows(
    installed: Installed, tmp_path: Path
) -> None:
    done = installed.run("\n".join(COMMANDS), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in DIFFERENCE.splitlines() if line not in done.stdout] == []


def test_the_error_is_reported_as_on_the_page(installed: Installed, tmp_path: Path) -> None:
    assert installed.run(COMMANDS[0], tmp_path).returncode == 0
    values = tmp_path / "shop/values/dev.yaml"
    values.write_text(values.read_text().replace("  backend:\n", "  backend:\n    repicas: 2\n"))
    done = installed.run("gitops-gen check", tmp_path / "shop")
    assert done.returncode == 2
    assert done.stdout.splitlines()[0] == MISTAKE


def test_the_installation_is_the_one_of_the_readme() -> None:
    [command] = [line for line in INSTALLATION.splitlines() if "pip install" in line]
    assert command.split("pip install")[1] in (ROOT / "README.md").read_text()
