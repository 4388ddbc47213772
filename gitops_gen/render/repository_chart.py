"""A chart of the user's own: where it is, and what it may hold."""

from __future__ import annotations

import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from gitops_gen import yaml
from gitops_gen.components.types import Component
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Environment

# More than any chart has: somebody named a folder of something else.
MOST_FILES = 2000
LARGEST_METADATA = 1_000_000
# Helm unpacks no more than this of an archive, and refuses it.
LARGEST_UNPACKED = 100 << 20

SCHEMA = "values.schema.json"
_UNREADABLE = (tarfile.TarError, zlib.error, OSError, EOFError)
_EXACT_VERSION = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?")


def chart_folder(environment: Environment, component: Component, root: str, path: str) -> str:
    """The chart's folder. Raises InvalidInput unless it is a plain folder of the repository.

    Helm follows symlinks inside a chart and would put any file of this machine into the
    output, so there must be none, and none on the way to it.
    """
    problem = next(_problems(root, path), None)
    if problem:
        at = (*component.section, "path")
        raise InvalidInput([environment.finding("repository-chart", at, problem)])
    return os.path.join(root, path)


def _problems(root: str, path: str) -> Iterator[str]:
    """The first one counts: what comes after it may rely on its absence."""
    parts = path.split("/")
    if path.startswith("/") or {"", ".", ".."}.intersection(parts):
        yield f"'{path}' leads out of the repository; name a folder in it, such as charts/shop"
    for depth in range(1, len(parts) + 1):
        if os.path.islink(os.path.join(root, *parts[:depth])):
            yield f"'{'/'.join(parts[:depth])}' is a symlink; put the chart itself there"
    if not os.path.isfile(os.path.join(root, path, "Chart.yaml")):
        yield f"'{path}' is no chart: there is no file {path}/Chart.yaml"
    yield from _unfit_entries(root, path)
    yield from _other_versions(root, path)
    yield from _remote_schemas(root, path)


def _unfit_entries(root: str, path: str) -> Iterator[str]:
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


def _other_versions(root: str, path: str) -> Iterator[str]:
    """Helm itself takes a chart within a chart for what it is not, without a word."""
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
        content = _packed(chart) if chart.endswith(".tgz") else _unpacked(chart)
        value = yaml.yaml_load(content)
    except (InvalidInput, *_UNREADABLE):
        return None
    return value if isinstance(value, dict) else None


def _unpacked(chart: str) -> bytes:
    with open(os.path.join(chart, "Chart.yaml"), "rb") as file:
        return file.read(LARGEST_METADATA)


def _packed(chart: str) -> bytes:
    metadata = re.compile(r"(\./)?[^/]+/Chart\.yaml")
    return next((content for _, content in _members(chart, metadata)), b"")


def _members(chart: str, names: re.Pattern[str]) -> Iterator[tuple[str, bytes]]:
    """The files of an archive that have such a name, as far as Helm itself would read."""
    size = 0
    with tarfile.open(chart, "r:gz") as archive:
        for member in archive:
            size += member.size
            if size > LARGEST_UNPACKED:
                return
            if member.isfile() and names.fullmatch(member.name):
                file = archive.extractfile(member)
                yield member.name, file.read(LARGEST_METADATA) if file else b""


def _remote_schemas(root: str, path: str) -> Iterator[str]:
    """Helm fetches what a schema refers to: the output would hang on the network."""
    for shown, content in _schemas(root, path):
        try:
            found = _elsewhere(json.loads(content))
        except (ValueError, RecursionError):
            continue  # which Helm refuses
        for reference in found:
            yield f"'{shown}' refers to {reference}, which Helm would fetch; write the schema out"


def _schemas(root: str, path: str) -> Iterator[tuple[str, bytes]]:
    for parent, _, files in os.walk(os.path.join(root, path)):
        for name in sorted(files):
            place = os.path.join(parent, name)
            shown = os.path.relpath(place, root)
            if name == SCHEMA:
                with open(place, "rb") as file:
                    yield shown, file.read()
            elif name.endswith(".tgz") and os.path.basename(parent) == "charts":
                with suppress(*_UNREADABLE):
                    for inner, content in _members(place, re.compile(rf"(.*/)?{SCHEMA}")):
                        yield f"{shown}/{inner}", content


def _elsewhere(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#"):
            yield reference
        schema = list(schema.values())
    for inner in schema if isinstance(schema, list) else ():
        yield from _elsewhere(inner)
