"""The groups of environments: layers of values that several environments share.

The list `groups` in an environment's file names files in values/groups/, the weakest first. Groups
have no groups, and the list is not a template, so one file is enough to know the layers of an
environment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files
from gitops_gen.model import Document, FieldPath, Finding, Path, Position, Rule
from gitops_gen.revisions import Revision

UNKNOWN = Rule(
    "group",
    title="A named group exists",
    why="A group that an environment names is one of its layers of values. Without the file of the "
    "group, the environment would be rendered without these values.",
    remedy="Write the name of a file in values/groups/, without .yaml, or create the file.",
)
_EXTENSION = ".yaml"


def in_values(values: Any) -> tuple[str, ...]:
    """Returns the groups that the values of an environment name, the weakest first."""
    return tuple(_indexes(values))


def _indexes(values: Any) -> dict[str, int]:
    """Returns the names in the list `groups` that may be the names of files, with their indexes."""
    listed = values.get(files.GROUPS_KEY) if isinstance(values, dict) else None
    indexes: dict[str, int] = {}
    for index, item in enumerate(listed if isinstance(listed, list) else ()):
        # Plain integers and true are strings where the schema requires a string.
        name = str(item).lower() if isinstance(item, int) else item
        if isinstance(name, str) and may_be_named(name):
            indexes.setdefault(name, index)
    return indexes


def may_be_named(name: str) -> bool:
    """Whether a group can have this name. The schema refuses the other names."""
    is_safe = files.SAFE_NAME.fullmatch(name) is not None
    return is_safe and name not in files.DEVICES_OF_WINDOWS


def files_of(values: Any) -> tuple[str, ...]:
    """Returns the files of the groups that the values of an environment name, the weakest first."""
    return tuple(map(files.group_file, in_values(values)))


def existing(revision: Revision) -> tuple[str, ...]:
    """Returns the sorted names of the groups of a revision."""
    names = (name for name in revision.list(files.GROUPS) if name.endswith(_EXTENSION))
    stems = (name.removesuffix(_EXTENSION) for name in names)
    return tuple(stem for stem in stems if may_be_named(stem))


def unknown(revision: Revision, document: Document) -> Iterator[Finding]:
    """Yields a finding for each named group without a file, at its item of the list."""
    for name, index in _indexes(document.value).items():
        if not revision.exists(files.group_file(name)):
            path: Path = (files.GROUPS_KEY, index)
            text = f"{FieldPath(path)}: {no_such_group(name, existing(revision))}"
            yield Finding(UNKNOWN, text, document.values[path], field=FieldPath(path))


def no_such_group(name: str, names: Iterable[str]) -> str:
    """Returns the message about a group without a file; `names` are those of the other groups."""
    from gitops_gen.inputs.wording import did_you_mean, listed
    from gitops_gen.secrets.places import looks_secret

    if looks_secret(name):
        return f"the name (not shown: it may be a secret) is not that of a file in {files.GROUPS}/"
    present = listed(names, name)
    text = f"'{name}' is not a group, because {files.group_file(name)} does not exist"
    if not present:
        return f"{text}; create this file"
    hint = did_you_mean(name, names)
    return f"{text}{hint or f'; create this file, or name one of: {present}'}"


def require_existing(revision: Revision, name: str) -> None:
    """Raises InvalidInput unless a group has this name, which may be a misplaced secret."""
    from gitops_gen.inputs.wording import show

    place = Position(files.GROUPS)
    if not may_be_named(name):
        text = f"{show(name)} cannot be the name of a group; use lower-case letters, digits and "
        raise InvalidInput.at(place, f"{text}hyphens, at most 50", UNKNOWN)
    if not revision.exists(files.group_file(name)):
        raise InvalidInput.at(place, no_such_group(name, existing(revision)), UNKNOWN)


@dataclass(frozen=True)
class Groups:
    """The groups of all environments of a revision."""

    revision: Revision

    def of(self, environment: str) -> tuple[str, ...]:
        """Returns the groups that an environment names, the weakest first."""
        return self._by_environment.get(environment) or ()

    def members(self, group: str) -> tuple[str, ...]:
        """Returns the environments that name a group, sorted."""
        return tuple(name for name in self._by_environment if group in self.of(name))

    @property
    def are_known(self) -> bool:
        """Whether the groups of all environments could be read."""
        return None not in self._by_environment.values()

    def input_files(self, environment: str) -> tuple[str, ...]:
        """Returns the layers of an environment, lowest first."""
        return files.input_files(environment, self.of(environment))

    def readers(self, name: str) -> tuple[str, ...]:
        """Returns the environments that read the file of an environment, `base` or `group:NAME`."""
        if name == files.BASE_NAME:
            return tuple(self._by_environment)
        if files.is_shared_name(name):
            return self.members(name.removeprefix(files.GROUP_PREFIX))
        return (name,)

    @cached_property
    def _by_environment(self) -> dict[str, tuple[str, ...] | None]:
        """The groups by environment; None for a file with errors that hide its groups."""
        names = files.environments(self.revision)
        return {name: self._read(files.environment_file(name)) for name in names}

    def _read(self, file: str) -> tuple[str, ...] | None:
        try:
            data = self.revision.read(file)
            if not _may_name_groups(data):
                return ()
            values = yaml.parse(data, file, any_size=True).value
        except InvalidInput:
            return None
        return in_values(values) if isinstance(values.get(files.GROUPS_KEY, []), list) else None


def _may_name_groups(data: bytes) -> bool:
    """Whether the key may be in a file. A backslash may begin an escape sequence in the key."""
    return files.GROUPS_KEY.encode() in data or b"\\" in data
