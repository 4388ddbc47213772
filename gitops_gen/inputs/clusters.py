"""Environments that name the same cluster: the second's Argo CD would fight the first's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import files
from gitops_gen.inputs.layers import Plain
from gitops_gen.model import Environment, Finding, Mark, Related, Rule, Values
from gitops_gen.revisions import Revision

RULE = Rule(
    "shared-cluster",
    title="A cluster belongs to one environment",
    why="The Argo CD of each environment would own the same objects and undo what the other one "
    "syncs.",
    remedy="Give each environment a cluster of its own.",
)


@dataclass(frozen=True)
class Clusters:
    """The clusters of all environments of a revision.

    A file in which the name of the cluster does not occur is not parsed, so that it takes little
    time to look at all of them; `merged` gives the values of an environment. What is wrong with
    one environment is not reported about another.
    """

    revision: Revision
    merged: Callable[[str], Plain]
    _contents: dict[str, bytes] = field(default_factory=dict)
    _values: dict[str, Plain | None] = field(default_factory=dict)

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
        return any(cluster_name in self._content(file) for file in files.input_files(environment))

    def _content(self, file: str) -> bytes:
        if file not in self._contents:
            try:
                self._contents[file] = self.revision.read(file)
            except InvalidInput:
                self._contents[file] = b""
        return self._contents[file]

    def _plain(self, environment: str) -> Plain | None:
        """The merged values; None for those that cannot be read."""
        if environment not in self._values:
            try:
                self._values[environment] = self.merged(environment)
            except InvalidInput:
                self._values[environment] = None
        return self._values[environment]


def _is_same(cluster: Values, second: object) -> bool:
    """Whether both have one name and region, and do not name different accounts."""
    if not isinstance(second, dict):
        return False
    accounts = {a for a in (cluster.get("accountId"), second.get("accountId")) if a}
    return len(accounts) < 2 and all(cluster.get(k) == second.get(k) for k in ("name", "region"))


def _shared_cluster(environment: Environment, second: str, mark: Mark) -> Finding:
    name, region = (environment.get("cluster", key) for key in ("name", "region"))
    text = (
        f"'{name}' in {region} is the cluster of '{second}' too ({mark.value}), and both would own "
        "the same objects; give each environment a cluster of its own"
    )
    related = (Related(mark.value, f"the cluster of '{second}'"),)
    return environment.finding(RULE, ("cluster", "name"), text, related=related)
