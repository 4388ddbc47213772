"""A revision in which some files are replaced."""

from __future__ import annotations

from pathlib import Path

from gitops_gen.revisions import Overlay, WorkTree
from tests.unit.revisions.examples import write


def test_files_that_are_changed_and_new(tmp_path: Path) -> None:
    write(tmp_path, {"values/dev.yaml": "old", "values/base.yaml": "base"})
    files = {"values/dev.yaml": b"new", "values/clusters/dev.json": b"{}"}
    overlay = Overlay(WorkTree(str(tmp_path)), files)
    assert overlay.read("values/dev.yaml") == b"new"
    assert overlay.read("values/base.yaml") == b"base"
    assert overlay.exists("values/clusters/dev.json")
    assert overlay.list("values/clusters") == ("dev.json",)
    assert overlay.list("values") == ("base.yaml", "clusters", "dev.yaml")
    assert list(overlay.files_below("values")) == [
        "values/base.yaml",
        "values/clusters/dev.json",
        "values/dev.yaml",
    ]
    assert overlay.label == "the work tree"
    assert (tmp_path / "values/dev.yaml").read_text() == "old"
