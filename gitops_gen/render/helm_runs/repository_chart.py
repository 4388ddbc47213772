"""Validates repository charts: their folders and files."""

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
from gitops_gen.model import Environment, Finding, Path, Rule, Severity, dotted
from gitops_gen.render.helm_runs.chart_files import (
    ChartFile,
    UnusableArchive,
    chart_files,
    files_in_archive,
)
from gitops_gen.render.helm_runs.nondeterministic import nondeterministic_functions
from gitops_gen.rule_registry import defined_in
from gitops_gen.secrets.walk import scalars

CHART = Rule(
    "repository-chart",
    title="A repository chart can be rendered safely",
    why="Helm would follow links out of the repository, download files while it renders, or "
    "produce a different result at every render.",
    remedy="Correct the chart, or the path to it, as the message states.",
)
RANDOM_VENDORED = Rule(
    "repository-chart-random",
    title="Subcharts of a repository chart do not generate values",
    why="A subchart of your chart can call functions whose results differ at every render.",
    remedy="Set the values of the subchart so that it uses existing Secrets and fixed values, and "
    "then excuse the finding: gitops-gen cannot detect which of its functions run.",
    severity=Severity.WARNING,
    excusable=True,
)

# More than any chart has, so the folder is not that of a chart.
MOST_FILES = 2000
LARGEST_METADATA = 1_000_000

SCHEMA = "values.schema.json"
VALUES = "values.yaml"
_TPL = re.compile(rb"\btpl\b")
# The schemas that are built into Helm.
_DIALECT = re.compile(
    r"https?://json-schema\.org/(draft-0[467]/|draft/2019-09/|draft/2020-12/)?schema#?"
)
_EXACT_VERSION = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?")


@dataclass(frozen=True, slots=True)
class ChartScan:
    """The findings about the files of a chart, independent of the environment."""

    path: str
    problem: str | None = None
    """The reasons why the chart must not be rendered."""
    nondeterministic: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Subchart -> the functions that it can call whose results differ at every render."""
    evaluates_values: bool = False
    """Whether a template of the chart calls `tpl`, so that values may be templates."""


def scan(root: str, path: str) -> ChartScan:
    """Scans a chart, which must be a folder of the repository without links.

    Helm follows symbolic links in a chart and would copy any file of this machine into the output.
    So neither the chart nor its path may contain links.
    """
    problem = next(_folder_problems(root, path), None)
    if problem:
        return ChartScan(path, problem)
    try:
        files = [_scanned(file) for file in chart_files(os.path.join(root, path))]
    except UnusableArchive as error:
        return ChartScan(path, f"'{path}/{error.archive}' {error.reason}")
    in_files = (f"'{path}/{file.path}' {file.problem}" for file in files if file.problem)
    evaluates = any(file.calls_tpl for file in files)
    in_values = _default_value_problems(root, path) if evaluates else ()
    problem = next(chain(in_files, in_values, _version_problems(root, path)), None)
    return ChartScan(path, problem, {} if problem else _by_vendored_chart(files), evaluates)


def applied_rules() -> frozenset[Rule]:
    """The rules that `findings` applies, with or without a finding."""
    return frozenset(defined_in(sys.modules[__name__]))


def findings(environment: Environment, component: Component, chart: ChartScan) -> Iterator[Finding]:
    """Yields the findings about the chart and about its subcharts that are not deterministic."""
    at = (*component.section, "path")
    if chart.problem:
        yield environment.finding(CHART, at, chart.problem)
    if chart.evaluates_values:
        for place, text in templates_in(component.source.values):
            yield environment.finding(CHART, (*component.values_path, *place), text)
    for name, functions in chart.nondeterministic.items():
        text = (
            f"'{chart.path}/{name}' can call {', '.join(sorted(functions))}, whose results differ "
            "at every render; set its values so that it does not"
        )
        yield environment.finding(RANDOM_VENDORED, at, text)


def _default_value_problems(root: str, path: str) -> Iterator[str]:
    """Yields problems of the chart's own values.yaml, which `tpl` may evaluate."""
    try:
        with open(os.path.join(root, path, VALUES), "rb") as file:
            values = yaml.yaml_load(file.read(LARGEST_METADATA))
    except (InvalidInput, OSError):
        return
    for place, text in templates_in(values):
        yield f"'{path}/{VALUES}' has a value at {dotted(place)} that {text}"


def templates_in(values: Any) -> Iterator[tuple[Path, str]]:
    """Yields the path and the problem of each text whose result differs at every render."""
    for path, text in scalars(values):
        functions = nondeterministic_functions(text) if isinstance(text, str) else frozenset()
        if functions:
            names = ", ".join(sorted(functions))
            problem = f"calls {names}, with a different result at every render; write a fixed value"
            yield path, problem


def _folder_problems(root: str, path: str) -> Iterator[str]:
    """Yields problems of the folder. Only the first one is used, because later checks rely on
    earlier ones."""
    parts = path.split("/")
    if path.startswith("/") or {"", ".", ".."}.intersection(parts):
        yield f"'{path}' is outside the repository; use a folder in it, for example charts/shop"
    for depth in range(1, len(parts) + 1):
        if os.path.islink(os.path.join(root, *parts[:depth])):
            yield f"'{'/'.join(parts[:depth])}' is a symbolic link; replace it by the chart itself"
    if not os.path.isfile(os.path.join(root, path, "Chart.yaml")):
        yield f"'{path}' is not a chart, because {path}/Chart.yaml does not exist"
    yield from _entry_problems(root, path)


def _entry_problems(root: str, path: str) -> Iterator[str]:
    count = 0
    for parent, folders, files in os.walk(os.path.join(root, path), onerror=_unreadable):
        for name in sorted([*folders, *files]):
            entry = os.path.join(parent, name)
            shown = os.path.relpath(entry, root)
            if os.path.islink(entry):
                yield f"'{shown}' is a symbolic link, which Helm would follow; copy the file"
            if not (os.path.isfile(entry) or os.path.isdir(entry)):
                yield f"'{shown}' is not a regular file; remove it"
        count += len(files)
        if count > MOST_FILES:
            yield f"'{path}' contains more than {MOST_FILES} files; use the folder of the chart"


def _unreadable(error: OSError) -> None:
    raise error


def _version_problems(root: str, path: str) -> Iterator[str]:
    """Yields problems of subcharts with another version than required, which Helm accepts."""
    vendored: dict[str, tuple[str, str]] = {}
    for entry in _entries(os.path.join(root, path, "charts")):
        shown = f"{path}/charts/{entry}"
        inner = _metadata(os.path.join(root, shown))
        if inner is None:
            continue
        name, version = str(inner.get("name")), str(inner.get("version"))
        vendored[name] = (version, shown)
        if entry.endswith(".tgz") and entry != f"{name}-{version}.tgz":
            yield f"'{shown}' contains {name} {version}; vendor the chart that its file name states"
    for wanted in _dependencies(os.path.join(root, path)):
        name, version = str(wanted.get("name")), str(wanted.get("version"))
        found, shown = vendored.get(name, (version, ""))
        if _EXACT_VERSION.fullmatch(version) and found.lstrip("v") != version.lstrip("v"):
            yield f"'{shown}' is {name} {found}, but {path}/Chart.yaml requires {version}"


def _entries(folder: str) -> list[str]:
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def _dependencies(chart: str) -> list[dict[str, Any]]:
    metadata = _metadata(chart) or {}
    found = metadata.get("dependencies")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _metadata(chart: str) -> dict[str, Any] | None:
    """The Chart.yaml of a chart, packed or not; None if Helm refuses or ignores the chart."""
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
    """A scanned file. `problem` states how the output depends on the network, the time or chance.

    In a subchart, functions whose results differ at every render are not a problem, because values
    can prevent their use.
    """

    path: str
    problem: str | None
    vendored: str
    nondeterministic: frozenset[str]
    calls_tpl: bool
    """Whether it is a template that evaluates texts as templates, such as values."""


def _scanned(file: ChartFile) -> _ScannedFile:
    functions = _nondeterministic(file) if file.is_template else frozenset[str]()
    calls_tpl = file.is_template and _TPL.search(file.content) is not None
    problem = _file_problem(file, functions)
    return _ScannedFile(file.path, problem, file.vendored, functions, calls_tpl)


def _file_problem(file: ChartFile, functions: frozenset[str]) -> str | None:
    references = remote_references(file.content) if file.name == SCHEMA else ()
    for reference in references:
        return f"refers to {reference}, which Helm would download; include the schema itself"
    if functions and not file.vendored:
        text = f"calls {', '.join(sorted(functions))}, with a different result at every render"
        return f"{text}; remove the call, or use an existing Secret"
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


def remote_references(content: bytes) -> Iterator[str]:
    try:
        yield from _references(json.loads(content))
    except (ValueError, RecursionError):
        return  # Helm refuses it


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
