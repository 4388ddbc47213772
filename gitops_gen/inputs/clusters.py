"""Reports environments that use the same cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


@dataclass(frozen=True)
class Clusters:
    """The clusters of all environments of a revision.

    A file that does not contain the name of the cluster is not parsed, because it would take too
    long to parse all files. `merged` returns the values of an environment. Errors in another
    environment are ignored here.
    """

    revision: Revision
    merged: Callable[[str], PlainValues]
    _contents: dict[str, bytes] = field(default_factory=dict)
    _values: dict[str, PlainValues | None] = field(default_factory=dict)

    def findings(self, environment: Environment) -> Iterator[Finding]:
        cluster_name = environment.get("cluster", "name")
        names = self._environments_except(environment.name)
        for name in names if isinstance(cluster_name, str) else ():
            plain = self._plain(name) if self._mentions(name, cluster_name.encode()) else None
            if plain and _is_same(environment.values["cluster"], plain.values.get("cluster")):
                yield _shared_cluster(environment, name, plain.marks["cluster", "name"])
                return

    def _environments_except(self, excepted: str) -> Iterator[str]:
        try:
            yield from (name for name in files.environments(self.revision) if name != excepted)
        except InvalidInput:
            return

    def _mentions(self, environment: str, cluster_name: bytes) -> bool:
        content = self._content(files.environment_file(environment))
        named = (name for name in self._group_names if name.encode() in content)
        paths = files.input_files(environment, named)
        return any(cluster_name in self._content(file) for file in paths)

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
