"""A merge request on GitLab, whose comments are notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gitops_gen.pull_request.api import Api, Unavailable
from gitops_gen.pull_request.comment import ExistingComment, PullRequestState

_PAGE = 100


@dataclass(frozen=True, slots=True)
class GitLabMergeRequest:
    """The merge request of a pipeline."""

    api: Api
    url: str
    """The URL of the REST API."""
    project: str
    number: str
    commit: str

    def state(self) -> PullRequestState:
        try:
            account = self.api.call("GET", f"{self.url}/user")["id"]
            commit = str(self.api.call("GET", self._merge_request)["sha"])
            notes = [note for note in self._notes() if note["author"]["id"] == account]
            comments = (ExistingComment(str(note["id"]), str(note["body"])) for note in notes)
            return PullRequestState(commit, tuple(comments))
        except (KeyError, TypeError):
            raise Unavailable("an answer of GitLab is not complete") from None

    def create(self, body: str) -> None:
        self.api.call("POST", f"{self._merge_request}/notes", {"body": body})

    def update(self, comment: ExistingComment, body: str) -> None:
        self.api.call("PUT", f"{self._merge_request}/notes/{comment.id}", {"body": body})

    def delete(self, comment: ExistingComment) -> None:
        self.api.call("DELETE", f"{self._merge_request}/notes/{comment.id}")

    @property
    def _merge_request(self) -> str:
        return f"{self.url}/projects/{self.project}/merge_requests/{self.number}"

    def _notes(self) -> Iterator[dict[str, Any]]:
        """Yields all notes, oldest first."""
        page = 1
        while True:
            options = f"order_by=created_at&sort=asc&per_page={_PAGE}&page={page}"
            notes = self.api.call("GET", f"{self._merge_request}/notes?{options}")
            yield from notes
            if len(notes) < _PAGE:
                return
            page += 1
