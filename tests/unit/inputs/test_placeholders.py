"""What is a placeholder, and where it is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.inputs.placeholders import in_other_files, in_values, is_placeholder
from gitops_gen.revisions import WorkTree
from tests.unit.inputs.examples import repository


@pytest.mark.parametrize(
    "text",
    [
        "replace-me",
        "https://github.com/replace-me/shop.git",
        "ghcr.io/replace-me/shop-backend",
        "xx-replace-me-1",
        "vpc-00000000000000000",
        "192.0.2.64/26",
    ],
)
def test_a_placeholder(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["acme", "replace-messages", "irreplace-me", "vpc-0123456789abcdef0", "10.192.0.2/32", "", 1],
)
def test_no_placeholder(text: object) -> None:
    assert not is_placeholder(text)


def test_each_line_is_reported_with_its_position(tmp_path: Path) -> None:
    files = {
        "values/base.yaml": "a: 1\nb: x/replace-me/y  # replace-me\n",
        "values/clusters/dev.json": '{"a": "vpc-00000000000000000"}',
        "values/dev.yaml": "# replace-me\r\na: é\n  replace-me",
        "values/prod.yaml": "replace-me",
    }
    root = str(repository(tmp_path, files))
    found = [str(finding) for finding in in_values(WorkTree(root), ["dev"])]
    own = "is a placeholder that init wrote; replace it with your own value"
    assert found == [
        f"values/base.yaml:2:6: 'replace-me' {own}",
        "values/clusters/dev.json:1:8: 'vpc-00000000000000000' is a placeholder that init wrote; "
        "gitops-gen import-cluster dev replaces it with Terraform's output; without Terraform, "
        "write the fact about your cluster",
        f"values/dev.yaml:1:3: 'replace-me' {own}",
        f"values/dev.yaml:3:3: 'replace-me' {own}",
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".github").write_text("not a folder")
    (tmp_path / ".pre-commit-config.yaml").mkdir()
    (tmp_path / "README.md").write_bytes(b"\xff replace-me")
    found = in_other_files(WorkTree(str(tmp_path)), "")
    assert [str(one.position) for one in found] == ["README.md:1:3"]
