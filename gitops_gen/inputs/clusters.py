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
    """The clusters of a revision's other environments, whether they are asked for or not.

    A file that does not even hold the cluster's name is not parsed, so that to look at all of
    them stays cheap; `merged` gives the values of those that do. What is wrong with another
    environment is no concern of this one.
    """

    revision: Revision
    merged: Callable[[str], Plain]
    _texts: dict[str, bytes] = field(default_factory=dict)
    _known: dict[str, Plain | None] = field(default_factory=dict)

    def findings(self, environment: Environment) -> Iterator[Finding]:
        name, others = environment.get("cluster", "name"), self._others(environment.name)
        for other in others if isinstance(name, str) else ():
            plain = self._plain(other) if self._speaks_of(other, name.encode()) else None
            if plain and _is_same(environment.values["cluster"], plain.values.get("cluster")):
                yield _told(environment, other, plain.marks["cluster", "name"])
                return

    def _others(self, name: str) -> Iterator[str]:
        try:
            yield from (other for other in files.environments(self.revision) if other != name)
        except InvalidInput:
            return

    def _speaks_of(self, other: str, name: bytes) -> bool:
        return any(name in self._text(file) for file in files.input_files(other))

    def _text(self, file: str) -> bytes:
        if file not in self._texts:
            try:
                self._texts[file] = self.revision.read(file)
            except InvalidInput:
                self._texts[file] = b""
        return self._texts[file]

    def _plain(self, other: str) -> Plain | None:
        if other not in self._known:
            try:
                self._known[other] = self.merged(other)
            except InvalidInput:
                self._known[other] = None
        return self._known[other]


def _is_same(cluster: Values, other: object) -> bool:
    """Accounts tell clusters apart only where both are known."""
    if not isinstance(other, dict):
        return False
    accounts = {known for known in (cluster.get("accountId"), other.get("accountId")) if known}
    return len(accounts) < 2 and all(cluster.get(k) == other.get(k) for k in ("name", "region"))


def _told(environment: Environment, other: str, mark: Mark) -> Finding:
    name, region = (environment.get("cluster", key) for key in ("name", "region"))
    text = (
        f"'{name}' in {region} is the cluster of '{other}' too ({mark.value}), and both would own "
        "the same objects; give each environment a cluster of its own"
    )
    related = (Related(mark.value, f"the cluster of '{other}'"),)
    return environment.finding(RULE, ("cluster", "name"), text, related=related)
