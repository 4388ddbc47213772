"""Environments from values files. Each file is merged over base.yaml, as in a repository."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_gen.components import catalogue
from gitops_gen.components.types import Component
from gitops_gen.inputs.load import Loader
from gitops_gen.model import Environment
from gitops_gen.revisions import WorkTree

HERE = Path(__file__).parent

Load = Callable[[Path], Environment]
Plan = Callable[[str], dict[str, Component]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Returns the environment of a values file, in which only sections of add-ons are valid."""
    addons = [folder for folder in catalogue() if folder.section[0] == "addons"]

    def loaded(file: Path) -> Environment:
        values = tmp_path / "values"
        values.mkdir(exist_ok=True)
        shutil.copy(HERE / "base.yaml", values / "base.yaml")
        shutil.copy(file, values / "example.yaml")
        return Loader(WorkTree(str(tmp_path)), addons).load("example").environment

    return loaded


@pytest.fixture
def components(load: Load) -> Plan:
    """A function that returns the components of an environment in valid/, by name."""

    def planned(example: str) -> dict[str, Component]:
        environment = load(HERE / "valid" / f"{example}.yaml")
        found: list[Component] = []
        for folder in catalogue():
            if folder.section[0] == "addons":
                found += folder.module.instances(environment, tuple(found))
        return {component.name: component for component in found}

    return planned
