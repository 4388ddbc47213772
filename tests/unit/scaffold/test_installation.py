"""The version that CI installs, from what pip records about an installation (direct_url.json)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gitops_gen.scaffold.installation import Installation, recorded

URL = "https://github.com/acme/gitops-gen.git"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def record(url: str, **version: Any) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT, **version}})


def test_a_tag_is_kept() -> None:
    found = recorded(record(URL, requested_revision="v0.2.0"))
    assert found == Installation(URL, "v0.2.0")


@pytest.mark.parametrize("version", [{}, {"requested_revision": "main"}])
def test_a_branch_is_replaced_by_the_commit(version: dict[str, str]) -> None:
    assert recorded(record(URL, **version)) == Installation(URL, COMMIT)


def test_credentials_are_removed() -> None:
    found = recorded(record("https://bob:hunter2@github.com/acme/gitops-gen.git"))
    assert found == Installation(URL, COMMIT)


@pytest.mark.parametrize(
    "text",
    [
        record("file:///home/bob/gitops-gen"),
        json.dumps({"url": "file:///home/bob/gitops-gen", "dir_info": {"editable": True}}),
        json.dumps({"url": "file:///tmp/gitops_gen.whl", "archive_info": {"hash": "sha256=0"}}),
        json.dumps({"url": URL, "vcs_info": {}}),
        json.dumps({"url": 1, "vcs_info": {"commit_id": COMMIT}}),
        json.dumps({"url": URL, "vcs_info": {"commit_id": 1}}),
        "[]",
        "{",
        "null",
    ],
)
def test_an_installation_that_other_machines_cannot_repeat(text: str) -> None:
    assert recorded(text) is None
