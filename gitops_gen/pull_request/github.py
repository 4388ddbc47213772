"""A pull request on GitHub. GitHub states for each comment whether the token's account wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen.pull_request.api import (
    Api,
    CallFailed,
    CommentMissing,
    Unavailable,
)
from gitops_gen.pull_request.comment import ExistingComment, PullRequestState

_STATE = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      headRefOid
      comments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id body viewerDidAuthor }
      }
    }
  }
}"""
_CREATE = """
mutation($subject: ID!, $body: String!) {
  addComment(input: {subjectId: $subject, body: $body}) { clientMutationId }
}"""
_UPDATE = """
mutation($comment: ID!, $body: String!) {
  updateIssueComment(input: {id: $comment, body: $body}) { clientMutationId }
}"""
_DELETE = """
mutation($comment: ID!) {
  deleteIssueComment(input: {id: $comment}) { clientMutationId }
}"""
_FINAL = {"FORBIDDEN", "INSUFFICIENT_SCOPES", "UNPROCESSABLE"}
"""The types of errors that a repetition does not change."""


@dataclass(frozen=True, slots=True)
class GitHubPullRequest:
    """The pull request of a workflow."""

    api: Api
    url: str
    """The URL of the GraphQL API."""
    repository: str
    number: int
    commit: str

    def state(self) -> PullRequestState:
        pages = list(self._pages())
        comments = (node for page in pages for node in page["comments"]["nodes"] if node)
        written = (node for node in comments if node["viewerDidAuthor"])
        found = tuple(ExistingComment(str(node["id"]), str(node["body"])) for node in written)
        return PullRequestState(str(pages[0]["headRefOid"]), found)

    def create(self, body: str) -> None:
        self._ask(_CREATE, subject=self._page(None)["id"], body=body)

    def update(self, comment: ExistingComment, body: str) -> None:
        self._ask(_UPDATE, comment=comment.id, body=body)

    def delete(self, comment: ExistingComment) -> None:
        self._ask(_DELETE, comment=comment.id)

    def _pages(self) -> Iterator[dict[str, Any]]:
        after: str | None = None
        while True:
            page = self._page(after)
            yield page
            following = page["comments"]["pageInfo"]
            if not following["hasNextPage"]:
                return
            after = following["endCursor"]

    def _page(self, after: str | None) -> dict[str, Any]:
        """Returns the pull request with up to 100 of its comments."""
        owner, _, name = self.repository.partition("/")
        answer = self._ask(_STATE, owner=owner, name=name, number=self.number, after=after)
        try:
            page: dict[str, Any] = answer["repository"]["pullRequest"]
            _require_complete(page)
        except (KeyError, TypeError):
            raise Unavailable("the answer of GitHub contains no pull request") from None
        return page

    def _ask(self, query: str, **variables: Any) -> Any:
        answer = self.api.call("POST", self.url, {"query": query, "variables": variables})
        if not isinstance(answer, dict):
            raise Unavailable("the answer of GitHub is not an object")
        if errors := answer.get("errors"):
            raise self._failure(errors[0] if isinstance(errors, list) else errors)
        return answer.get("data")

    def _failure(self, error: Any) -> CallFailed:
        kind, message = (
            (error.get("type"), error.get("message")) if isinstance(error, dict) else ("", error)
        )
        reason = self.api.shown(f"{kind or 'error'}: {message}")
        if kind == "NOT_FOUND":
            return CommentMissing(reason)
        return CallFailed(reason) if kind in _FINAL else Unavailable(reason)


def _require_complete(page: dict[str, Any]) -> None:
    """Raises KeyError or TypeError if a key that is read later is missing."""
    following = page["comments"]["pageInfo"]
    _ = page["id"], page["headRefOid"], following["hasNextPage"], following["endCursor"]
    for node in page["comments"]["nodes"]:
        _ = node and (node["id"], node["body"], node["viewerDidAuthor"])
