"""`gitops-gen comment`."""

from __future__ import annotations

import os

import click

from gitops_gen.cli.messages import note
from gitops_gen.cli.repository import repository_root


@click.command(name="comment")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def command(file: str) -> None:
    """Write a comment on the pull request for which a job of GitHub Actions or GitLab CI runs.

    FILE is the output of `gitops-gen diff --format markdown`. The first job creates the comment,
    and each later one updates it. Nothing is written for a pull request from a fork, and by jobs
    without a pull request. The token is read from GITHUB_TOKEN or GITLAB_TOKEN, and the address
    of the pull request from the variables of the job: see docs/pull-requests.md.

    \b
    Example:
      gitops-gen diff --base origin/main --format markdown > comment.md
      gitops-gen comment comment.md
    """
    from gitops_gen.pull_request import NoComment, comment_job, comment_text, write_comment
    from gitops_gen.pull_request.text import folder_in

    job = comment_job(os.environ)
    if isinstance(job, NoComment):
        note(f"no comment is written: {job.reason}")
        return
    with open(file, "rb") as opened:
        content = opened.read()
    folder = folder_in(job.workspace, repository_root()) if job.workspace else ""
    text = comment_text(content, file, folder)
    click.echo(f"comment: {write_comment(job.host, text, job.advice).value}")
