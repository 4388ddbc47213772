"""Rules for the source and the name of a user-defined chart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components.custom_addon.sections import built_in_addon_names, named
from gitops_gen.components.delivery import KEY
from gitops_gen.components.kinds import problem_of_kind
from gitops_gen.components.rules.addons import installed_twice
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Environment, Finding, Rule, Severity, Values

# Helm rejects a longer release name.
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?")
_UPSTREAM = ("repository", "chart", "version")
# `render` writes the first two; the third contains its input.
_RESERVED = frozenset({"rendered", "argocd", "values"})

NAME = Rule(
    "addon-name",
    title="An add-on's name is valid for a Helm release",
    why="The Helm release and the Application have this name, and Helm rejects names of more than "
    "53 characters.",
    remedy="Use at most 53 lower-case letters, digits and hyphens.",
)
UNKNOWN = Rule(
    "addon-unknown",
    title="An add-on belongs to gitops-gen or has a chart",
    why="Without a repository or a path, there is no chart to install. The name is probably "
    "misspelled.",
    remedy="Correct the name, or set `repository`, `chart`, `version` and `namespace`, or `path` "
    "and `namespace`. The chart and its version may also be in charts/upstream/Chart.yaml.",
)
KIND = Rule(
    "addon-kind",
    title="clusterKinds contains kinds with their API groups",
    why="The AppProject allows exactly these cluster-scoped kinds, and Argo CD rejects all others.",
    remedy="Write `group/Kind`, for example `rbac.authorization.k8s.io/ClusterRole`.",
)
REPOSITORY = Rule(
    "addon-repository",
    title="The repository of an OCI chart does not end with the chart's name",
    why="The chart's name is appended to the repository, so the URL would contain it twice.",
    remedy="Remove the name from `repository`. If the name is twice in the URL, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
)
INCOMPLETE = Rule(
    "addon-incomplete",
    title="An add-on has a complete source and a namespace",
    why="Argo CD requires the repository, the chart, its version and the namespace to install it.",
    remedy="Add the keys that the message names.",
)
SOURCE = Rule(
    "addon-source",
    title="An add-on has one source",
    why="A chart in this repository (`path`) cannot have another source.",
    remedy="Keep either `path`, or `repository`, `chart` and `version`.",
)
PATH = Rule(
    "addon-path",
    title="A chart in this repository is not in a folder of gitops-gen",
    why="gitops-gen writes rendered/ and argocd/ and removes unexpected files there, and values/ "
    "contains only values files.",
    remedy="Move the chart to another folder, for example charts/.",
)


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
        text = "the name is not valid; use at most 53 lower-case letters, digits and hyphens"
        yield environment.finding(NAME, ("addons", name), text, key=True)


def _unknown(environment: Environment, name: str) -> Finding:
    hint = did_you_mean(name, sorted(built_in_addon_names()))
    required_keys = (
        "; for a chart of your own, set namespace, and either path, or repository, chart and "
        "version"
    )
    text = f"unknown add-on{hint or required_keys}"
    return environment.finding(UNKNOWN, ("addons", name), text, key=True)


def _kinds(environment: Environment, name: str, section: Values) -> Iterator[Finding]:
    for index, text in enumerate(section.get("clusterKinds", ())):
        if problem := problem_of_kind(text):
            path = ("addons", name, "clusterKinds", index)
            yield environment.finding(KIND, path, problem)


def _source(environment: Environment, name: str, section: Values) -> Iterator[Finding]:
    path = ("addons", name)
    needed = ("path", "namespace") if "path" in section else (*_UPSTREAM, "namespace")
    chart, place = section.get("chart"), section.get("repository", "")
    if place.startswith("oci://") and place.rstrip("/").rpartition("/")[2] == chart:
        text = (
            f"ends with the chart's name, which is appended: {place.rstrip('/')}/{chart}; remove "
            f"'/{chart}' unless the registry contains it twice"
        )
        yield environment.finding(REPOSITORY, (*path, "repository"), text)
    missing = [key for key in needed if key not in section]
    if missing:
        text = f"also requires {' and '.join(missing)}"
        yield environment.finding(INCOMPLETE, path, text, key=True)
    for key in (*_UPSTREAM, KEY) if "path" in section else ():
        if key in section:
            text = "cannot be combined with path: a chart in this repository has no other source"
            yield environment.finding(SOURCE, (*path, key), text, key=True)
    top = section.get("path", "").partition("/")[0]
    if top in _RESERVED:
        text = f"'{top}/' belongs to gitops-gen; move the chart, for example to charts/"
        yield environment.finding(PATH, (*path, "path"), text)
