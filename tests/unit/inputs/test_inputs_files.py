"""The environments of a repository, and files that cannot be environments."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitops_gen.errors import InvalidInput
from gitops_gen.inputs import chosen, environments
from gitops_gen.inputs.files import require_safe
from gitops_gen.inputs.unused_files import strays
from gitops_gen.revisions import WorkTree


def values(root: Path, *names: str) -> WorkTree:
    for name in names:
        (root / "values" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "values" / name).write_text("")
    return WorkTree(str(root))


def test_every_values_file_except_base_is_an_environment(tmp_path: Path) -> None:
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
        *("é", "", "a" * 51, "a\n", "base", "clusters", "groups", "schema", "$(id)", "--check"),
        *("\udcff", "\x1b[2J"),
    ],
)
def test_invalid_environment_names(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_safe(name)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("name", ["a", "0", "dev", "eu-west-1", "a" * 50])
def test_valid_environment_names(name: str) -> None:
    require_safe(name)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("dev.yml", "values/dev.yml:1:1: does not have the extension .yaml; rename it to dev.yaml"),
        (
            "base.yml",
            "values/base.yml:1:1: does not have the extension .yaml; rename it to base.yaml",
        ),
        (
            "dev.YAML",
            "values/dev.YAML:1:1: does not have the extension .yaml; rename it to dev.yaml",
        ),
        ("schema.yaml", "'schema' is a reserved name; rename the environment"),
        ("bootstrap.yaml", "'bootstrap' is a reserved name; rename the environment"),
        ("default.yaml", "'default' is a reserved name; rename the environment"),
        ("con.yaml", "'con' is a device on Windows, where no file can have this name; rename it"),
        ("lpt1.yaml", "'lpt1' is a device on Windows, where no file can have this name; rename it"),
        ("Dev.yaml", "'Dev' cannot be the name of an environment; use lower-case letters, digits"),
        ("a b.yaml", "'a b' cannot be the name of an environment"),
        ("\udcff.yaml", r"values/\udcff.yaml:1:1: '\udcff' cannot be the name"),
        ("\x1b[2J.yaml", r"'\x1b[2J' cannot be the name"),
    ],
)
def test_a_values_file_that_is_not_used_is_reported(
    tmp_path: Path, file: str, message: str
) -> None:
    root = values(tmp_path, "dev-1.yaml", file)
    with pytest.raises(InvalidInput) as refused:
        environments(root)
    assert message in str(refused.value)


def test_a_missing_environment(tmp_path: Path) -> None:
    root = values(tmp_path, "dev.yaml", "prod.yaml")
    with pytest.raises(InvalidInput) as refused:
        chosen(root, ["prd"])
    message = "values/prd.yaml:1:1: no such file; the environments here are: dev, prod"
    assert str(refused.value) == f"{message}; did you mean 'prod'?"


def test_no_environment_at_all(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidInput, match="values:1:1: no such folder; run gitops-gen in the root folder"
    ):
        chosen(WorkTree(str(tmp_path)), [])
    with pytest.raises(
        InvalidInput, match="values:1:1: contains no environment; create values/dev"
    ):
        chosen(values(tmp_path, "base.yaml"), [])


def test_values_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "values").write_text("")
    with pytest.raises(InvalidInput, match="values:1:1: is not a folder"):
        environments(WorkTree(str(tmp_path)))


def test_values_that_is_a_link_to_itself(tmp_path: Path) -> None:
    os.symlink("values", tmp_path / "values")
    with pytest.raises(InvalidInput, match="values:1:1: cannot be read: Too many levels"):
        environments(WorkTree(str(tmp_path)))


def test_unused_files_in_clusters_are_reported(tmp_path: Path) -> None:
    root = values(
        tmp_path, "dev.yaml", "clusters/dev.json", "clusters/prd.json", "clusters/dev.yaml"
    )
    assert [str(finding) for finding in strays(root)] == [
        "values/clusters/dev.yaml:1:1: warning: is not used; the values of a cluster are read from "
        "values/clusters/dev.json",
        "values/clusters/prd.json:1:1: warning: is not used, because values/prd.yaml does not "
        "exist",
    ]


def test_groups_that_no_environment_names_are_reported(tmp_path: Path) -> None:
    root = values(tmp_path, "dev.yaml", "groups/eu.yaml", "groups/us.yaml", "groups/us.yml")
    values(tmp_path, "groups/README.md", "groups/.hidden.yaml", "groups/EU.yaml")
    (tmp_path / "values/dev.yaml").write_text("groups: [eu]\n")
    assert [str(finding) for finding in strays(root)] == [
        "values/groups/EU.yaml:1:1: warning: is not used, because this cannot be the name of a "
        "group; use lower-case letters, digits and hyphens, at most 50",
        "values/groups/us.yaml:1:1: warning: is not used, because no environment names the group; "
        "write `groups: [us]` in an environment's file, or remove this file",
        "values/groups/us.yml:1:1: warning: is not used; the values of a group are read from "
        "values/groups/us.yaml",
    ]


@pytest.mark.parametrize("text", ["groups: [eu\n", "groups: eu\n"])
def test_a_group_may_be_used_by_an_environment_with_errors(tmp_path: Path, text: str) -> None:
    root = values(tmp_path, "dev.yaml", "groups/eu.yaml")
    (tmp_path / "values/dev.yaml").write_text(text)
    assert list(strays(root)) == []


def test_values_in_other_folders_are_reported_with_their_place(tmp_path: Path) -> None:
    root = values(tmp_path, "dev.yaml", "eu/prod.yaml", "groups/eu/prod.yaml", "eu/facts/prod.json")
    values(tmp_path, "eu/notes.txt", ".git/x.yaml", "clusters/eu/dev.json")
    (tmp_path / "values/eu/prod.yaml").write_text("tiers: [")
    assert [str(finding) for finding in strays(root)] == [
        "values/clusters/eu/dev.json:1:1: warning: is not used: gitops-gen reads no values from "
        "values/clusters/eu/; the facts of a cluster are read from values/clusters/dev.json",
        "values/eu/facts/prod.json:1:1: warning: is not used: gitops-gen reads no values from "
        "values/eu/facts/; the facts of a cluster are read from values/clusters/prod.json",
        "values/eu/prod.yaml:1:1: warning: is not used: gitops-gen reads no values from "
        "values/eu/; move it to values/prod.yaml if it is an environment, or to "
        "values/groups/eu-prod.yaml if several environments share it",
        "values/groups/eu/prod.yaml:1:1: warning: is not used: gitops-gen reads no values from "
        "values/groups/eu/; move it to values/prod.yaml if it is an environment, or to "
        "values/groups/eu-prod.yaml if several environments share it",
    ]
