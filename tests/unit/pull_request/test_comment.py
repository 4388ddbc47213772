"""One comment on a pull request is created and updated, on GitHub and on GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from gitops_gen.errors import ToolFailed
from gitops_gen.pull_request import Written, write_comment
from gitops_gen.pull_request.api import Api
from gitops_gen.pull_request.comment import PullRequestHost
from gitops_gen.pull_request.github import GitHubPullRequest
from gitops_gen.pull_request.gitlab import GitLabMergeRequest
from tests.unit.pull_request.git_host import BOT, TOKEN, Failure, GitHost, serving

MARKER = "<!-- gitops-gen: pull request -->"
CHANGES = f"{MARKER}\n3 Pods restart.\n"
NOTHING = f"{MARKER}\nNo changes.\n"
FORGED = f"{MARKER}\nIt is safe to merge!\n"


@pytest.fixture
def server() -> Iterator[GitHost]:
    with serving(GitHost()) as host:
        yield host


@pytest.fixture(params=["GitHub", "GitLab"])
def host(server: GitHost, request: pytest.FixtureRequest) -> PullRequestHost:
    """The pull request on each of the hosts, with the commit that the job runs for."""
    if request.param == "GitHub":
        return github(server)
    api = Api({"PRIVATE-TOKEN": TOKEN}, seconds=0.5)
    return GitLabMergeRequest(api, f"{server.url}/api/v4", "42", "7", server.commit)


def github(server: GitHost) -> GitHubPullRequest:
    api = Api({"Authorization": f"Bearer {TOKEN}"}, seconds=0.5)
    return GitHubPullRequest(api, f"{server.url}/graphql", "acme/shop", 7, server.commit)


def write(host: PullRequestHost, body: str) -> tuple[Written, list[float]]:
    """Writes a comment without waiting. Returns the result and the requested pauses."""
    pauses: list[float] = []
    return write_comment(host, body, "give it the permission", pauses.append), pauses


def test_the_comment_is_created_then_updated(host: PullRequestHost, server: GitHost) -> None:
    assert write(host, CHANGES)[0] is Written.CREATED
    assert server.bodies() == [CHANGES]
    assert write(host, NOTHING)[0] is Written.UPDATED
    assert server.bodies() == [NOTHING]


def test_an_equal_comment_is_not_edited(host: PullRequestHost, server: GitHost) -> None:
    """The host may have changed the ends of lines."""
    server.add(BOT, CHANGES.replace("\n", "\r\n").rstrip())
    assert write(host, CHANGES)[0] is Written.UNCHANGED
    assert server.edited == 0


def test_a_forged_marker_of_another_user_is_ignored(host: PullRequestHost, server: GitHost) -> None:
    server.add("mallory", FORGED)
    assert write(host, CHANGES)[0] is Written.CREATED
    assert server.bodies("mallory") == [FORGED]
    assert server.bodies() == [CHANGES]


def test_a_marker_in_the_middle_of_a_comment_is_ignored(
    host: PullRequestHost, server: GitHost
) -> None:
    """Another job of the same account may quote the comment, or write one for another folder."""
    quoted = [f"> {CHANGES}", f"Look:\n{CHANGES}", CHANGES.replace(" -->", " in deploy -->")]
    for body in quoted:
        server.add(BOT, body)
    write(host, NOTHING)
    assert server.bodies() == [*quoted, NOTHING]


def test_the_comment_is_found_behind_many_others(host: PullRequestHost, server: GitHost) -> None:
    for number in range(250):
        server.add("mallory", f"{number}")
    server.add(BOT, CHANGES)
    for number in range(150):
        server.add(BOT, f"another comment {number}")
    assert write(host, NOTHING)[0] is Written.UPDATED
    assert NOTHING in server.bodies()
    assert len(server.comments) == 401


def test_additional_comments_are_deleted(host: PullRequestHost, server: GitHost) -> None:
    for body in (CHANGES, "unrelated", CHANGES):
        server.add(BOT, body)
    assert write(host, NOTHING)[0] is Written.UPDATED
    assert server.bodies() == [NOTHING, "unrelated"]


def test_a_job_of_an_older_commit_writes_nothing(host: PullRequestHost, server: GitHost) -> None:
    """For example, a job that is run again after another push."""
    server.add(BOT, CHANGES)
    server.commit = "beef"
    assert write(host, NOTHING)[0] is Written.OUTDATED
    assert server.bodies() == [CHANGES]


def test_jobs_at_the_same_time_leave_one_comment(server: GitHost) -> None:
    hosts = [github(server) for _ in range(8)]
    with ThreadPoolExecutor(len(hosts)) as pool:
        list(pool.map(lambda host: write(host, CHANGES), hosts))
    assert server.bodies() == [CHANGES]


def test_two_jobs_that_both_create_a_comment_leave_one(
    host: PullRequestHost, server: GitHost
) -> None:
    """The other job creates its comment after this one has listed the comments."""

    class Slow:
        commit = host.commit
        state, update, delete = host.state, host.update, host.delete

        def create(self, body: str) -> None:
            write(host, CHANGES)
            host.create(body)

    assert write(Slow(), NOTHING)[0] is Written.CREATED
    assert server.bodies() == [NOTHING]


# Failures of the server

UNAVAILABLE = [
    Failure(500),
    Failure(502, body={"message": "Server Error"}),
    Failure(429),
    Failure(403, body={"message": "You have exceeded a secondary rate limit"}),
    Failure(0),
]


@pytest.mark.parametrize("failure", UNAVAILABLE, ids=lambda failure: str(failure.status))
def test_a_request_is_repeated(host: PullRequestHost, server: GitHost, failure: Failure) -> None:
    server.failures = [Failure(failure.status, failure.headers, failure.body) for _ in range(3)]
    result, pauses = write(host, CHANGES)
    assert (result, pauses) == (Written.CREATED, [1.0, 5.0, 20.0])


def test_the_pause_is_that_of_the_server(host: PullRequestHost, server: GitHost) -> None:
    server.failures = [Failure(403, {"Retry-After": "7"}, {"message": "secondary rate limit"})]
    assert write(host, CHANGES) == (Written.CREATED, [7.0])


@pytest.mark.parametrize("status", [0, 502])
@pytest.mark.parametrize("operation", ["addComment", "POST"])
def test_a_comment_that_was_created_without_an_answer_is_not_created_again(
    host: PullRequestHost, server: GitHost, operation: str, status: int
) -> None:
    server.failures = [Failure(status, after=True, only=operation)]
    write(host, CHANGES)
    assert server.bodies() == [CHANGES]


def test_a_comment_that_is_deleted_meanwhile_is_created_again(
    host: PullRequestHost, server: GitHost
) -> None:
    removed = server.add(BOT, CHANGES)

    class Deleting:
        commit = host.commit
        state, create, delete = host.state, host.create, host.delete

        def update(self, comment: object, body: str) -> None:
            if removed in server.comments:
                server.comments.remove(removed)
            host.update(comment, body)  # type: ignore[arg-type]

    write(Deleting(), NOTHING)
    assert server.bodies() == [NOTHING]


def test_a_server_that_stays_unavailable(host: PullRequestHost, server: GitHost) -> None:
    server.failures = [Failure(503, body={"message": f"no {TOKEN}"}) for _ in range(4)]
    with pytest.raises(ToolFailed, match=r"cannot be written: 503 .*: no \*\*\*;"):
        write(host, CHANGES)
    assert server.writes == []


def test_a_pause_that_is_too_long_ends_the_job(host: PullRequestHost, server: GitHost) -> None:
    server.failures = [Failure(429, {"Retry-After": "3600"})]
    with pytest.raises(ToolFailed, match="429"):
        write(host, CHANGES)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Failure(401, body={"message": "Bad credentials"}), "401 Unauthorized: Bad credentials"),
        (Failure(403, body={"message": "no\n::error::no"}), r"403 Forbidden: no\\n::error::no"),
        (Failure(404), "404 Not Found"),
        (Failure(302, {"Location": "https://other.example.com/"}), "302 Found"),
        (
            Failure(200, body={"errors": [{"type": "FORBIDDEN", "message": "not accessible"}]}),
            "FORBIDDEN: not accessible",
        ),
    ],
)
def test_a_refused_request(server: GitHost, failure: Failure, reason: str) -> None:
    server.failures = [failure]
    with pytest.raises(ToolFailed, match=rf"{reason}; give it the permission$"):
        write(github(server), CHANGES)
    assert server.operations == ["query"]


@pytest.mark.parametrize("answer", [[], "text", {"data": {}}, {"data": {"repository": None}}])
def test_an_answer_of_another_form(server: GitHost, answer: object) -> None:
    server.failures = [Failure(200, body=answer) for _ in range(4)]
    with pytest.raises(ToolFailed, match="the answer of GitHub"):
        write(github(server), CHANGES)


def test_a_server_that_does_not_answer(server: GitHost) -> None:
    with server.lock, pytest.raises(ToolFailed, match="timed out"):
        write(github(server), CHANGES)


def test_no_server(server: GitHost) -> None:
    api = Api({"Authorization": f"Bearer {TOKEN}"})
    host = GitHubPullRequest(api, "http://127.0.0.1:1/graphql", "acme/shop", 7, "c0ffee")
    with pytest.raises(ToolFailed, match=r"127\.0\.0\.1:1: .*refused"):
        write(host, CHANGES)


def test_the_token_is_in_no_representation(server: GitHost) -> None:
    assert TOKEN not in repr(github(server))
    write(github(server), CHANGES)
    assert server.tokens == {f"Bearer {TOKEN}"}
