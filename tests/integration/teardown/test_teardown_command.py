"""`teardown` as it is run, and that it writes nothing unasked."""

from __future__ import annotations

import os

from tests.repository import Repository


def test_teardown_prints_and_runs_nothing(repository: Repository) -> None:
    before = repository.files()
    done = repository.run("teardown", "prod", PATH="/nowhere")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("prod: how to destroy the cluster acme-prod (ap-northeast-2")
    assert repository.files() == before


def test_its_script_may_be_run_and_never_replaces_a_file(repository: Repository) -> None:
    assert repository.run("teardown", "dev", "--script", "down.sh").returncode == 0
    assert os.access(repository.path("down.sh"), os.X_OK)
    assert "cluster=acme-dev" in repository.read("down.sh")
    done = repository.run("teardown", "prod", "--script", "down.sh")
    assert done.returncode == 2
    assert done.stderr == "down.sh:1:1: is there already; remove it, or choose another name\n"
    assert "cluster=acme-dev" in repository.read("down.sh")
    done = repository.run("teardown", "prod", "--script", "scripts/down.sh")
    assert done.returncode == 2
    assert done.stderr.startswith("scripts/down.sh:1:1: there is no folder for it; ")
