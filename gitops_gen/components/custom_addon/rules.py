"""What the schema cannot say of an add-on of the user's own.

That the folder at `path` exists, holds a Chart.yaml and leads nowhere outside the repository
is seen when it is rendered: a rule knows the values and no files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components.addon import installed_twice
from gitops_gen.components.custom_addon.sections import known, named
from gitops_gen.components.kinds import problem_of_kind
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Environment, Finding, Severity, Values

# Helm refuses a longer release name.
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?")
_UPSTREAM = ("repository", "chart", "version")
# `render` writes the first two; the third is its input.
_RESERVED = frozenset({"rendered", "argocd", "values"})


def findings(environment: Environment) -> Iterator[Finding]:
    for name, section in named(environment):
        if "path" in section or "repository" in section:
            yield from _name(environment, name)
            yield from _source(environment, name, section)
            yield from _kinds(environment, name, section)
        else:
            yield _unknown(environment, name)
        if section["enabled"]:
            yield from installed_twice(environment, ("addons", name))


def _name(environment: Environment, name: str) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        text = "not a usable name; use lower-case letters, digits and hyphens, at most 53"
        yield environment.finding("addon-name", ("addons", name), text, key=True)


def _unknown(environment: Environment, name: str) -> Finding:
    hint = did_you_mean(name, sorted(known()))
    own = "; for a chart of your own give repository, chart and version, or path, and namespace"
    text = f"unknown add-on{hint or own}"
    return environment.finding("addon-unknown", ("addons", name), text, key=True)


def _kinds(environment: Environment, name: str, section: Values) -> Iterator[Finding]:
    for index, text in enumerate(section.get("clusterKinds", ())):
        if problem := problem_of_kind(text):
            path = ("addons", name, "clusterKinds", index)
            yield environment.finding("addon-kind", path, problem)


def _source(environment: Environment, name: str, section: Values) -> Iterator[Finding]:
    path = ("addons", name)
    needed = ("path", "namespace") if "path" in section else (*_UPSTREAM, "namespace")
    chart, place = section.get("chart"), section.get("repository", "")
    if place.startswith("oci://") and place.rstrip("/").rpartition("/")[2] == chart:
        text = (
            f"ends with the chart's name, which comes after it: {place.rstrip('/')}/{chart}; leave "
            f"out '/{chart}' unless the registry does have it twice"
        )
        at = (*path, "repository")
        yield environment.finding("addon-repository", at, text, severity=Severity.WARNING)
    missing = [key for key in needed if key not in section]
    if missing:
        text = f"needs {' and '.join(missing)} too"
        yield environment.finding("addon-incomplete", path, text, key=True)
    for key in _UPSTREAM if "path" in section else ():
        if key in section:
            text = "not together with path: a chart in this repository has no other source"
            yield environment.finding("addon-source", (*path, key), text, key=True)
    top = section.get("path", "").partition("/")[0]
    if top in _RESERVED:
        text = f"'{top}/' is gitops-gen's own folder; keep charts elsewhere, for instance charts/"
        yield environment.finding("addon-path", (*path, "path"), text)
