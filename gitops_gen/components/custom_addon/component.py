"""Any further add-on, by values alone: an upstream chart, or a chart in this repository."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder
from gitops_gen.components.custom_addon.sections import add_on_of_ours, named
from gitops_gen.components.types import (
    AtTeardown,
    Component,
    Namespace,
    RepositoryChart,
    UpstreamChart,
)
from gitops_gen.model import Environment, Pin, Values

SECTION = ("addons", "*")
KEYS_OF_OWN_CHARTS = ("repository", "path")
"""Each of them says where a chart comes from, and an add-on of ours knows that itself."""


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    for name, section in named(environment):
        if section["enabled"]:
            yield _component(name, section)


def _component(name: str, section: Values) -> Component:
    replaced = add_on_of_ours(name)
    return Component(
        name=name,
        namespace=section["namespace"],
        wave=section["wave"],
        source=_source(name, section),
        section=("addons", name),
        provides=replaced.provides if replaced else frozenset(),
        at_teardown=_at_teardown(replaced),
        namespaces=(Namespace(section["namespace"], section["podSecurity"]),),
        cluster_kinds=frozenset(_kind(text) for text in section.get("clusterKinds", ())),
        touches=frozenset(section.get("namespaces", ())),
        # Nothing is known of what its operator, if it is one, brings only once it runs.
        sync_options=("SkipDryRunOnMissingResource=true",),
    )


def _at_teardown(replaced: Folder | None) -> AtTeardown:
    return replaced.addon.at_teardown if replaced and replaced.addon else AtTeardown()


def _source(name: str, section: Values) -> UpstreamChart | RepositoryChart:
    values = section.get("values", {})
    if "path" in section:
        return RepositoryChart(path=section["path"], values=values, release=name)
    pin = Pin(section["repository"], section["chart"], section["version"])
    return UpstreamChart(pin=pin, values=values, release=name)


def _kind(text: str) -> tuple[str, str]:
    group, _, kind = text.rpartition("/")
    return group, kind
