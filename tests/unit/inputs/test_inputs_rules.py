"""Rules for single files: they report exactly the lines that are marked in the example files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.rules import layer_checks, memory_units, secrets, templates
from gitops_gen.model import Document, Finding
from gitops_gen.secrets.places import may_be_shown
from tests.unit.inputs.examples import HERE, loader, repository


def lines_found(file: Path, rule: Callable[[Document], Iterable[Finding]]) -> set[str]:
    lines = file.read_text().split("\n")
    found = rule(yaml.parse(file.read_bytes(), file.name))
    return {lines[finding.position.line - 1] for finding in found}


def lines_marked(file: Path, word: str) -> set[str]:
    return {line for line in file.read_text().split("\n") if line.endswith(f"# {word}")}


@pytest.mark.parametrize("file", sorted((HERE / "secrets").iterdir()), ids=lambda p: p.stem)
def test_plaintext_secrets_and_nothing_else(file: Path) -> None:
    assert lines_found(file, secrets.findings) == lines_marked(file, "LEAK")


@pytest.mark.parametrize("file", sorted((HERE / "templates").iterdir()), ids=lambda p: p.stem)
def test_template_markers_in_plain_values(file: Path) -> None:
    assert lines_found(file, templates.findings) == lines_marked(file, "MARKER")


@pytest.mark.parametrize("file", sorted((HERE / "memory_units").iterdir()), ids=lambda p: p.stem)
def test_amounts_of_memory_without_a_unit(file: Path) -> None:
    assert lines_found(file, memory_units.findings) == lines_marked(file, "UNIT")


def test_rules_are_discovered() -> None:
    found = {rule.__module__.rpartition(".")[2] for rule in layer_checks()}
    assert {"secrets", "templates"} <= found


@pytest.mark.parametrize(("key", "leaks"), [("databasePassword", 0), ("otherPassword", 1)])
def test_the_form_of_a_password_is_not_a_password(key: str, leaks: int) -> None:
    document = yaml.parse(f"tiers: {{web: {{{key}: variable}}}}".encode(), "f")
    assert len(list(secrets.findings(document))) == leaks


def test_secrets_in_replaced_values_are_reported(tmp_path: Path) -> None:
    files = {
        "values/base.yaml": "servers:\n  web:\n    image: {repository: a/b}\n"
        "    env: {DB_PASSWORD: hunter2}\n",
        "values/dev.yaml": "servers: {web: {env: null}}\n",
    }
    with pytest.raises(InvalidInput, match=r"values/base\.yaml:4:24: servers\.web\.env") as refused:
        loader(repository(tmp_path, files)).load("dev")
    assert "hunter2" not in str(refused.value)


def test_messages_show_no_secret() -> None:
    assert may_be_shown(("tiers", "backend", "replicas"), "two")
    assert not may_be_shown(("tiers", "backend", "env", "DB_PASSWORD"), 5)
    assert not may_be_shown(("argocd", "webhook", "secretId"), "hunter2zz!Pass")
    assert not may_be_shown(("repository", "url"), "https://me:hunter2@git.example")
