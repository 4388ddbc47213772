"""Reads from the variables of a CI job on which pull request it may comment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gitops_gen.errors import ToolFailed
from gitops_gen.pull_request.api import Api, token_of, url_of
from gitops_gen.pull_request.comment import PullRequestHost
from gitops_gen.pull_request.github import GitHubPullRequest
from gitops_gen.pull_request.gitlab import GitLabMergeRequest

_OF_FORK = "the pull request comes from a fork, whose jobs have no token that may comment"


@dataclass(frozen=True, slots=True)
class NoComment:
    """The job may not comment."""

    reason: str


@dataclass(frozen=True, slots=True)
class CommentJob:
    """The job may comment on this pull request."""

    host: PullRequestHost
    workspace: str
    """The root folder of the Git repository."""
    advice: str
    """What to do if the server refuses a request."""


def comment_job(variables: Mapping[str, str]) -> CommentJob | NoComment:
    """Returns the pull request, or why no comment is written.

    Raises ToolFailed outside of GitHub Actions and GitLab CI, and if a variable is missing.
    """
    if variables.get("GITHUB_ACTIONS") == "true":
        return _github(variables)
    if variables.get("GITLAB_CI") == "true":
        return _gitlab(variables)
    raise ToolFailed(
        "comments are written only by jobs of GitHub Actions and GitLab CI, which set "
        "GITHUB_ACTIONS or GITLAB_CI to `true`"
    )


def _github(variables: Mapping[str, str]) -> CommentJob | NoComment:
    if variables.get("GITHUB_EVENT_NAME") != "pull_request":
        return NoComment("the workflow was not started by the event pull_request")
    event = _event(variables.get("GITHUB_EVENT_PATH", ""))
    repository = variables.get("GITHUB_REPOSITORY", "")
    try:
        head = event["pull_request"]["head"]
        number, commit = int(event["pull_request"]["number"]), str(head["sha"])
        # The repository of a fork that was deleted is null.
        source = str((head["repo"] or {}).get("full_name"))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ToolFailed("the file of GITHUB_EVENT_PATH describes no pull request") from None
    if source.lower() != repository.lower():
        return NoComment(_OF_FORK)
    api = Api({"Authorization": f"Bearer {token_of(variables, 'GITHUB_TOKEN')}"})
    url = url_of(variables, "GITHUB_GRAPHQL_URL")
    host = GitHubPullRequest(api, url, repository, number, commit)
    advice = "the job needs the permission `pull-requests: write`"
    return CommentJob(host, variables.get("GITHUB_WORKSPACE", ""), advice)


def _event(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            return json.load(file)
    except (OSError, ValueError):
        raise ToolFailed("the file of GITHUB_EVENT_PATH cannot be read") from None


def _gitlab(variables: Mapping[str, str]) -> CommentJob | NoComment:
    number = variables.get("CI_MERGE_REQUEST_IID", "")
    if not number:
        return NoComment("the pipeline is not that of a merge request")
    project = variables.get("CI_MERGE_REQUEST_PROJECT_ID", "")
    if variables.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") != project:
        return NoComment(_OF_FORK)
    api = Api({"PRIVATE-TOKEN": token_of(variables, "GITLAB_TOKEN")})
    # A pipeline of merged results runs for a commit that is in none of the branches.
    commit = variables.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or variables.get("CI_COMMIT_SHA")
    url = url_of(variables, "CI_API_V4_URL")
    host = GitLabMergeRequest(api, url, project, number, commit or "")
    advice = "GITLAB_TOKEN must be a token with the scope `api` and the role Reporter"
    return CommentJob(host, variables.get("CI_PROJECT_DIR", ""), advice)
