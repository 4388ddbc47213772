"""Repositories as text: each file begins with a line `=== ` and the name of the file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gitops_gen import yaml
from gitops_gen.components.tier.rules.scaling import NO_METRICS
from gitops_gen.components.types import Component
from gitops_gen.inputs import Loader, Section
from gitops_gen.model import Document, Environment, Finding, Rule, Values
from gitops_gen.revisions import WorkTree
from gitops_gen.workspace import Workspace

HERE = Path(__file__).parent

NO_SERVER = Rule("no-server", "There is a server", "Nothing would answer.", "Add one.")

# Values that every environment needs, so that the examples need not contain them.
FRAME = """\
{"generator": "0.1",
 "repository": {"url": "https://github.com/acme/platform.git", "revision": "main"},
 "cluster": {"name": "acme", "region": "eu-west-1", "kubernetesVersion": "1.35",
             "vpc": {"id": "vpc-0a1b2c3d4e5f60718"}}}
"""


@dataclass(frozen=True)
class ExampleSection:
    """A section from sections/, with the interface of a component folder."""

    section: tuple[str, ...]
    folder: Path
    overridable_names: tuple[str, ...] = ()
    keys_of_user_charts: tuple[str, ...] = ()
    provides: frozenset[str] = frozenset()

    @property
    def module(self) -> ExampleSection:
        """The module with `instances`, as of a component folder."""
        return self

    def instances(
        self, environment: Environment, planned: tuple[Component, ...]
    ) -> list[Component]:
        return []

    @property
    def schema(self) -> Values:
        found: Values = json.loads((self.folder / "schema.json").read_text())
        return found

    @property
    def defaults(self) -> Document:
        name = f"{self.folder.name}/defaults.yaml"
        return yaml.parse((self.folder / "defaults.yaml").read_bytes(), name)

    def rules(self, environment: Environment) -> Iterable[Finding]:
        if environment.get("servers") == {}:
            yield environment.finding(NO_SERVER, ("servers",), "needs one at least")
        for name in environment.get("servers", default={}):
            if environment.get("servers", name, "replicas") == 13:
                path = ("servers", name, "replicas")
                yield environment.finding(NO_METRICS, path, "13 are too many")

    def across(self, _: Sequence[Document]) -> Iterable[Finding]:
        return ()

    def applied_rules(self, environment: Environment) -> tuple[Rule, ...]:
        return NO_SERVER, NO_METRICS


SECTIONS: tuple[Section, ...] = (
    ExampleSection(("cache",), HERE / "sections/cache"),
    ExampleSection(("servers", "*"), HERE / "sections/server"),
)


def files_of(text: str) -> dict[str, str]:
    """Returns the files of an example by name."""
    parts = text.split("=== ")[1:]
    named = (part.partition("\n") for part in parts)
    return {name.strip(): content for name, _, content in named}


def repository(root: Path, files: dict[str, str]) -> Path:
    """Writes the files below values/, and files that every environment needs."""
    values = {"values/clusters/dev.json": FRAME, "values/dev.yaml": "servers: {}\n", **files}
    for name, content in values.items():
        if name.startswith("values/"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content)
    return root


def loader(root: Path) -> Loader:
    return Loader(WorkTree(str(root)), SECTIONS)


def workspace(root: Path) -> Workspace:
    return Workspace(WorkTree(str(root)), SECTIONS)
