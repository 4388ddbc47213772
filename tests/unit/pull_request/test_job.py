"""Which pull request a CI job may comment on, according to the variables of the job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.pull_request import CommentJob, NoComment, comment_job
from gitops_gen.pull_request.github import GitHubPullRequest
from gitops_gen.pull_request.gitlab import GitLabMergeRequest
from tests.unit.pull_request.git_host import TOKEN

REPOSITORY = "acme/shop"


def event(full_name: str | None) -> dict[str, Any]:
    """Returns the part of an event that is read; None is a fork that was deleted."""
    repo = None if full_name is None else {"full_name": full_name}
    head = {"ref": "$(touch /tmp/x)`id`", "sha": "c0ffee", "repo": repo}
    return {"number": 7, "pull_request": {"number": 7, "title": "'; exit 1", "head": head}}


def github(folder: Path, content: object, **changed: str) -> dict[str, str]:
    path = folder / "event.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_GRAPHQL_URL": "https://api.github.com/graphql",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_WORKSPACE": str(folder),
        **changed,
    }


def gitlab(**changed: str) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": "https://gitlab.com/api/v4",
        "CI_COMMIT_SHA": "c0ffee",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42",
        "CI_PROJECT_DIR": "/builds/acme/shop",
        "GITLAB_TOKEN": TOKEN,
        **changed,
    }


def test_a_pull_request_of_the_same_repository(tmp_path: Path) -> None:
    job = comment_job(github(tmp_path, event("Acme/Shop")))
    assert isinstance(job, CommentJob)
    assert isinstance(job.host, GitHubPullRequest)
    assert (job.host.repository, job.host.number, job.host.commit) == (REPOSITORY, 7, "c0ffee")
    assert job.workspace == str(tmp_path)
    assert TOKEN not in repr(job)


@pytest.mark.parametrize("repository", ["mallory/shop", None, ""])
def test_a_fork_gets_no_comment(tmp_path: Path, repository: str | None) -> None:
    """Not even if the token could write."""
    job = comment_job(github(tmp_path, event(repository)))
    assert isinstance(job, NoComment)
    assert "comes from a fork" in job.reason


@pytest.mark.parametrize(
    "name", ["push", "merge_group", "pull_request_target", "workflow_run", "schedule"]
)
def test_other_events_get_no_comment(tmp_path: Path, name: str) -> None:
    variables = github(tmp_path, event(REPOSITORY), GITHUB_EVENT_NAME=name)
    assert isinstance(comment_job(variables), NoComment)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "{}", '{"pull_request": null}', '{"pull_request": {}}']
)
def test_an_event_that_cannot_be_read(tmp_path: Path, content: str) -> None:
    with pytest.raises(ToolFailed, match="the file of GITHUB_EVENT_PATH"):
        comment_job(github(tmp_path, content))


def test_a_merge_request() -> None:
    job = comment_job(gitlab())
    assert isinstance(job, CommentJob)
    assert isinstance(job.host, GitLabMergeRequest)
    assert (job.host.project, job.host.number, job.host.commit) == ("42", "7", "c0ffee")


def test_a_pipeline_of_merged_results_runs_for_the_commit_of_the_branch() -> None:
    job = comment_job(gitlab(CI_MERGE_REQUEST_SOURCE_BRANCH_SHA="beef"))
    assert isinstance(job, CommentJob)
    assert job.host.commit == "beef"


@pytest.mark.parametrize(
    "changed",
    [
        {"CI_MERGE_REQUEST_IID": ""},
        {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43"},
        {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43", "GITLAB_TOKEN": ""},
    ],
)
def test_pipelines_of_branches_and_forks_get_no_comment(changed: dict[str, str]) -> None:
    assert isinstance(comment_job(gitlab(**changed)), NoComment)


@pytest.mark.parametrize("token", ["", " \n", "two\nlines", "nul\0", "ümlaut"])
def test_a_token_that_is_none(token: str) -> None:
    with pytest.raises(ToolFailed, match="the variable GITLAB_TOKEN") as error:
        comment_job(gitlab(GITLAB_TOKEN=token))
    assert not token.strip() or token not in str(error.value)


def test_a_line_break_at_the_end_of_a_token_is_ignored() -> None:
    assert isinstance(comment_job(gitlab(GITLAB_TOKEN=f"{TOKEN}\n")), CommentJob)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://host/api", "api"])
def test_a_url_of_another_kind(url: str) -> None:
    with pytest.raises(ToolFailed, match="the variable CI_API_V4_URL contains no URL"):
        comment_job(gitlab(CI_API_V4_URL=url))


def test_outside_of_ci() -> None:
    with pytest.raises(ToolFailed, match="GITHUB_ACTIONS or GITLAB_CI"):
        comment_job({"GITHUB_TOKEN": TOKEN})
