"""Objects that an API server accepts, to be mutated.

They are those of the folder `seeds` (a file for each kind), those that Helm renders of the charts
in the folder `charts`, the rendered example, and the accepted manifests of the corpus.
"""

from __future__ import annotations

import subprocess
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gitops_gen.helm import executable
from gitops_gen.yaml import documents
from tests.e2e import corpus

Value = dict[str, Any]
Kind = tuple[str, str]
"""The API version and the kind."""

_BOUNDS = ("LimitRange", "ResourceQuota")
"""Kinds that restrict other objects. Their seeds are in a namespace without other objects."""
FOLDER = Path(__file__).with_name("seeds")
CHARTS = FOLDER.with_name("charts")
REPOSITORY = Path(__file__).parents[3]
CRD = FOLDER / "custom-resource-definition.yaml"


def seeds() -> dict[Kind, list[Value]]:
    """Returns all seeds by kind. Only kinds that have a file in the folder `seeds` are mutated."""
    found: dict[Kind, list[Value]] = defaultdict(list)
    for value in _values(_texts(sorted(FOLDER.glob("*.yaml")))):
        found[kind_of(value)].append(value)
    for value in _values([*charts(), *_texts([*_example(), *corpus.files("valid")])]):
        if kind_of(value) in found and value["kind"] not in _BOUNDS:
            found[kind_of(value)].append(value)
    return dict(found)


def charts() -> list[bytes]:
    """Returns the rendered charts, with their CRDs."""
    helm = executable(warnings.warn).path
    command = [helm, "template", "first", "--include-crds", "--namespace", "shop"]
    return [
        subprocess.run([*command, str(chart)], check=True, capture_output=True).stdout
        for chart in sorted(CHARTS.iterdir())
    ]


def kind_of(value: Value) -> Kind:
    return value["apiVersion"], value["kind"]


def _example() -> list[Path]:
    return sorted((REPOSITORY / "rendered").glob("*/manifests/**/*.yaml"))


def _texts(files: list[Path]) -> list[bytes]:
    return [file.read_bytes() for file in files]


def _values(texts: list[bytes]) -> Iterator[Value]:
    for text in texts:
        for value in documents(text):
            if isinstance(value, dict) and "metadata" in value:
                yield value
