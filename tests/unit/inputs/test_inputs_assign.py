"""`set`: each file in assignments/ has the arguments, and the expected content or messages."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import Loader
from gitops_gen.inputs.assign import ValueChange
from gitops_gen.model import dotted
from gitops_gen.revisions import Overlay, WorkTree
from gitops_gen.workspace.changed_values import assign
from gitops_gen.yaml.comments import comments
from tests.cases import each
from tests.unit.inputs.examples import HERE, SECTIONS, files_of, repository, workspace

EXAMPLES = HERE / "assignments"


def shown(change: ValueChange) -> str:
    old, new = f"{change.old!r} ({change.before})", f"{change.new!r} ({change.after})"
    because = f" ({change.because})" if change.because else ""
    return f"{dotted(change.path)}: {old} -> {new}{because}"


@each(EXAMPLES, "valid", "*.txt")
def test_only_the_values_in_the_file_change(case: Path, tmp_path: Path) -> None:
    files = files_of(case.read_text())
    root = repository(tmp_path, files)
    result = workspace(root).set_values("dev", files["arguments"].splitlines())
    assert result.data.decode() == files["written"]
    assert [shown(change) for change in result.changes] == files["changes"].splitlines()
    assert result.file == "values/dev.yaml"
    assert (root / result.file).read_text() == files["values/dev.yaml"]


@each(EXAMPLES, "invalid", "*.txt")
def test_every_error_is_reported(case: Path, tmp_path: Path) -> None:
    files = files_of(case.read_text())
    root = repository(tmp_path, files)
    with pytest.raises(InvalidInput) as refused:
        workspace(root).set_values("dev", files["arguments"].splitlines())
    assert str(refused.value).split("\n") == files["messages"].splitlines()


def test_a_missing_environment(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"values/prod\.yaml:1:1: no such file"):
        workspace(repository(tmp_path, {})).set_values("prod", ["cache.size=1Gi"])


def test_an_argument_that_is_not_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"'cache.size': the argument is not UTF-8"):
        workspace(repository(tmp_path, {})).set_values("dev", ["cache.size=\udcff"])


def test_line_breaks_are_part_of_a_value(tmp_path: Path) -> None:
    files = {"values/dev.yaml": "servers: {web: {image: {repository: acme/web}}}\n"}
    argument = "servers.web.settings.text=one\ntwo: 2\n"
    result = workspace(repository(tmp_path, files)).set_values("dev", [argument])
    assert result.changes[0].new == "one\ntwo: 2\n"


COMMENTED = """\
# The servers of {name}.
servers:  # all of them
    web:
        image: {{repository: acme/web, tag: v1}}   # the site
        # Unquoted, as in a manifest.
        env: {{PORT: 8080, DEBUG: true}}
        replicas: 2 # two zones

# The end.
"""
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
ARGUMENTS = st.one_of(
    TEXTS.map(lambda text: f"servers.web.env.ADDED={text}"),
    st.integers(1, 9).map(lambda number: f"servers.web.replicas={number}"),
    st.sampled_from(["8080", "9090", "true"]).map(lambda text: f"servers.web.env.PORT={text}"),
    st.sampled_from(["v1", "15", "1.10"]).map(lambda text: f"servers.web.image.tag={text}"),
)


@given(ARGUMENTS)
def test_comments_of_all_files_are_kept(argument: str) -> None:
    names = ("dev", "base")
    contents = {f"values/{name}.yaml": COMMENTED.format(name=name) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        root = repository(Path(folder), contents)
        try:
            results = assign(workspace(root), names, [argument])
        except InvalidInput:
            return
        for result in results:
            before, after = contents[result.file], result.data.decode()
            assert comments(after) == comments(before)
            assert result.differs == (after != before)
        overlay = Overlay(WorkTree(str(root)), {one.file: one.data for one in results})
        path, _, text = argument.partition("=")
        value = Loader(overlay, SECTIONS).load("dev").environment.values
        for key in path.split("."):
            value = value[key]
        assert str(value) == text
