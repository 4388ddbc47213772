"""Which namespaces are nobody's to make, and what is asked for namespaces that nobody uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from gitops_gen.components import catalogue
from gitops_gen.components.platform.namespaces import never_owned
from gitops_gen.components.types import Namespace
from gitops_gen.model import Environment, Finding, Rule

NAME = "platform"

UNKNOWN = Rule(
    "platform-namespace",
    title="Quotas and limit ranges are for namespaces that a component uses",
    why="A quota for a namespace that nobody uses limits nothing; most likely its name is "
    "misspelt.",
    remedy="Correct the namespace, or remove the entry.",
)
OWNED = Rule(
    "platform-namespace-owned",
    title="The application does not run in a namespace of the cluster",
    why="Namespaces such as kube-system and default belong to Kubernetes: they can be neither "
    "labelled nor isolated for the application.",
    remedy="Give the application a namespace of its own.",
)


def findings(environment: Environment) -> Iterator[Finding]:
    unowned = never_owned()
    for path in _sections_with_namespace(environment):
        name = environment.get(*path, "namespace")
        if name in unowned:
            text = f"'{name}' belongs to the cluster; give the application a namespace of its own"
            yield environment.finding(OWNED, (*path, "namespace"), text)


def unknown_namespaces(
    environment: Environment, namespaces: Iterable[Namespace]
) -> Iterator[Finding]:
    """Quotas and limits for a namespace that no component uses: a typo, most likely."""
    used = sorted(namespace.name for namespace in namespaces)
    for section in ("quotas", "limitRanges"):
        for name in sorted(environment.get(NAME, section, default={})):
            if name not in used:
                text = f"no component uses this namespace; those in use: {', '.join(used)}"
                yield environment.finding(UNKNOWN, (NAME, section, name), text, key=True)


def _sections_with_namespace(environment: Environment) -> Iterator[tuple[str, ...]]:
    for *above, last in _namespaced():
        names = sorted(environment.get(*above, default={})) if last == "*" else [last]
        for name in names:
            if environment.enabled(*above, name):
                yield (*above, name)


@cache
def _namespaced() -> tuple[tuple[str, ...], ...]:
    """The sections of first-party components whose schema has a namespace."""
    first_party = (folder for folder in catalogue() if (folder.path / "chart").is_dir())
    return tuple(one.section for one in first_party if "namespace" in one.schema["properties"])
