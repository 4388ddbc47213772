"""The format for programs. The file `list.schema.json` is its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from gitops_gen.model import Pin, Values
from gitops_gen.report.json_format import finding_object
from gitops_gen.workspace.listing import ListedComponent, ListedEnvironment

SCHEMA = Path(__file__).with_name("list.schema.json")


def listing(environments: Sequence[ListedEnvironment]) -> str:
    document = {"format": 1, "environments": [_environment(one) for one in environments]}
    return json.dumps(document, indent=2) + "\n"


def _environment(environment: ListedEnvironment) -> Values:
    return {
        "name": environment.name,
        "groups": list(environment.groups),
        "cluster": environment.cluster or None,
        "region": environment.region or None,
        "components": [_component(one) for one in environment.components],
        "errors": [finding_object(one) for one in environment.errors],
    }


def _component(component: ListedComponent) -> Values:
    return {
        "name": component.name,
        "wave": component.wave,
        "namespace": component.namespace,
        "chart": _chart(component.chart) if component.chart else None,
        "folder": component.folder,
        "images": list(component.images),
    }


def _chart(chart: Pin) -> Values:
    return {"repository": chart.repository, "name": chart.chart, "version": chart.version}
