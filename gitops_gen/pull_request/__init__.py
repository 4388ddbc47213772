"""The comment on the pull request that a CI job runs for, on GitHub or GitLab."""

from gitops_gen.pull_request.comment import Written, write_comment
from gitops_gen.pull_request.job import CommentJob, NoComment, comment_job
from gitops_gen.pull_request.text import comment_text

__all__ = [
    "CommentJob",
    "NoComment",
    "Written",
    "comment_job",
    "comment_text",
    "write_comment",
]
