"""Warns about files in values/ that no environment uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files, groups
from gitops_gen.inputs.groups import Groups
from gitops_gen.model import Finding, Position, Rule, Severity
from gitops_gen.revisions import Revision

STRAY_FILE = Rule(
    "stray-file",
    title="Every file in a folder of values/ is used by an environment",
    why="A file that no environment uses has no effect, which is easy to overlook.",
    remedy="Name the group in the list `groups` of an environment, move the file to the place that "
    "the message names, or remove it.",
    severity=Severity.WARNING,
)
_EXTENSIONS = (".json", ".yaml", ".yml")
_VALUES = "values"


def strays(revision: Revision) -> Iterator[Finding]:
    """Yields warnings about files in the folders of values/ that no environment uses."""
    try:
        yield from _UnusedFiles(revision).findings()
    except InvalidInput:
        # Files that cannot be environments are errors, which are reported elsewhere.
        return


@dataclass(frozen=True)
class _UnusedFiles:
    revision: Revision

    def findings(self) -> Iterator[Finding]:
        for file in sorted(self.revision.files_below(_VALUES)):
            _, *folders, name = file.split("/")
            hidden = any(part.startswith(".") for part in (*folders, name))
            if not folders or hidden or not name.lower().endswith(_EXTENSIONS):
                continue
            if problem := self._problem("/".join(folders), name):
                place = Position(self.revision.name_of(files.printable_name(file)))
                yield Finding(STRAY_FILE, files.printable_name(problem), place)

    @cached_property
    def _environments(self) -> frozenset[str]:
        return frozenset(files.environments(self.revision))

    @cached_property
    def _groups(self) -> Groups:
        return Groups(self.revision)

    def _problem(self, folder: str, name: str) -> str | None:
        """Returns why a file is not used; None if an environment uses it."""
        stem, _, extension = name.rpartition(".")
        if f"{_VALUES}/{folder}" == files.CLUSTERS:
            return self._problem_of_facts(stem, extension)
        if f"{_VALUES}/{folder}" == files.GROUPS:
            return self._problem_of_group(stem, extension)
        return _elsewhere(folder, stem, extension)

    def _problem_of_facts(self, stem: str, extension: str) -> str | None:
        if stem not in self._environments:
            return f"is not used, because {files.environment_file(stem)} does not exist"
        if extension == "json":
            return None
        return f"is not used; the values of a cluster are read from {files.cluster_file(stem)}"

    def _problem_of_group(self, stem: str, extension: str) -> str | None:
        if not groups.may_be_named(stem):
            return (
                "is not used, because this cannot be the name of a group; use lower-case letters, "
                "digits and hyphens, at most 50"
            )
        if extension != "yaml":
            return f"is not used; the values of a group are read from {files.group_file(stem)}"
        if self._groups.members(stem) or not self._groups.are_known:
            return None
        return (
            f"is not used, because no environment names the group; write `groups: [{stem}]` in an "
            "environment's file, or remove this file"
        )


def _elsewhere(folder: str, stem: str, extension: str) -> str:
    """Returns the message about a file in a folder that gitops-gen does not read."""
    lead = f"is not used: gitops-gen reads no values from values/{folder}/"
    if extension == "json":
        return f"{lead}; the facts of a cluster are read from {files.cluster_file(stem)}"
    group = "-".join((*folder.split("/"), stem)).removeprefix("groups-")
    return (
        f"{lead}; move it to {files.environment_file(stem)} if it is an environment, or to "
        f"{files.group_file(group)} if several environments share it"
    )
