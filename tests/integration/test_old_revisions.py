"""A revision that the present rules refuse can be the base of a rehearsal.

The findings about it become notes that name the commit. These tests start no server.
"""

from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput
from gitops_gen.rehearse.revision import base_facts, files_of, revision_facts
from gitops_gen.rehearse.revision_facts import RevisionFacts
from gitops_gen.revisions import Overlay, WorkTree, opened
from tests.repository import ROOT
from tests.unit.revisions.examples import commit, git, write

DEV = "values/dev.yaml"
VALUES = Path(__file__).with_name("values")
CASES = sorted((VALUES / "invalid").glob("*/*.txt"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The rendered and committed example."""
    for folder in ("values", "rendered", "argocd"):
        shutil.copytree(ROOT / folder, tmp_path / "repository" / folder)
    commit(tmp_path / "repository")
    return tmp_path / "repository"


def replace(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert old in text
    write(root, {file: text.replace(old, new)})


def of_base(root: Path, revision: str, folder: Path) -> RevisionFacts:
    with opened(str(root), revision) as found:
        files = files_of(found, "dev", folder)
        return base_facts(found, files, "dev", lambda _text: None)


def test_a_tag_that_the_present_rules_refuse(root: Path, tmp_path: Path) -> None:
    replace(root, DEV, "tag: 2.1.0", "tag: latest")
    commit(root)
    replace(root, DEV, "tag: latest", "tag: 2.1.0")
    commit(root)
    found = of_base(root, "HEAD~1", tmp_path / "base")
    short = git(root, "rev-parse", "--short=7", "HEAD~1")
    [refused, unchecked] = found.notes
    assert refused.startswith(
        "HEAD~1:values/dev.yaml:11:12: tiers.backend.image.tag: the tag 'latest' is mutable"
    )
    assert refused.endswith("(this version refuses it; the committed files are rehearsed)")
    lead = "not checked: whether the generated files of"
    assert unchecked == f"{lead} HEAD~1 ({short}) are up to date"
    backend = found.component("backend")
    assert backend is not None
    assert str(backend.position) == "HEAD~1:values/dev.yaml:8:3"
    assert (tmp_path / "base/argocd/dev/bootstrap.yaml").is_file()


def test_the_rehearsed_revision_itself_must_be_valid(root: Path, tmp_path: Path) -> None:
    replace(root, DEV, "tag: 2.1.0", "tag: latest")
    commit(root)
    replace(root, DEV, "tag: latest", "tag: 2.1.0")
    with opened(str(root), "HEAD") as revision, pytest.raises(InvalidInput) as refused:
        revision_facts(revision, tmp_path, "dev", lambda _text: None)
    assert str(refused.value).startswith("HEAD:values/dev.yaml:11:12: tiers.backend.image.tag")


def test_values_for_another_version(root: Path, tmp_path: Path) -> None:
    replace(root, "values/base.yaml", '"0.1"', '"0.7"')
    write(root, {DEV: (root / DEV).read_text() + "network: {zones: 3}\n"})
    commit(root)
    found = of_base(root, "HEAD", tmp_path / "base")
    generator, unchecked, without_plan = found.notes
    assert generator.startswith("HEAD:values/base.yaml:3:12: generator: '0.7' is not this version")
    assert unchecked.startswith("not checked: whether the generated files of HEAD (")
    assert without_plan.startswith("not checked: the dependencies and sync waves of HEAD (")
    assert found.components == ()
    assert found.region == "ap-northeast-2"


def test_a_valid_base_is_compared_with_its_rendering(root: Path, tmp_path: Path) -> None:
    assert of_base(root, "HEAD", tmp_path / "fresh").notes == ()
    replace(root, DEV, "tag: 2.1.0", "tag: 2.1.1")
    commit(root)
    [stale] = of_base(root, "HEAD", tmp_path / "stale").notes
    assert "the generated files are out of date" in stale


def test_a_base_that_cannot_be_read_or_has_no_such_environment(root: Path, tmp_path: Path) -> None:
    write(root, {DEV: "tiers: [\n"})
    commit(root)
    with pytest.raises(InvalidInput, match=r"^HEAD:values/dev\.yaml:"):
        of_base(root, "HEAD", tmp_path / "broken")
    (root / DEV).unlink()
    commit(root)
    with pytest.raises(InvalidInput, match=r"^HEAD:values/dev\.yaml:1:1: does not exist"):
        of_base(root, "HEAD", tmp_path / "gone")
    shutil.rmtree(root / "argocd/dev")
    commit(root)
    with pytest.raises(InvalidInput, match=r"^HEAD:argocd/dev/bootstrap\.yaml:1:1: does not exist"):
        of_base(root, "HEAD", tmp_path / "never")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_notes_and_findings_about_a_base_name_the_commit(case: Path, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    shutil.copytree(VALUES / "valid/example", root)
    bootstrap = "argocd/dev/bootstrap.yaml"
    write(root, {bootstrap: (ROOT / bootstrap).read_text()})
    folder = case.with_suffix("")
    if folder.is_dir():
        shutil.copytree(folder, root, dirs_exist_ok=True)
    else:
        shutil.copy(case.with_suffix(".yaml"), root / DEV)
    commit(root)
    assert all("HEAD" in text for text in notes_or_findings(root, tmp_path / "base"))


def notes_or_findings(root: Path, folder: Path) -> list[str]:
    """Returns the notes about the base, or the findings if it is refused."""
    try:
        return list(of_base(root, "HEAD", folder).notes)
    except InvalidInput as refused:
        return [str(finding) for finding in refused.findings]


OTHER = yaml.yaml_load((ROOT / "values/base.yaml").read_bytes()) | {"generator": "0.7"}
JUNK = [None, "", "x", "latest", -1, 1.5, 10**6, True, [], {}, [None], {"a": {}}, [{"name": 1}]]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else ()
    return [(*path, key) for key, _ in below] + [
        place for key, item in below for place in places(item, (*path, key))
    ]


PLACES = [path for path in places(OTHER) if path != ("generator",)]


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(JUNK)), max_size=4))
def test_values_for_another_version_never_cause_a_traceback(
    changes: list[tuple[Any, Any]],
) -> None:
    """Values for another version are never rendered. They are planned if they match the schema."""
    base = yaml.yaml_load(yaml.dump(OTHER).encode())
    for path, value in changes:
        parent: Any = base
        for key in path[:-1]:
            parent = parent.get(key) if isinstance(parent, dict) else None
        if isinstance(parent, dict):
            parent[path[-1]] = deepcopy(value)
    revision = Overlay(WorkTree(str(ROOT)), {"values/base.yaml": yaml.dump(base).encode()})
    assert base_facts(revision, ROOT, "dev", lambda _text: None).notes
