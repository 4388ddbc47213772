"""The component of a user-defined chart: an upstream chart or a chart in the repository."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_gen.components import Folder
from gitops_gen.components.custom_addon.sections import built_in_addon, named
from gitops_gen.components.types import (
    AtTeardown,
    Component,
    Namespace,
    RepositoryChart,
    UpstreamChart,
)
from gitops_gen.model import Environment, Pin, Values

SECTION = ("addons", "*")
KEYS_OF_USER_CHARTS = ("repository", "path")
"""Keys for the source of a chart, which the sections of add-ons of gitops-gen do not have."""


def instances(environment: Environment, _: tuple[Component, ...]) -> Iterator[Component]:
    for name, section in named(environment):
        if section["enabled"]:
            yield _component(name, section, environment.chart_values("addons", name, "values"))


def _component(name: str, section: Values, values: Values) -> Component:
    replaced = built_in_addon(name)
    return Component(
        name=name,
        namespace=section["namespace"],
        wave=section["wave"],
        source=_source(name, section, values),
        section=("addons", name),
        provides=replaced.provides if replaced else frozenset(),
        at_teardown=_at_teardown(replaced),
        namespaces=(Namespace(section["namespace"], section["podSecurity"]),),
        cluster_kinds=frozenset(_kind(text) for text in section.get("clusterKinds", ())),
        touches=frozenset(section.get("namespaces", ())),
        # The chart may be an operator that creates CRDs only when it runs.
        sync_options=("SkipDryRunOnMissingResource=true",),
    )


def _at_teardown(replaced: Folder | None) -> AtTeardown:
    return replaced.addon.at_teardown if replaced and replaced.addon else AtTeardown()


def _source(name: str, section: Values, values: Values) -> UpstreamChart | RepositoryChart:
    if "path" in section:
        return RepositoryChart(path=section["path"], values=values, release=name)
    pin = Pin(section["repository"], section["chart"], section["version"])
    return UpstreamChart(pin=pin, values=values, release=name)


def _kind(text: str) -> tuple[str, str]:
    group, _, kind = text.rpartition("/")
    return group, kind
