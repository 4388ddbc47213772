"""The upstream charts that a repository pins: charts/upstream/Chart.yaml.

The file has the form of a Helm chart with dependencies, so that Renovate and Dependabot update the
versions without configuration. gitops-gen never renders it as a chart. Each dependency belongs to
the add-on in the values that has its alias or, without an alias, its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gitops_gen import yaml
from gitops_gen.charts import sources
from gitops_gen.charts.files import PINS_FILE
from gitops_gen.charts.versions import VersionRange, is_exact
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Document, Finding, Path, Pin, Position, Rule
from gitops_gen.revisions import Revision

PINS = Rule(
    "chart-pins",
    title=f"{PINS_FILE} lists upstream charts like the dependencies of a Helm chart",
    why="Renovate and Dependabot read the versions of upstream charts in this file, and gitops-gen "
    "locks the digest of each.",
    remedy="Write `name`, `version` and `repository` of each entry of `dependencies`, and `alias` "
    "if the add-on in the values has another name.",
)
_TEXTS = ("name", "version", "repository", "alias")
_IGNORED = frozenset({"condition", "tags", "import-values", "enabled"})


class PinOrigin(StrEnum):
    """Where the version of a chart is written."""

    FILE = PINS_FILE
    VALUES = "values"
    PACKAGE = "gitops-gen"


@dataclass(frozen=True, slots=True)
class UpstreamPin:
    """A chart and its version, or a range of versions."""

    section: str
    """The name of the add-on in the values."""
    pin: Pin
    position: Position
    """The position of the version."""
    origin: PinOrigin

    @property
    def is_exact(self) -> bool:
        return is_exact(self.pin.version)


def read_pins(revision: Revision) -> tuple[UpstreamPin, ...]:
    """Returns the charts in charts/upstream/Chart.yaml, in the order of the file.

    Returns no charts if the file does not exist. Raises InvalidInput with all its errors.
    """
    if not revision.exists(PINS_FILE):
        return ()
    document = yaml.parse(revision.read(PINS_FILE), revision.name_of(PINS_FILE))
    reader = _PinReader(document)
    pins = tuple(reader.pins())
    if reader.findings:
        raise InvalidInput(reader.findings)
    return pins


@dataclass(frozen=True, slots=True)
class UpstreamPins:
    """The versions of all add-ons that come from an upstream chart."""

    in_file: tuple[UpstreamPin, ...] = ()

    def of_section(self, section: str) -> UpstreamPin | None:
        """Returns the pin of an add-on in the file; None if the file does not name the add-on."""
        return next((one for one in self.in_file if one.section == section), None)

    def merged(self, used: UpstreamPin) -> UpstreamPin:
        """Returns the pin that counts for an add-on, of which `used` is the pin without the file.

        A version in the values of an environment counts more than the file, so that a new version
        can be tried in one environment. The file counts more than the version of the package.
        """
        written = self.of_section(used.section)
        return used if written is None or used.origin is PinOrigin.VALUES else written


class _PinReader:
    """Reads the entries of `dependencies`, and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.findings: list[Finding] = []

    def pins(self) -> Iterator[UpstreamPin]:
        entries = self._document.value.get("dependencies") or []
        if not isinstance(entries, list):
            self._refuse(("dependencies",), "must be the list of upstream charts")
            return
        found = [pin for index, one in enumerate(entries) for pin in self._entry(index, one)]
        self._require_different_sections(found)
        yield from found

    def _entry(self, index: int, entry: Any) -> Iterator[UpstreamPin]:
        path: Path = ("dependencies", index)
        if not isinstance(entry, dict):
            self._refuse(path, "must be a map with name, version and repository")
            return
        texts = dict(self._texts(path, entry))
        complete = {"name", "version", "repository"} <= texts.keys()
        if complete and self._is_valid(path, texts):
            section = texts.get("alias") or texts["name"]
            pin = Pin(sources.normalized(texts["repository"]), texts["name"], texts["version"])
            place = self._document.values[*path, "version"]
            yield UpstreamPin(section, pin, place, PinOrigin.FILE)

    def _texts(self, path: Path, entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for key, value in entry.items():
            if key not in _TEXTS:
                if key not in _IGNORED:
                    self._refuse((*path, key), f"unknown key; write {', '.join(_TEXTS)}")
            elif isinstance(value, str) and value:
                yield key, value
            else:
                self._refuse((*path, key), "must be a text; quote it")
        for key in _TEXTS[:3]:
            if key not in entry:
                self._refuse(path, f"requires {key}")

    def _is_valid(self, path: Path, texts: dict[str, str]) -> bool:
        before = len(self.findings)
        if problem := sources.problem_of(texts["repository"]):
            self._refuse((*path, "repository"), problem)
        if VersionRange.parse(texts["version"]) is None:
            text = "is neither a version (1.2.3) nor a range of versions (^1.2, ~1.2.3, 1.x)"
            self._refuse((*path, "version"), text)
        for key in ("name", "alias"):
            if (name := texts.get(key)) and not is_chart_name(name):
                self._refuse((*path, key), "must consist of letters, digits, '.', '_' and '-'")
        return len(self.findings) == before

    def _require_different_sections(self, pins: Iterable[UpstreamPin]) -> None:
        first: dict[str, Position] = {}
        for one in pins:
            if one.section in first:
                line = first[one.section].line
                text = (
                    f"the add-on {one.section} has a second entry; the first one is near line "
                    f"{line}; give one of them another alias"
                )
                self.findings.append(Finding(PINS, text, one.position))
            first.setdefault(one.section, one.position)

    def _refuse(self, path: Path, message: str) -> None:
        from gitops_gen.model import FieldPath

        places = self._document.values
        place = places.get(path) or places.get(path[:-1]) or places[()]
        self.findings.append(Finding(PINS, f"{FieldPath(path)}: {message}", place))


def is_chart_name(name: str) -> bool:
    """Returns whether Helm accepts the name, and whether it is one part of a path."""
    allowed = all(one.isascii() and (one.isalnum() or one in "._-") for one in name)
    return 0 < len(name) <= 250 and allowed and name[0] not in ".-_"
