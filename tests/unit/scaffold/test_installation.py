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
    assert found == Installation(URL, "v0.2.0", COMMIT)


@pytest.mark.parametrize("version", [{}, {"requested_revision": "main"}])
def test_a_branch_is_replaced_by_the_commit(version: dict[str, str]) -> None:
    assert recorded(record(URL, **version)) == Installation(URL, COMMIT, COMMIT)


def test_credentials_are_removed() -> None:
    found = recorded(record("https://bob:hunter2@github.com/acme/gitops-gen.git"))
    assert found == Installation(URL, COMMIT, COMMIT)


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


ACTION = f"acme/gitops-gen@{COMMIT} # v0.2.0"
PLACEHOLDER = "replace-me/gitops-gen@replace-me"


@pytest.mark.parametrize(
    ("url", "clone", "action"),
    [
        (URL, None, ACTION),
        ("https://github.com/acme/gitops-gen", "https://git.example.com/a/b.git", ACTION),
        ("git@github.com:acme/gitops-gen.git", "https://github.com/a/b", ACTION),
        ("ssh://git@GitHub.com:22/acme/gitops-gen.git", None, ACTION),
        ("https://git.example.com/acme/gitops-gen.git", "git@git.example.com:a/b.git", ACTION),
        ("https://gitlab.com/acme/gitops-gen.git", "https://github.com/a/b.git", PLACEHOLDER),
        ("https://gitlab.com/acme/tools/gitops-gen.git", "https://gitlab.com/a/b", PLACEHOLDER),
        ("https://gitlab.com/acme/gitops-gen.git", None, PLACEHOLDER),
    ],
)
def test_the_action_is_on_the_server_of_the_workflow_or_on_github(
    url: str, clone: str | None, action: str
) -> None:
    """On another server, a repository of the same name belongs to somebody else."""
    assert Installation(url, "v0.2.0", COMMIT).action(clone) == action


def test_an_action_without_a_tag() -> None:
    assert Installation(URL, COMMIT, COMMIT).action(None) == f"acme/gitops-gen@{COMMIT}"
    assert Installation().action(None) == PLACEHOLDER
