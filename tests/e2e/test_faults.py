"""Planted faults: each is found at the right object, with the line of the values that caused it.

Every file in faults/ is a test.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gitops_gen.components import catalogue
from gitops_gen.inputs import Loader
from gitops_gen.model import Position
from gitops_gen.rehearse import rehearse_environment
from gitops_gen.revisions import WorkTree
from tests.e2e import faults

FILES = sorted(faults.FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_is_found(file: Path, tmp_path: Path) -> None:
    fault = faults.read(file)
    request = faults.planted(fault, tmp_path / "repository")
    result = rehearse_environment(request, print, lambda _text: None)
    assert not result.good
    everything = list(faults.found(result))
    for expected in fault["expect"]:
        one_of = expected.get("any", [expected])
        found = any(_is_found(request.root, each, everything) for each in one_of)
        assert found, f"not found: {expected}; found: {everything}"


def _is_found(
    root: Path, expected: dict[str, Any], everything: list[tuple[str, faults.Found]]
) -> bool:
    """Whether a finding is the expected one, and points at the right line of the values."""
    fitting = [item for kind, item in everything if faults.fits(expected, kind, item)]
    return bool(fitting) and _line(root, expected["values"]) in {item[3] for item in fitting}


def _line(root: Path, section: str) -> Position:
    """Returns the position of a value or a section, or the environment's file for defaults."""
    environment = Loader(WorkTree(str(root)), catalogue()).load("dev").environment
    path = tuple(section.split("."))
    mark = environment.sources[path]
    if mark.default:
        return Position(environment.file)
    is_section = isinstance(environment.get(*path), dict)
    return environment.position(path, key=is_section)
