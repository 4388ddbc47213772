"""The Terraform code is formatted, valid, documented and small; each folder is usable alone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from workspace import REPOSITORY, Workspace, folders

TERRAFORM = REPOSITORY / "terraform"
_BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.S | re.M)


def code(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.tf") if not path.name.endswith("_override.tf")]


def test_formatted(workspace: Workspace) -> None:
    assert workspace.run(".", "fmt", "-check", "-recursive", "-diff") == ""


def test_valid(workspace: Workspace, folder: str) -> None:
    workspace.valid(folder)


def test_module_alone(workspace: Workspace, folder: str) -> None:
    """Runs the `*.tftest.hcl` next to it: default, cheap and HA variants, and every validation."""
    assert "0 failed" in workspace.tests(folder)


def test_variables_and_outputs_have_descriptions(folder: str) -> None:
    for path in code(TERRAFORM / folder):
        for kind, name, body in _BLOCK.findall(path.read_text()):
            assert "  description = " in body, f"{path}: {kind} {name}"
            assert kind == "output" or re.search(r"^  type +=", body, re.M), f"{path}: {name}"


def test_every_validation_has_a_test_that_it_refuses(folder: str) -> None:
    tests = "".join(path.read_text() for path in (TERRAFORM / folder).rglob("*.tftest.hcl"))
    refused = Counter(re.findall(r"expect_failures += \[var\.(\w+)\]", tests))
    for path in code(TERRAFORM / folder):
        for _, name, body in _BLOCK.findall(path.read_text()):
            assert body.count("validation {") <= refused[name], f"{path}: {name}"


def test_readme_names_every_variable_and_output(folder: str) -> None:
    readme = (TERRAFORM / folder / "README.md").read_text()
    for path in code(TERRAFORM / folder):
        for kind, name, _ in _BLOCK.findall(path.read_text()):
            assert f"`{name}`" in readme, f"{folder}/README.md: {kind} {name}"


@pytest.mark.parametrize("example", sorted(TERRAFORM.glob("modules/*/example")), ids=str)
def test_example_of_a_module_is_planned(fresh: Workspace, example: Path) -> None:
    folder = str(example.relative_to(TERRAFORM))
    fresh.run(folder, "init", "-backend=false", "-input=false", "-no-color")
    fresh.run(folder, "plan", "-input=false", "-no-color")


def test_the_code_is_short() -> None:
    """Counts all lines of the HCL files, including comments and blank lines."""
    lines = {
        name: sum(len(path.read_text().splitlines()) for path in code(TERRAFORM / name))
        for name in folders()
    }
    assert sum(lines.values()) < 1800
    assert max(lines["infra"], lines["bootstrap"]) < 340
