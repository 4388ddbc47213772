"""`set`: each file in assignments/ says what is asked for and what is written, or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs.assign import ValueChange
from gitops_gen.model import dotted
from tests.cases import each
from tests.unit.inputs.examples import HERE, files_of, repository, workspace

EXAMPLES = HERE / "assignments"


def shown(change: ValueChange) -> str:
    old, new = f"{change.old!r} ({change.before})", f"{change.new!r} ({change.after})"
    return f"{dotted(change.path)}: {old} -> {new}"


@each(EXAMPLES, "valid", "*.txt")
def test_the_file_is_as_it_was_but_for_the_values(case: Path, tmp_path: Path) -> None:
    files = files_of(case.read_text())
    root = repository(tmp_path, files)
    result = workspace(root).set_values("dev", files["arguments"].splitlines())
    assert result.data.decode() == files["written"]
    assert [shown(change) for change in result.changes] == files["changes"].splitlines()
    assert result.file == "values/dev.yaml"
    assert (root / result.file).read_text() == files["values/dev.yaml"]


@each(EXAMPLES, "invalid", "*.txt")
def test_every_mistake_is_reported(case: Path, tmp_path: Path) -> None:
    files = files_of(case.read_text())
    root = repository(tmp_path, files)
    with pytest.raises(InvalidInput) as refused:
        workspace(root).set_values("dev", files["arguments"].splitlines())
    assert str(refused.value).split("\n") == files["messages"].splitlines()


def test_an_environment_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"values/prod\.yaml:1:1: no such file"):
        workspace(repository(tmp_path, {})).set_values("prod", ["cache.size=1Gi"])


def test_an_argument_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"'cache.size': the argument is not UTF-8"):
        workspace(repository(tmp_path, {})).set_values("dev", ["cache.size=\udcff"])


def test_line_breaks_are_part_of_a_value(tmp_path: Path) -> None:
    files = {"values/dev.yaml": "servers: {web: {image: {repository: acme/web}}}\n"}
    argument = "servers.web.settings.text=one\ntwo: 2\n"
    result = workspace(repository(tmp_path, files)).set_values("dev", [argument])
    assert result.changes[0].new == "one\ntwo: 2\n"
