"""Commands on one environment require that it exists and that its values are valid."""

from __future__ import annotations

import pytest

from tests.repository import Repository

each_command = pytest.mark.parametrize("command", ["terraform-vars", "teardown"])
EXCUSE = "ignore:\n  - {rule: plaintext-secret, path: tiers.backend.env.TOKEN, reason: A sample.}\n"


@each_command
def test_a_missing_environment(command: str, repository: Repository) -> None:
    done = repository.run(command, "stage")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the environments here are: dev, prod" in done.stderr


@each_command
def test_values_that_are_not_valid(command: str, repository: Repository) -> None:
    repository.edit("values/prod.yaml", "replicas: 3", "replicas: three")
    done = repository.run(command, "prod")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("values/prod.yaml:7:15: tiers.frontend.replicas: 'three'")


@each_command
def test_an_excuse_that_no_environment_needs(command: str, repository: Repository) -> None:
    repository.write("values/base.yaml", repository.read("values/base.yaml") + EXCUSE)
    done = repository.run(command, "prod")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'plaintext-secret' reports nothing at tiers.backend.env.TOKEN" in done.stderr


@each_command
def test_an_excuse_that_another_environment_needs(command: str, repository: Repository) -> None:
    repository.write("values/base.yaml", repository.read("values/base.yaml") + EXCUSE)
    repository.edit("values/dev.yaml", "  backend:\n", "  backend:\n    env: {TOKEN: a-sample}\n")
    assert repository.run(command, "prod").returncode == 0
