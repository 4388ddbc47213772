"""Where an add-on of the user's own comes from, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_gen.components.custom_addon.sections import named, names_of_add_ons
from gitops_gen.components.kinds import problem_of_kind
from gitops_gen.components.rules.addons import installed_twice
from gitops_gen.inputs.wording import did_you_mean
from gitops_gen.model import Environment, Finding, Rule, Severity, Values

# Helm refuses a longer release name.
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?")
_UPSTREAM = ("repository", "chart", "version")
# `render` writes the first two; the third is its input.
_RESERVED = frozenset({"rendered", "argocd", "values"})

NAME = Rule(
    "addon-name",
    title="An add-on's name can name a Helm release",
    why="The name is that of the Helm release and of the Application; Helm refuses names of more "
    "than 53 characters.",
    remedy="Use at most 53 lower-case letters, digits and hyphens.",
)
UNKNOWN = Rule(
    "addon-unknown",
    title="An add-on is one of gitops-gen's, or states its chart",
    why="Without a repository or a path there is no chart to install; most likely the name is "
    "misspelt.",
    remedy="Correct the name, or give `repository`, `chart`, `version` and `namespace`, or `path` "
    "and `namespace`.",
)
KIND = Rule(
    "addon-kind",
    title="clusterKinds names kinds with their API groups",
    why="The AppProject admits exactly these cluster-scoped kinds, and Argo CD refuses all others.",
    remedy="Write `group/Kind`, for instance `rbac.authorization.k8s.io/ClusterRole`.",
)
REPOSITORY = Rule(
    "addon-repository",
    title="The repository of an OCI chart does not end with the chart's name",
    why="The chart's name is appended to the repository, so that it would be there twice.",
    remedy="Leave the name out of `repository`. If the registry does have it twice, excuse the "
    "finding.",
    severity=Severity.WARNING,
    excusable=True,
)
INCOMPLETE = Rule(
    "addon-incomplete",
    title="An add-on states its whole source and its namespace",
    why="Argo CD needs the repository, the chart, its version and the namespace to install it.",
    remedy="Add the keys that the message names.",
)
SOURCE = Rule(
    "addon-source",
    title="An add-on has one source",
    why="A chart in this repository (`path`) is not also one of another repository.",
    remedy="Keep either `path`, or `repository`, `chart` and `version`.",
)
PATH = Rule(
    "addon-path",
    title="A chart of your own is not in a folder that gitops-gen owns",
    why="gitops-gen writes rendered/ and argocd/ and removes what it does not know, and values/ "
    "holds values files alone.",
    remedy="Keep the chart in another folder, for instance charts/.",
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
        text = "not a usable name; use lower-case letters, digits and hyphens, at most 53"
        yield environment.finding(NAME, ("addons", name), text, key=True)


def _unknown(environment: Environment, name: str) -> Finding:
    hint = did_you_mean(name, sorted(names_of_add_ons()))
    required_keys = (
        "; for a chart of your own give repository, chart and version, or path, and namespace"
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
            f"ends with the chart's name, which comes after it: {place.rstrip('/')}/{chart}; leave "
            f"out '/{chart}' unless the registry does have it twice"
        )
        yield environment.finding(REPOSITORY, (*path, "repository"), text)
    missing = [key for key in needed if key not in section]
    if missing:
        text = f"needs {' and '.join(missing)} too"
        yield environment.finding(INCOMPLETE, path, text, key=True)
    for key in _UPSTREAM if "path" in section else ():
        if key in section:
            text = "not together with path: a chart in this repository has no other source"
            yield environment.finding(SOURCE, (*path, key), text, key=True)
    top = section.get("path", "").partition("/")[0]
    if top in _RESERVED:
        text = f"'{top}/' is gitops-gen's own folder; keep charts elsewhere, for instance charts/"
        yield environment.finding(PATH, (*path, "path"), text)
