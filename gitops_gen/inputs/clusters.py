"""Reports environments that use the same cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files, groups
from gitops_gen.inputs.layers import PlainValues
from gitops_gen.model import Environment, Finding, Mark, Related, Rule, Values
from gitops_gen.revisions import Revision

RULE = Rule(
    "shared-cluster",
    title="A cluster belongs to one environment",
    why="The Applications of both environments would manage the same objects and undo each other's "
    "changes.",
    remedy="Give each environment its own cluster.",
)


_WORD = re.compile(rb"[A-Za-z0-9_-]+")
"""The names of clusters and groups contain no other characters."""


@dataclass
class Clusters:
    """The clusters of all environments of a revision.

    A file that does not contain the name of the cluster is not parsed, because it would take too
    long to parse all files. `merged` returns the values of an environment. Errors in another
    environment are ignored here.
    """

    revision: Revision
    merged: Callable[[str], PlainValues]
    _is_first: bool = True
    """Whether no environment was examined yet. One search is faster than the index of all words."""
    _contents: dict[str, bytes] = field(default_factory=dict)
    _values: dict[str, PlainValues | None] = field(default_factory=dict)

    def findings(self, environment: Environment) -> Iterator[Finding]:
        cluster_name = environment.get("cluster", "name")
        names = self._mentioning(cluster_name.encode()) if isinstance(cluster_name, str) else ()
        for name in names:
            plain = self._plain(name) if name != environment.name else None
            if plain and _is_same(environment.values["cluster"], plain.values.get("cluster")):
                yield _shared_cluster(environment, name, plain.marks["cluster", "name"])
                return

    def _mentioning(self, cluster_name: bytes) -> Sequence[str]:
        """The environments whose files may contain the name of the cluster."""
        if cluster_name in self._content(files.BASE):
            return self._environments
        words = [cluster_name, *self._groups_mentioning(cluster_name)]
        if self._is_first:
            self._is_first = False
            return [name for name in self._environments if self._contains(name, words)]
        return sorted({name for word in words for name in self._by_word.get(word, ())})

    def _groups_mentioning(self, cluster_name: bytes) -> Iterator[bytes]:
        for group in self._group_names:
            if cluster_name in self._content(files.group_file(group)):
                yield group.encode()

    def _contains(self, environment: str, words: Sequence[bytes]) -> bool:
        contents = [self._content(file) for file in _own_files(environment)]
        return any(word in content for word in words for content in contents)

    @cached_property
    def _by_word(self) -> dict[bytes, list[str]]:
        """The environments whose own files contain a word, by the word."""
        found: dict[bytes, list[str]] = {}
        for name in self._environments:
            contents = [self._content(file) for file in _own_files(name)]
            for word in {word for content in contents for word in _WORD.findall(content)}:
                found.setdefault(word, []).append(name)
        return found

    @cached_property
    def _environments(self) -> tuple[str, ...]:
        try:
            return files.environments(self.revision)
        except InvalidInput:
            return ()

    @cached_property
    def _group_names(self) -> tuple[str, ...]:
        try:
            return groups.existing(self.revision)
        except InvalidInput:
            return ()

    def _content(self, file: str) -> bytes:
        if file not in self._contents:
            try:
                self._contents[file] = self.revision.read(file)
            except InvalidInput:
                self._contents[file] = b""
        return self._contents[file]

    def _plain(self, environment: str) -> PlainValues | None:
        """Returns the merged values; None if they cannot be read."""
        if environment not in self._values:
            try:
                self._values[environment] = self.merged(environment)
            except InvalidInput:
                self._values[environment] = None
        return self._values[environment]


def _own_files(environment: str) -> tuple[str, str]:
    return files.cluster_file(environment), files.environment_file(environment)


def _is_same(cluster: Values, second: object) -> bool:
    """Whether both have the same name and region, and no different account IDs."""
    if not isinstance(second, dict):
        return False
    accounts = {a for a in (cluster.get("accountId"), second.get("accountId")) if a}
    return len(accounts) < 2 and all(cluster.get(k) == second.get(k) for k in ("name", "region"))


def _shared_cluster(environment: Environment, second: str, mark: Mark) -> Finding:
    name, region = (environment.get("cluster", key) for key in ("name", "region"))
    text = (
        f"'{name}' in {region} is also the cluster of '{second}' ({mark.value}), and both would "
        "manage the same objects; give each environment its own cluster"
    )
    related = (Related(mark.value, f"the cluster of '{second}'"),)
    return environment.finding(RULE, ("cluster", "name"), text, related=related)
