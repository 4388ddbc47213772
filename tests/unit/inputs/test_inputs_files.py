"""Which environments there are, and what cannot be one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import chosen, environments
from gitops_gen.inputs.files import require_safe, strays
from gitops_gen.revisions import WorkTree


def values(root: Path, *names: str) -> WorkTree:
    for name in names:
        (root / "values" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "values" / name).write_text("")
    return WorkTree(str(root))


def test_every_values_file_but_the_shared_one(tmp_path: Path) -> None:
    root = values(
        tmp_path, "prod.yaml", "base.yaml", "dev-2.yaml", "schema.json", "clusters/x.json"
    )
    values(tmp_path, "README.md", ".dev.yaml.swp", "dev.yaml~", ".hidden.yaml")
    assert environments(root) == ("dev-2", "prod")
    assert chosen(root, []) == ("dev-2", "prod")
    assert chosen(root, ["prod", "prod"]) == ("prod",)


@pytest.mark.parametrize(
    "name",
    [
        *("..", ".", "../x", "a/b", "/etc", "a\0b", "A", "Dev", "a_b", "a.b", "-a", "a-", "a b"),
        *("é", "", "a" * 51, "a\n", "base", "clusters", "schema", "$(id)", "--check"),
        *("\udcff", "\x1b[2J"),
    ],
)
def test_names_that_cannot_be_an_environments(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_safe(name)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("name", ["a", "0", "dev", "eu-west-1", "a" * 50])
def test_names_that_can(name: str) -> None:
    require_safe(name)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("dev.yml", "values/dev.yml:1:1: is not read; name it dev.yaml"),
        ("base.yml", "values/base.yml:1:1: is not read; name it base.yaml"),
        ("dev.YAML", "values/dev.YAML:1:1: is not read; name it dev.yaml"),
        ("schema.yaml", "'schema' has a meaning of its own; give the environment another name"),
        ("bootstrap.yaml", "'bootstrap' has a meaning of its own; give the environment another"),
        ("default.yaml", "'default' has a meaning of its own; give the environment another name"),
        ("Dev.yaml", "'Dev' cannot be the name of an environment; use lower-case letters, digits"),
        ("a b.yaml", "'a b' cannot be the name of an environment"),
        ("\udcff.yaml", r"values/\udcff.yaml:1:1: '\udcff' cannot be the name"),
        ("\x1b[2J.yaml", r"'\x1b[2J' cannot be the name"),
    ],
)
def test_no_file_of_values_is_left_out_in_silence(tmp_path: Path, file: str, message: str) -> None:
    root = values(tmp_path, "dev-1.yaml", file)
    with pytest.raises(InvalidInput) as refused:
        environments(root)
    assert message in str(refused.value)


def test_an_environment_that_is_not_there(tmp_path: Path) -> None:
    root = values(tmp_path, "dev.yaml", "prod.yaml")
    with pytest.raises(InvalidInput) as refused:
        chosen(root, ["prd"])
    message = "values/prd.yaml:1:1: no such file; the environments here are: dev, prod"
    assert str(refused.value) == f"{message}; did you mean 'prod'?"


def test_no_environment_at_all(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="values:1:1: no such folder; run gitops-gen at the top"):
        chosen(WorkTree(str(tmp_path)), [])
    with pytest.raises(InvalidInput, match="values:1:1: holds no environment; write values/dev"):
        chosen(values(tmp_path, "base.yaml"), [])


def test_values_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "values").write_text("")
    with pytest.raises(InvalidInput, match="values:1:1: is not a folder"):
        environments(WorkTree(str(tmp_path)))


def test_values_that_leads_to_itself(tmp_path: Path) -> None:
    os.symlink("values", tmp_path / "values")
    with pytest.raises(InvalidInput, match="values:1:1: cannot be read: Too many levels"):
        environments(WorkTree(str(tmp_path)))


def test_facts_of_no_cluster_are_named(tmp_path: Path) -> None:
    root = values(
        tmp_path, "dev.yaml", "clusters/dev.json", "clusters/prd.json", "clusters/dev.yaml"
    )
    assert [str(finding) for finding in strays(root)] == [
        "values/clusters/dev.yaml:1:1: warning: is not read; the facts of a cluster are in "
        "values/clusters/dev.json",
        "values/clusters/prd.json:1:1: warning: is not read: there is no values/prd.yaml",
    ]
