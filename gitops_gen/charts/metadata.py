"""The Chart.yaml of an upstream chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gitops_gen import yaml
from gitops_gen.charts.pins import is_chart_name
from gitops_gen.charts.versions import ChartVersion
from gitops_gen.errors import InvalidInput
from gitops_gen.model import Position, Rule, Values

CHART_METADATA = Rule(
    "chart-metadata",
    title="The Chart.yaml of an upstream chart is valid",
    why="Its name and its version show that the archive is the one that was requested.",
    remedy="Use another version of the chart, and report the fault to its publisher.",
)
_LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class ChartMetadata:
    """What the Chart.yaml of a chart states."""

    name: str
    version: str
    app_version: str = ""
    kube_version: str = ""
    type: str = ""
    deprecated: bool = False
    dependencies: tuple[Values, ...] = ()
    """The entries of `dependencies`, unchanged."""


def read_metadata(data: bytes, label: str) -> ChartMetadata:
    """Returns the content of a Chart.yaml. Raises InvalidInput if it is not valid."""
    value = yaml.yaml_load(data, label)
    if not isinstance(value, dict):
        raise InvalidInput.at(Position(label), "is not a map", CHART_METADATA)
    found = ChartMetadata(
        name=_text(value, "name"),
        version=_text(value, "version"),
        app_version=_text(value, "appVersion").strip(),
        kube_version=_text(value, "kubeVersion").strip(),
        type=_text(value, "type"),
        deprecated=value.get("deprecated") is True,
        dependencies=tuple(one for one in _list(value, "dependencies") if isinstance(one, dict)),
    )
    _require_valid(found, label)
    return found


def _require_valid(found: ChartMetadata, label: str) -> None:
    if not is_chart_name(found.name):
        raise InvalidInput.at(Position(label), "has no valid name of a chart", CHART_METADATA)
    if ChartVersion.parse(found.version) is None:
        raise InvalidInput.at(Position(label), "has no valid version of a chart", CHART_METADATA)
    for key, text in (("appVersion", found.app_version), ("kubeVersion", found.kube_version)):
        # The lock contains both, and it must stay a file that can be read and reviewed.
        if len(text) > _LONGEST_TEXT or not text.isprintable():
            message = f"has a value of {key} that is not one line of printable text"
            raise InvalidInput.at(Position(label), message, CHART_METADATA)


def _text(value: Values, key: str) -> str:
    """Returns a text. Helm reads numbers as texts, too."""
    found = value.get(key)
    is_text = isinstance(found, str | int | float) and not isinstance(found, bool)
    return str(found) if is_text else ""


def _list(value: Values, key: str) -> list[Any]:
    found = value.get(key)
    return found if isinstance(found, list) else []
