"""The environments of one revision: their files, their plans and the components behind values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gitops_gen.components import Folder
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files
from gitops_gen.inputs.groups import Groups
from gitops_gen.inputs.layers import value_at
from gitops_gen.model import Environment, Path, Values
from gitops_gen.objects import layout
from gitops_gen.render.plan.plan import Planned, plan
from gitops_gen.revisions import Revision
from gitops_gen.workspace.workspace import Workspace

# What the code of components raises for values that only the schema or the rules refuse.
_NOT_PLANNED = (InvalidInput, LookupError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True)
class PlannedEnvironment:
    """An environment with its components. Its values need not be valid."""

    environment: Environment
    planned: tuple[Planned, ...]
    folders: tuple[Folder, ...] = field(repr=False)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(item.component.name for item in self.planned)

    @property
    def inputs(self) -> Mapping[str, object]:
        """Component -> what its objects and its Application depend on, and its section.

        A section may have keys that the plan does not contain, because they are applied later.
        """
        return {item.component.name: (item, self._section(item.component)) for item in self.planned}

    @property
    def shared(self) -> Values:
        """The values that belong to no section of a component. Any component may depend on them."""
        sections = [_fixed_part(folder.section) for folder in self.folders]
        return _without(self.environment.values, [*sections, (files.GROUPS_KEY,)])

    def readers(self, path: str) -> Iterator[str]:
        """Yields the components that read a file: those of its chart, or whose values name it."""
        for component in (item.component for item in self.planned):
            chart = component.source.repository_path
            is_of_chart = chart is not None and _is_inside(path, chart)
            if is_of_chart or path in _strings(self._section(component)):
                yield component.name

    def upstream_charts(self) -> Iterator[str]:
        """Yields the components whose charts are neither first-party nor in the repository."""
        for item in self.planned:
            source = item.component.source
            if not source.is_first_party and source.repository_path is None:
                yield item.component.name

    def _section(self, component: Component) -> Any:
        return value_at(self.environment.values, component.section)


@dataclass(frozen=True)
class RevisionSide:
    """The environments of one revision, which are planned when they are needed."""

    revision: Revision
    _planned: dict[str, PlannedEnvironment | None] = field(default_factory=dict, repr=False)
    _contents: dict[str, bytes] = field(default_factory=dict, repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The environments; none if there is no folder values/. Raises InvalidInput otherwise."""
        return files.environments(self.revision) if self.revision.exists("values") else ()

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.revision)

    def members(self, group: str) -> Iterator[str]:
        """Yields the environments that name a group, or whose groups cannot be read."""
        for name in self.names:
            if group in self.groups.of(name) or not self._has_readable_groups(name):
                yield name

    def planned(self, name: str) -> PlannedEnvironment | None:
        """An environment with its components; None if its values cannot be planned."""
        if name not in self._planned:
            self._planned[name] = self._plan(name)
        return self._planned[name]

    def component_names(self, name: str) -> frozenset[str]:
        """The components of an environment, also if only its generated files tell them."""
        found = self.planned(name) if name in self.names else None
        return found.names if found else frozenset(self._generated_components(name))

    def may_name(self, name: str, paths: Collection[str]) -> bool:
        """Whether the values of an environment may contain one of these texts.

        They are not parsed. A backslash may begin an escape sequence.
        """
        texts = [path.encode(errors="surrogateescape") for path in paths]
        contents = [self._content(file) for file in self.groups.input_files(name)]
        return any(b"\\" in data or any(text in data for text in texts) for data in contents)

    @cached_property
    def _workspace(self) -> Workspace:
        return Workspace(self.revision)

    def _plan(self, name: str) -> PlannedEnvironment | None:
        try:
            environment = self._workspace.loader.environment(name)
            folders = self._workspace.folders
            return PlannedEnvironment(environment, plan(environment, folders), tuple(folders))
        except _NOT_PLANNED:
            return None

    def _generated_components(self, name: str) -> Iterator[str]:
        for file in self.revision.list(layout.apps(name)):
            if file != "project.yaml":
                yield file.removesuffix(".yaml")

    def _has_readable_groups(self, name: str) -> bool:
        return self.groups.are_known or self.planned(name) is not None

    def _content(self, file: str) -> bytes:
        if file not in self._contents:
            try:
                exists = self.revision.exists(file)
                self._contents[file] = self.revision.read(file) if exists else b""
            except InvalidInput:
                # The file may contain anything.
                self._contents[file] = b"\\"
        return self._contents[file]


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _fixed_part(section: tuple[str, ...]) -> Path:
    return section[: section.index("*")] if "*" in section else section


def _without(values: Values, sections: list[Path]) -> Values:
    """The values without these sections."""
    left = {}
    for key, value in values.items():
        below = [section[1:] for section in sections if section[:1] == (key,)]
        if () not in below:
            left[key] = _without(value, below) if below and isinstance(value, dict) else value
    return left


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value
