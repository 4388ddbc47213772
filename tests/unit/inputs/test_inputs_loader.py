"""What a load gives, what it shares and what it does not import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import Loader
from gitops_gen.model import Severity
from gitops_gen.revisions import Overlay, WorkTree
from tests.unit.inputs.examples import FRAME, SECTIONS, loader, repository, workspace

WEB = "servers: {web: {image: {repository: acme/web}}}\n"


def with_file(root: Path, file: str, data: bytes) -> Loader:
    return Loader(Overlay(WorkTree(str(root)), {file: data}), SECTIONS)


def test_a_file_may_be_tried_before_it_is_written(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB})
    tried = Loader(
        Overlay(WorkTree(str(root)), {"values/dev.yaml": WEB.replace("acme", "x").encode()}),
        SECTIONS,
    )
    web = tried.load("dev").environment.values["servers"]["web"]
    assert web["image"]["repository"] == "x/web"
    assert (root / "values/dev.yaml").read_text() == WEB


@pytest.mark.parametrize(
    "file", ["values/base.yaml", "values/clusters/new.json", "values/new.yaml"]
)
def test_a_file_may_be_tried_that_is_not_there(tmp_path: Path, file: str) -> None:
    facts = FRAME.replace("acme", "new")
    given = {"values/new.yaml": WEB, "values/clusters/new.json": facts, "values/base.yaml": "{}"}
    rest = {name: content for name, content in given.items() if name != file}
    root = repository(tmp_path, rest)
    tried = with_file(root, file, given[file].encode())
    assert tried.load("new").environment.get("servers", "web", "replicas") == 2


def test_what_is_tried_is_refused_at_its_own_lines(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB})
    tried = with_file(root, "values/dev.yaml", b"\n\nservres: {}\n")
    with pytest.raises(InvalidInput, match=r"values/dev\.yaml:3:1: servres: unknown key"):
        tried.load("dev")


def test_a_finding_in_a_shared_file_is_reported_once(tmp_path: Path) -> None:
    files = {
        "values/base.yaml": "servres: {}\n",
        "values/clusters/prod.json": FRAME,
        "values/prod.yaml": WEB,
        "values/dev.yaml": WEB,
    }
    with pytest.raises(InvalidInput) as refused:
        workspace(repository(tmp_path, files)).load_all_to_render(["dev", "prod"])
    assert len(refused.value.findings) == 1


def test_what_environments_share_is_read_once(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/base.yaml": WEB, "values/dev.yaml": "{}"})
    shared = loader(root)
    shared.load("dev")
    (root / "values/base.yaml").write_text("no longer: right")
    assert shared.load("dev").environment.get("servers", "web", "replicas") == 2


def test_an_absent_name_is_no_environment(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"values/prod\.yaml:1:1: does not exist"):
        loader(repository(tmp_path, {})).load("prod")


@pytest.mark.parametrize("file", ["values/base.yaml", "values/clusters/dev.json"])
def test_a_link_to_nothing_is_not_taken_for_absent(tmp_path: Path, file: str) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB})
    (root / file).unlink(missing_ok=True)
    os.symlink("nowhere", root / file)
    with pytest.raises(InvalidInput, match=f"{file}:1:1: is a link to nowhere"):
        loader(root).load("dev")


def test_a_link_to_no_folder_is_not_taken_for_absent_facts(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB})
    shutil.rmtree(root / "values/clusters", ignore_errors=True)
    os.symlink("nowhere", root / "values/clusters")
    with pytest.raises(InvalidInput, match="values/clusters:1:1: is a link that leads to no folde"):
        loader(root).load("dev")


def test_a_file_in_place_of_the_folder_of_facts(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB})
    shutil.rmtree(root / "values/clusters", ignore_errors=True)
    (root / "values/clusters").write_text("")
    with pytest.raises(InvalidInput, match="values/clusters:1:1: is not a folder; rename the file"):
        loader(root).load("dev")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_of_facts_that_nobody_may_enter(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB})
    (root / "values/clusters").chmod(0)
    try:
        with pytest.raises(InvalidInput, match="values/clusters:1:1: cannot be read: Permission"):
            loader(root).load("dev")
    finally:
        (root / "values/clusters").chmod(0o700)


def test_a_schema_file_that_is_a_named_pipe(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB})
    os.mkfifo(root / "values/schema.json")
    messages = [str(finding) for finding in workspace(root).check([]).findings]
    assert messages == ["values/schema.json:1:1: is a named pipe, not a file"]


def test_another_versions_schema_file_is_a_warning(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values/dev.yaml": WEB, "values/schema.json": "{}"})
    checked = workspace(root).check([])
    [finding] = checked.findings
    assert (finding.rule.id, finding.severity) == ("schema-file", Severity.WARNING)
    assert checked.environments == ("dev",)


def test_a_right_environment_needs_no_jsonschema() -> None:
    """It takes longer to import than such an environment to load."""
    program = (
        "import sys; from gitops_gen.components import catalogue; from gitops_gen.inputs import "
        "Loader; from gitops_gen.revisions import WorkTree; "
        "Loader(WorkTree('.'), catalogue()).load('prod'); print('jsonschema' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
