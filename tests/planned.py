"""Loads and plans environments of the example with other values, without rendering."""

from __future__ import annotations

import shutil
from pathlib import Path

from gitops_gen.components import catalogue
from gitops_gen.inputs import Loader
from gitops_gen.model import Environment
from gitops_gen.render.plan.plan import Planned, plan
from gitops_gen.revisions import WorkTree
from tests.repository import ROOT


def repository(folder: Path, **values: str) -> str:
    """Plans an environment. `values` maps file names to contents; other files are the example's."""
    shutil.copytree(ROOT / "values", folder / "values")
    for name, text in values.items():
        (folder / f"values/{name}.yaml").write_text(text)
    return str(folder)


def planned(root: str, name: str = "dev") -> tuple[Environment, tuple[Planned, ...]]:
    environment = Loader(WorkTree(root), catalogue()).load(name).environment
    return environment, plan(environment, catalogue())
