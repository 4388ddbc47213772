"""The cache in .gitops-gen/provenance: bounded, and only an optimization."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitops_gen.helm import Executable
from gitops_gen.model import Environment, ObjectId
from gitops_gen.provenance.cache import FOLDER, MOST_FILES, EffectCache
from gitops_gen.provenance.comparison import Difference, Effect

HELM = Executable("/usr/bin/helm", "4.2.3")
FOUND = Difference(ObjectId("apps", "Deployment", "app", "web"), ("spec", "a", 0), Effect.CHANGED)


def cache(root: Path, **values: object) -> EffectCache:
    environment = Environment("dev", values, {}, "values/dev.yaml")
    return EffectCache.of(str(root), environment, HELM, ())


def test_what_was_observed_is_read_again(tmp_path: Path) -> None:
    first = cache(tmp_path, a=1)
    first.put("an experiment", "backend", [FOUND])
    first.put("without effect", "backend", [])
    first.write()
    second = cache(tmp_path, a=1)
    assert second.get("an experiment", "backend") == (FOUND,)
    assert second.get("without effect", "backend") == ()
    assert second.get("an experiment", "frontend") is None


def test_other_values_have_another_file(tmp_path: Path) -> None:
    first = cache(tmp_path, a=1)
    first.put("an experiment", "backend", [FOUND])
    first.write()
    assert cache(tmp_path, a=2).get("an experiment", "backend") is None


def test_the_number_of_files_is_bounded(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 3):
        one = cache(tmp_path, a=number)
        one.put("an experiment", "backend", [FOUND])
        one.write()
        os.utime(one.path, (number, number))
    assert len(list((tmp_path / FOLDER).iterdir())) == MOST_FILES


@pytest.mark.parametrize("content", ["", "[]", "{", '{"effects": [["a"]]}', "\x00" * 9, "[" * 9999])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, content: str) -> None:
    first = cache(tmp_path, a=1)
    first.put("an experiment", "backend", [FOUND])
    first.write()
    Path(first.path).write_text(content)
    assert cache(tmp_path, a=1).get("an experiment", "backend") is None


def test_no_link_is_followed(tmp_path: Path) -> None:
    """A commit may contain a link in place of the folder or of a file."""
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "repository"
    (root / ".gitops-gen").mkdir(parents=True)
    (root / FOLDER).symlink_to(outside)
    one = cache(root, a=1)
    one.put("an experiment", "backend", [FOUND])
    one.write()
    assert list(outside.iterdir()) == []


def test_a_file_contains_no_value_of_an_experiment(tmp_path: Path) -> None:
    one = cache(tmp_path, a="Zq-secret")
    one.put("a is Zq-secret2", "backend", [FOUND])
    one.write()
    assert "Zq-secret" not in Path(one.path).read_text()


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / ".gitops-gen").write_text("a file")
    one = cache(tmp_path, a=1)
    one.put("an experiment", "backend", [FOUND])
    one.write()
    assert (tmp_path / ".gitops-gen").read_text() == "a file"
