"""Environments from values files. Each file is merged over base.yaml, as in a repository."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from gitops_gen.components import catalogue
from gitops_gen.components.types import Component, Subchart
from gitops_gen.helm import executable, template
from gitops_gen.inputs import Loaded, Loader
from gitops_gen.render.plan.plan import plan
from gitops_gen.revisions import WorkTree

HERE = Path(__file__).parent
Load = Callable[[str], Loaded]
Object = dict[str, Any]


@dataclass(frozen=True)
class Rendered:
    component: Component
    objects: dict[str, Object]
    """The objects by `Kind/name`."""
    text: str

    def one(self, kind: str) -> Object | None:
        found = [item for item in self.objects.values() if item["kind"] == kind]
        assert len(found) < 2
        return found[0] if found else None

    @property
    def pod_templates(self) -> list[Object]:
        specs = [item["spec"] for item in self.objects.values() if "spec" in item]
        specs += [spec["jobTemplate"]["spec"] for spec in specs if "jobTemplate" in spec]
        return [spec["template"] for spec in specs if "template" in spec]


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    root = tmp_path_factory.mktemp("repository")
    values = root / "values"
    values.mkdir()
    shutil.copy(HERE / "base.yaml", values / "base.yaml")
    loader = Loader(WorkTree(str(root)), catalogue())

    def loaded(text: str) -> Loaded:
        (values / "example.yaml").write_text(text)
        return loader.load("example")

    return loaded


@pytest.fixture(scope="session")
def render(
    load: Load, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, Rendered]]:
    """A function that renders the tiers of a values file, each separately; results are cached."""
    folder = tmp_path_factory.mktemp("helm")

    @cache
    def rendered(text: str) -> dict[str, Rendered]:
        planned = plan(load(text).environment, catalogue())
        components = [item.component for item in planned]
        return {
            item.name: _helm(item, folder / f"{item.name}.yaml")
            for item in components
            if item.section[0] == "tiers"
        }

    return rendered


def _helm(item: Component, values: Path) -> Rendered:
    assert isinstance(item.source, Subchart)
    values.write_text(yaml.safe_dump(item.source.values))
    command = template(
        executable(print),
        f"{item.source.folder}/chart",
        release="platform",
        namespace=item.namespace,
        kube_version="1.35",
        values=str(values),
    )
    output = asyncio.run(command)
    documents = list(yaml.safe_load_all(output))
    objects = {f"{one['kind']}/{one['metadata']['name']}": one for one in documents}
    assert len(objects) == len(documents)
    return Rendered(item, objects, output.decode())
