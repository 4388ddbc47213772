"""What `render` prints: one line per changed environment, and one for all others."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.repository import Repository


@pytest.fixture
def changed(rendered: Repository, tmp_path: Path) -> Repository:
    """The example; the tag of a tier in prod changed since the last render."""
    shutil.copytree(rendered.root, tmp_path / "repository")
    repository = replace(rendered, root=tmp_path / "repository")
    repository.edit("values/prod.yaml", "1.4.2", "1.4.3")
    return repository


def test_changed_objects_are_named_and_other_files_are_counted(changed: Repository) -> None:
    assert changed.render("prod").splitlines() == [
        "prod: objects: 1 changed; other files: 2 changed",
        "  changed Deployment app/frontend",
    ]


def test_of_many_objects_the_first_ten_are_named(changed: Repository) -> None:
    changed.edit("values/prod.yaml", "tiers:\n", "tiers:\n  mail: {enabled: false}\n")
    changed.edit("values/prod.yaml", "  mail: {enabled: false}\n", "")
    changed.run("set", "base", "tiers.frontend.enabled=false")
    lines = changed.render("prod").splitlines()
    named = [line for line in lines if line.startswith("  removed ")]
    assert "  removed Deployment app/frontend" in named
    assert "  removed Application argocd/prod-frontend" in lines or len(named) <= 10
    assert len([line for line in lines if line.startswith("  ")]) <= 11


def test_quiet_prints_only_findings(changed: Repository) -> None:
    assert changed.render("--quiet", "prod") == ""
    assert changed.render("-q") == ""


def test_json_has_objects_and_files(changed: Repository) -> None:
    done = changed.run("render", "prod", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    [prod] = json.loads(done.stdout)["render"]
    assert prod == {
        "environment": "prod",
        "upToDate": False,
        "valuesDeleted": False,
        "rendered": 40,
        "objects": {"new": [], "changed": ["Deployment app/frontend"], "removed": []},
        "files": {
            "new": [],
            "changed": [
                "rendered/prod/manifests/frontend/app/deployment-frontend.yaml",
                "rendered/prod/umbrella/Chart.yaml",
                "rendered/prod/umbrella/values.yaml",
            ],
            "removed": [],
        },
        "foreign": [],
        "removedData": [],
        "charts": [],
    }
    [again] = json.loads(changed.run("render", "prod", "--format", "json").stdout)["render"]
    assert (again["upToDate"], again["rendered"]) == (True, None)


def on_a_terminal(repository: Repository, *arguments: str, **variables: str) -> str:
    """The output of a command whose standard output is a terminal."""
    control, terminal = pty.openpty()
    environment = repository.environment(TERM="xterm", **variables)
    done = subprocess.run(
        repository.command(*arguments),
        cwd=repository.root,
        env=environment,
        stdout=terminal,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(terminal)
    with os.fdopen(control, "rb") as output:
        text = output.read1().decode()
    assert done.returncode in (0, 1), done.stderr
    return text


def test_colours_on_a_terminal(changed: Repository) -> None:
    assert "\x1b[33mstale\x1b[0m: rendered/prod/" in on_a_terminal(changed, "render", "--check")
    plain = on_a_terminal(changed, "render", "--check", NO_COLOR="1")
    assert "stale: rendered/prod/" in plain
    assert "\x1b" not in plain
    assert "\x1b" not in changed.run("render", "--check").stdout
