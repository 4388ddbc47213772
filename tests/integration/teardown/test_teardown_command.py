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


def test_an_environment_that_is_not_there(repository: Repository) -> None:
    done = repository.run("teardown", "stage")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the environments here are: dev, prod" in done.stderr


def test_values_that_are_not_valid(repository: Repository) -> None:
    repository.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    done = repository.run("teardown", "prod")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("values/prod.yaml:6:15: tiers.frontend.replicas: 'three'")
