"""Whatever a render would change between two revisions is contained in what `affected` names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath
from random import Random

import pytest

from gitops_gen import yaml
from gitops_gen.affected import affected
from gitops_gen.errors import InvalidInput
from gitops_gen.helm import executable
from gitops_gen.model import Path, Tree
from gitops_gen.provenance.alternatives import alternatives
from gitops_gen.provenance.leaves import leaves, value_at
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace.workspace import HelmRun, Workspace
from tests.repository import Repository

NAMES = ("dev", "prod", "qa")
FILES = ("values/base.yaml", "values/groups/test.yaml", "values/prod.yaml", "values/qa.yaml")
CHANGES_PER_SEED = 8


def rendered(repository: Repository) -> dict[str, Tree]:
    workspace = Workspace(WorkTree(str(repository.root)))
    loaded = workspace.load_all_to_render(NAMES)
    found = workspace.render(loaded, HelmRun(executable(print), jobs=2))
    return {one.environment.name: one.tree for one in found}


def changes(repository: Repository, random: Random) -> Iterator[tuple[str, str]]:
    """Yields a values file with a new content: one value of another environment is changed."""
    workspace = Workspace(WorkTree(str(repository.root)))
    environment = workspace.load("qa").environment
    schema = workspace.loader.schema("qa")
    paths = [one.path for one in leaves(environment, schema) if not one.of_key]
    while True:
        path = random.choice([one for one in paths if not any(isinstance(p, int) for p in one)])
        value = value_at(environment.values, path)
        others = list(islice(alternatives(value, schema, path), 8))
        file = random.choice(FILES)
        if others and path[0] != "groups":
            written = yaml.yaml_load(repository.path(file).read_bytes()) or {}
            yield file, yaml.dump(with_value(written, path, random.choice(others)))


def with_value(values: object, path: Path, value: object) -> object:
    if not path:
        return value
    below = values if isinstance(values, dict) else {}
    return {**below, path[0]: with_value(below.get(path[0]), path[1:], value)}


def differences(before: dict[str, Tree], after: dict[str, Tree]) -> set[tuple[str, str]]:
    """The environment and the component of each file that differs; no component for others."""
    return {
        (name, component(path))
        for name in NAMES
        for path in before[name].keys() | after[name].keys()
        if before[name].get(path) != after[name].get(path)
    }


def component(path: str) -> str:
    """The component of a generated file; empty if the file belongs to the environment."""
    match PurePosixPath(path).parts:
        case ("rendered", _, "manifests", name, *_):
            return name
        case ("argocd", _, "apps", file) if file != "project.yaml":
            return file.removesuffix(".yaml")
    return ""


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_render_changes_is_named(fleet: Repository, seed: int) -> None:
    base = rendered(fleet)
    reached = set()
    count = 0
    for file, text in changes(fleet, Random(seed)):
        if count == CHANGES_PER_SEED:
            break
        before = fleet.read(file)
        fleet.write(file, text)
        try:
            changed = differences(base, rendered(fleet))
        except InvalidInput:
            # The rules refuse this combination of values.
            continue
        else:
            found = affected(str(fleet.root), None)
            named = {(one.name, name) for one in found.environments for name in one.components}
            named |= {(one.name, "") for one in found.environments}
            assert changed <= named, f"{file}: {text}"
            reached |= changed
            count += bool(changed)
        finally:
            fleet.write(file, before)
    assert len({name for _, name in reached}) > 2, "the changes must reach several components"
