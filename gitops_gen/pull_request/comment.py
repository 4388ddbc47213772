"""Writes the comment: creates it once, and updates it in place from then on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from gitops_gen.errors import ToolFailed
from gitops_gen.pull_request.api import CallFailed, CommentMissing, Unavailable

PAUSES = (1.0, 5.0, 20.0)
"""Seconds before each repetition, if the server names no other number."""
_LONGEST_PAUSE = 60.0


class Written(Enum):
    """What was done."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    OUTDATED = "not written, because the pull request has a newer commit"


@dataclass(frozen=True, slots=True)
class ExistingComment:
    """A comment that the account of the token wrote."""

    id: str
    body: str


@dataclass(frozen=True, slots=True)
class PullRequestState:
    """The last commit of a pull request, and the comments of this account, oldest first."""

    commit: str
    comments: tuple[ExistingComment, ...]


class PullRequestHost(Protocol):
    """A pull request on a Git host."""

    @property
    def commit(self) -> str:
        """The commit of the pull request that this job runs for."""

    def state(self) -> PullRequestState: ...

    def create(self, body: str) -> None: ...

    def update(self, comment: ExistingComment, body: str) -> None: ...

    def delete(self, comment: ExistingComment) -> None: ...


def write_comment(
    host: PullRequestHost, body: str, advice: str, pause: Callable[[float], None] = time.sleep
) -> Written:
    """Creates or updates the comment whose first line is that of `body`.

    Raises ToolFailed with `advice` if the server refuses a request or stays unavailable.
    """
    try:
        return _repeated(host, body, pause)
    except CallFailed as error:
        raise ToolFailed(f"the comment cannot be written: {error}; {advice}") from None


def _repeated(host: PullRequestHost, body: str, pause: Callable[[float], None]) -> Written:
    """Repeats everything after a failure: a request without an answer may have been successful."""
    for seconds in PAUSES:
        try:
            return _written(host, body)
        except Unavailable as error:
            wait = seconds if error.seconds is None else error.seconds
            if wait > _LONGEST_PAUSE:
                raise
            pause(wait)
    return _written(host, body)


def _written(host: PullRequestHost, body: str) -> Written:
    state = host.state()
    if state.commit != host.commit:
        return Written.OUTDATED
    present = _matching(state, body)
    if present:
        return _one_comment(host, present, body)
    host.create(body)
    # Another job may have created a comment since `state`. All jobs keep the oldest one.
    if present := _matching(host.state(), body):
        _one_comment(host, present, body)
    return Written.CREATED


def _matching(state: PullRequestState, body: str) -> list[ExistingComment]:
    marker = _first_line(body)
    return [comment for comment in state.comments if _first_line(comment.body) == marker]


def _first_line(body: str) -> str:
    return body.partition("\n")[0].strip()


def _one_comment(host: PullRequestHost, present: list[ExistingComment], body: str) -> Written:
    """Updates the first comment, and deletes the others, which another job may do too."""
    for comment in present[1:]:
        with suppress(CommentMissing):
            host.delete(comment)
    if _normal(present[0].body) == _normal(body):
        return Written.UNCHANGED
    try:
        host.update(present[0], body)
    except CommentMissing as error:
        raise Unavailable(f"the comment was deleted meanwhile: {error}", 0) from None
    return Written.UPDATED


def _normal(body: str) -> str:
    """Returns the text without what a Git host changes when it stores it."""
    return body.replace("\r\n", "\n").strip()
