"""Which environments of two revisions belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.files import ENVIRONMENT, may_be_named, require_safe
from gitops_gen.model import Position
from gitops_gen.objects import layout
from gitops_gen.revisions import Revision

NEW, REMOVED, RENAMED = "new", "removed", "renamed"
_LEAST_EQUAL = 0.5
"""The smallest part of equal file names with which an environment counts as renamed."""


@dataclass(frozen=True, slots=True)
class EnvironmentPair:
    """An environment in both revisions. `name` is that of the head, if it exists there."""

    name: str
    base_name: str = ""
    """Set for a renamed environment."""
    state: str = ""
    notes: tuple[str, ...] = ()

    @property
    def in_base(self) -> str:
        return self.base_name or self.name


def environment_pairs(
    base: Revision, head: Revision, chosen: Iterable[str]
) -> list[EnvironmentPair]:
    """The environments to compare, sorted by name. Raises InvalidInput for an unknown name."""
    old, new = set(names(base)), set(names(head))
    if not old | new:
        text = "no environment in either revision: run the command in the folder that has values/"
        raise InvalidInput.at(Position("values"), text, ENVIRONMENT)
    renamed = dict(_renamed(base, old - new, head, new - old))
    pairs = [EnvironmentPair(name) for name in old & new]
    pairs += [_renaming(name, renamed[name]) for name in renamed]
    pairs += [EnvironmentPair(name, state=NEW) for name in new - old - renamed.keys()]
    pairs += [_removal(name) for name in old - new - set(renamed.values())]
    pairs.sort(key=lambda pair: pair.name)
    wanted = set(chosen)
    _require_existing(wanted, {pair.name for pair in pairs} | set(renamed.values()))
    return [pair for pair in pairs if not wanted or wanted & {pair.name, pair.in_base}]


def names(files: Revision) -> Iterator[str]:
    """Yields the environments of a revision that have values or generated files.

    Files in values/ that cannot be environments are left out, because `check` reports them.
    """
    if files.exists("values"):
        for name in files.list("values"):
            stem = name.removesuffix(".yaml")
            if name.endswith(".yaml") and may_be_named(stem):
                yield stem


def _require_existing(wanted: set[str], existing: set[str]) -> None:
    for name in sorted(wanted):
        require_safe(name)
        if name not in existing:
            text = (
                f"no such environment in either revision; they have: {', '.join(sorted(existing))}"
            )
            raise InvalidInput.at(Position(f"values/{name}.yaml"), text, ENVIRONMENT)


def _renamed(
    base: Revision, old: set[str], head: Revision, new: set[str]
) -> Iterator[tuple[str, str]]:
    """Yields the new and the old name of each environment that was renamed."""
    left = {name: (_manifests(base, name), _lines(base, name)) for name in sorted(old)}
    for name in sorted(new):
        files = (_manifests(head, name), _lines(head, name))
        scores = {old_name: _similarity(files, paths) for old_name, paths in left.items()}
        best = max(scores, key=lambda one: scores[one], default="")
        if best and scores[best] >= _LEAST_EQUAL:
            del left[best]
            yield name, best


def _lines(files: Revision, name: str) -> set[str]:
    """The lines of the values of an environment, without empty ones."""
    path = f"values/{name}.yaml"
    content = files.read(path) if files.exists(path) else b""
    return set(content.decode(errors="replace").split("\n")) - {""}


def _manifests(files: Revision, name: str) -> set[str]:
    folder = f"{layout.rendered(name)}/manifests"
    return {path.removeprefix(folder) for path in files.files_below(folder)}


def _similarity(first: tuple[set[str], set[str]], second: tuple[set[str], set[str]]) -> float:
    """The part of equal manifests, or of equal values if one side is not rendered yet."""
    old, new = (one[0] for one in (first, second))
    if not old or not new:
        old, new = (one[1] for one in (first, second))
    return 2 * len(old & new) / max(1, len(old) + len(new))


def _renaming(name: str, old: str) -> EnvironmentPair:
    note = (
        f"the environment {old} has the name {name} now: the root Application in the cluster still "
        f"reads argocd/{old}/apps, so nothing changes until `argocd/{name}/bootstrap.yaml` is "
        "applied"
    )
    return EnvironmentPair(name, old, RENAMED, (note,))


def _removal(name: str) -> EnvironmentPair:
    note = (
        f"the environment is removed: without argocd/{name}/ in Git, Argo CD reports an error and "
        "deletes nothing, so everything stays in the cluster"
    )
    return EnvironmentPair(name, state=REMOVED, notes=(note,))
