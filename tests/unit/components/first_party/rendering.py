"""Example values -> the objects that a first-party component's own chart makes of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gitops_gen.components import catalogue
from gitops_gen.components.types import Component, Subchart
from gitops_gen.helm import executable
from gitops_gen.inputs.load import Loaded, Loader
from gitops_gen.model import Environment
from gitops_gen.revisions import WorkTree
from gitops_gen.yaml import dump, parse

BASE = Path(__file__).with_name("base.yaml")

Object = dict[str, Any]


def loaded(file: Path, folder: Path) -> Loaded:
    """An example laid over base.yaml, as the values of an environment named `example`."""
    values = folder / "values"
    values.mkdir(exist_ok=True)
    shutil.copy(BASE, values / "base.yaml")
    shutil.copy(file, values / "example.yaml")
    return Loader(WorkTree(str(folder)), catalogue()).load("example")


def loaded_example(folder: Path) -> Environment:
    """The environment of the example that `folder` holds already."""
    return Loader(WorkTree(str(folder)), catalogue()).load("example").environment


def switched_on(file: Path, folder: Path) -> Environment:
    """The environment of an example in which every component that has a switch is on."""
    values = parse(file.read_bytes(), str(file)).value
    for part in catalogue():
        if "*" not in part.section and "enabled" in part.schema["properties"]:
            section = values
            for key in part.section:
                section = section.setdefault(key, {})
            section["enabled"] = True
    everything = folder / "everything.yaml"
    everything.write_text(dump(values))
    return loaded(everything, folder).environment


def components(file: Path, folder: Path) -> dict[str, Component]:
    return {one.name: one for one in planned(loaded(file, folder).environment)}


def planned(environment: Environment) -> list[Component]:
    found: list[Component] = []
    for part in catalogue():
        found += part.module.instances(environment, tuple(found))
    return found


def helm(*arguments: str) -> str:
    path = executable(warnings.warn).path
    command = [path, *arguments, "--kube-version", "1.35"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def objects(component: Component, folder: Path) -> list[Object]:
    """What the chart prints on its own, without the umbrella."""
    assert isinstance(component.source, Subchart)
    values = folder / "values.json"
    values.write_text(json.dumps(component.source.values))
    text = helm("template", "platform", f"{component.source.folder}/chart", "--values", str(values))
    return [document for document in yaml.safe_load_all(text) if document]


@dataclass(frozen=True)
class Example:
    """An environment's components, and the objects of the one that is looked at."""

    components: dict[str, Component]
    objects: list[Object]

    def all(self, kind: str) -> list[Object]:
        return [item for item in self.objects if item["kind"] == kind]

    def one(self, kind: str, name: str | None = None, namespace: str | None = None) -> Object:
        found = [
            item
            for item in self.all(kind)
            if name in (None, item["metadata"]["name"])
            and namespace in (None, item["metadata"].get("namespace"))
        ]
        assert len(found) == 1, f"{len(found)} of {kind} {namespace}/{name}"
        return found[0]


Render = Callable[[Path], Example]


def renderer(name: str, folder: Path) -> Render:
    """A function from an example's file to what component `name` makes of it."""

    def rendered(file: Path) -> Example:
        found = components(file, folder)
        return Example(found, objects(found[name], folder) if name in found else [])

    return rendered


def pod_templates(items: list[Object]) -> Iterator[Object]:
    for item in items:
        if item["kind"] in ("Deployment", "StatefulSet"):
            yield item["spec"]["template"]
