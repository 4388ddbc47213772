"""A chart of the user's own: its folder, and what that may hold."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from gitops_gen import yaml
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment, Finding, Rule, Severity
from gitops_gen.render.helm_runs.chart_files import (
    ChartFile,
    UnusableArchive,
    chart_files,
    files_in_archive,
)
from gitops_gen.render.helm_runs.nondeterministic import nondeterministic_functions
from gitops_gen.rule_registry import defined_in

CHART = Rule(
    "repository-chart",
    title="A chart of your own can be rendered safely",
    why="Helm would follow links out of the repository, fetch files while it renders, or give "
    "another result at every render.",
    remedy="Correct the chart, or the path to it, as the message states.",
)
RANDOM_VENDORED = Rule(
    "repository-chart-random",
    title="Dependencies of a chart do not generate values",
    why="A chart inside your chart can call functions that give another result at every render.",
    remedy="Set the values of that chart so that it uses existing Secrets and fixed values, and "
    "then excuse the finding: gitops-gen cannot see which of its functions run.",
    severity=Severity.WARNING,
    excusable=True,
)

# More than any chart has: somebody named a folder of something else.
MOST_FILES = 2000
LARGEST_METADATA = 1_000_000

SCHEMA = "values.schema.json"
# Those that Helm has within it.
_DIALECT = re.compile(
    r"https?://json-schema\.org/(draft-0[467]/|draft/2019-09/|draft/2020-12/)?schema#?"
)
_EXACT_VERSION = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?")


@dataclass(frozen=True, slots=True)
class ChartScan:
    """What the files of a chart tell, whatever environment it is rendered for."""

    path: str
    problem: str | None = None
    """Why it must not be rendered."""
    nondeterministic: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """A chart within it -> the functions that it can call and that give something else at every
    render."""


def scan(root: str, path: str) -> ChartScan:
    """A chart must be a plain folder of the repository.

    Helm follows symlinks inside a chart and would put any file of this machine into the
    output, so there must be none, and none on the way to it.
    """
    problem = next(_folder_problems(root, path), None)
    if problem:
        return ChartScan(path, problem)
    try:
        files = [_scanned(file) for file in chart_files(os.path.join(root, path))]
    except UnusableArchive as error:
        return ChartScan(path, f"'{path}/{error.archive}' {error.reason}")
    in_files = (f"'{path}/{file.path}' {file.problem}" for file in files if file.problem)
    problem = next(chain(in_files, _version_problems(root, path)), None)
    return ChartScan(path, problem, {} if problem else _by_vendored_chart(files))


def applied_rules() -> frozenset[Rule]:
    """The rules that `findings` applies, whether it finds anything or not."""
    return frozenset(defined_in(sys.modules[__name__]))


def findings(environment: Environment, component: Component, chart: ChartScan) -> Iterator[Finding]:
    """What is wrong with the chart, and each chart within it that is not deterministic."""
    at = (*component.section, "path")
    if chart.problem:
        yield environment.finding(CHART, at, chart.problem)
    for name, functions in chart.nondeterministic.items():
        text = (
            f"'{chart.path}/{name}' can call {', '.join(sorted(functions))}, which give something "
            "else at every render; set its values so that it does not"
        )
        yield environment.finding(RANDOM_VENDORED, at, text)


def _folder_problems(root: str, path: str) -> Iterator[str]:
    """Only the first one is reported: the checks after it rely on its absence."""
    parts = path.split("/")
    if path.startswith("/") or {"", ".", ".."}.intersection(parts):
        yield f"'{path}' leads out of the repository; name a folder in it, such as charts/shop"
    for depth in range(1, len(parts) + 1):
        if os.path.islink(os.path.join(root, *parts[:depth])):
            yield f"'{'/'.join(parts[:depth])}' is a symlink; put the chart itself there"
    if not os.path.isfile(os.path.join(root, path, "Chart.yaml")):
        yield f"'{path}' is no chart: there is no file {path}/Chart.yaml"
    yield from _entry_problems(root, path)


def _entry_problems(root: str, path: str) -> Iterator[str]:
    count = 0
    for parent, folders, files in os.walk(os.path.join(root, path), onerror=_unreadable):
        for name in sorted([*folders, *files]):
            entry = os.path.join(parent, name)
            shown = os.path.relpath(entry, root)
            if os.path.islink(entry):
                yield f"'{shown}' is a symlink, which Helm would follow; copy the file"
            if not (os.path.isfile(entry) or os.path.isdir(entry)):
                yield f"'{shown}' is no file; remove it"
        count += len(files)
        if count > MOST_FILES:
            yield f"'{path}' holds more than {MOST_FILES} files; name the chart's own folder"


def _unreadable(error: OSError) -> None:
    raise error


def _version_problems(root: str, path: str) -> Iterator[str]:
    """Charts within the chart of another version than it names; Helm accepts them silently."""
    vendored: dict[str, tuple[str, str]] = {}
    for entry in _entries(os.path.join(root, path, "charts")):
        shown = f"{path}/charts/{entry}"
        inner = _metadata(os.path.join(root, shown))
        if inner is None:
            continue
        name, version = str(inner.get("name")), str(inner.get("version"))
        vendored[name] = (version, shown)
        if entry.endswith(".tgz") and entry != f"{name}-{version}.tgz":
            yield f"'{shown}' holds {name} {version} inside; vendor the chart that its name says"
    for wanted in _dependencies(os.path.join(root, path)):
        name, version = str(wanted.get("name")), str(wanted.get("version"))
        found, shown = vendored.get(name, (version, ""))
        if _EXACT_VERSION.fullmatch(version) and found.lstrip("v") != version.lstrip("v"):
            yield f"'{shown}' is {name} {found}, and {path}/Chart.yaml asks for {version}"


def _entries(folder: str) -> list[str]:
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def _dependencies(chart: str) -> list[dict[str, Any]]:
    metadata = _metadata(chart) or {}
    found = metadata.get("dependencies")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _metadata(chart: str) -> dict[str, Any] | None:
    """A chart's Chart.yaml, packed or not; None for what Helm itself refuses or passes over."""
    try:
        content = _packed_metadata(chart) if chart.endswith(".tgz") else _unpacked_metadata(chart)
        value = yaml.yaml_load(content)
    except (InvalidInput, UnusableArchive, OSError):
        return None
    return value if isinstance(value, dict) else None


def _unpacked_metadata(chart: str) -> bytes:
    with open(os.path.join(chart, "Chart.yaml"), "rb") as file:
        return file.read(LARGEST_METADATA)


def _packed_metadata(chart: str) -> bytes:
    files = (file for file in files_in_archive(chart, chart) if file.path == "Chart.yaml")
    return next((file.content for file in files), b"")


@dataclass(frozen=True, slots=True)
class _ScannedFile:
    """`problem` is what would make the output depend on more than the files: a network, a clock,
    chance. In a chart within the chart, functions that give something else at every render are
    no problem, as long as its values keep it from calling them."""

    path: str
    problem: str | None
    vendored: str
    nondeterministic: frozenset[str]


def _scanned(file: ChartFile) -> _ScannedFile:
    functions = _nondeterministic(file) if file.is_template else frozenset[str]()
    return _ScannedFile(file.path, _file_problem(file, functions), file.vendored, functions)


def _file_problem(file: ChartFile, functions: frozenset[str]) -> str | None:
    references = _remote_references(file.content) if file.name == SCHEMA else ()
    for reference in references:
        return f"refers to {reference}, which Helm would fetch; write the schema out"
    if functions and not file.vendored:
        text = f"calls {', '.join(sorted(functions))}: something else at every render"
        return f"{text}; take it out, or name a Secret for it"
    return None


def _nondeterministic(file: ChartFile) -> frozenset[str]:
    return nondeterministic_functions(file.content.decode(errors="replace"))


def _by_vendored_chart(files: Iterable[_ScannedFile]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for file in files:
        if file.vendored and file.nondeterministic:
            functions = found.get(file.vendored, frozenset())
            found[file.vendored] = functions | file.nondeterministic
    return found


def _remote_references(content: bytes) -> Iterator[str]:
    try:
        yield from _references(json.loads(content))
    except (ValueError, RecursionError):
        return  # which Helm refuses


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        inside = {key: schema.get(key) for key in ("$ref", "$dynamicRef", "$recursiveRef")}
        yield from (r for r in inside.values() if isinstance(r, str) and not r.startswith("#"))
        dialect = schema.get("$schema")
        if isinstance(dialect, str) and not _DIALECT.fullmatch(dialect):
            yield dialect
        schema = list(schema.values())
    for inner in schema if isinstance(schema, list) else ():
        yield from _references(inner)
