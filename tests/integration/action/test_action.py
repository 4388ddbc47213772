"""The steps of the action, run for a pull request on a local server."""

from __future__ import annotations

import re

import pytest

from tests.integration.action.conftest import Machine, PullRequest
from tests.integration.action.steps import ACTION, action, scripts, steps
from tests.unit.pull_request.git_host import TOKEN, Failure

MARKER = "<!-- gitops-gen: pull request -->"
FRONTEND = "values/prod.yaml"


def test_no_script_contains_an_expression() -> None:
    """GitHub would insert the text of a branch or of a title into the script."""
    assert len(list(scripts())) == 8
    assert [script for script in scripts() if "${{" in script] == []


def test_other_actions_are_pinned_by_digest() -> None:
    lines = [line for line in ACTION.read_text().splitlines() if "uses: " in line]
    assert len(lines) == 4
    pinned = re.compile(r"\s+(- )?uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in lines if not pinned.fullmatch(line)] == []


def test_only_the_step_that_comments_gets_the_token() -> None:
    with_token = [step["name"] for step in steps() if "inputs.token" in str(step)]
    assert with_token == ["comment on the pull request, unless it comes from a fork"]
    assert action()["inputs"]["token"]["default"] == "${{ github.token }}"


def test_no_module_of_the_pull_request_is_imported(machine: Machine) -> None:
    """The installation runs in the workspace, which contains what the pull request adds."""
    assert not machine.imported.exists()


def test_the_comment_is_created_then_updated_then_says_no_changes(
    pull_request: PullRequest,
) -> None:
    clone, host = pull_request.clone, pull_request.host
    clone.edit(FRONTEND, "replicas: 3", "replicas: 4")
    clone.render()
    pull_request.push("Four replicas")
    result = pull_request.run()
    assert (result.failed, result.code("comment")) == (None, "0"), result.log
    [first] = host.bodies()
    assert first.startswith(MARKER)
    assert "4" in first
    assert result.summary.startswith(first)
    # The branches have names that a shell would run.
    names = {path.name for path in pull_request.folder.rglob("*")}
    assert names & {"base-ran", "head-ran"} == set()

    clone.edit(FRONTEND, "replicas: 4", "replicas: 5")
    clone.render()
    pull_request.push("Five replicas")
    assert pull_request.run().failed is None
    [second] = host.bodies()
    assert second not in (first, "")

    clone.edit(FRONTEND, "replicas: 5", "replicas: 3")
    clone.render()
    pull_request.push("Three replicas, as before")
    assert pull_request.run().failed is None
    [third] = host.bodies()
    assert "No changes." in third
    assert pull_request.run().failed is None
    assert host.writes == ["addComment", "updateIssueComment", "updateIssueComment"]


def test_a_fork_gets_only_the_summary(pull_request: PullRequest) -> None:
    pull_request.clone.edit(FRONTEND, "replicas: 3", "replicas: 4")
    pull_request.clone.render()
    pull_request.push("Four replicas")
    result = pull_request.run(source="mallory/shop", code_scanning="true")
    assert result.failed is None
    assert pull_request.host.operations == []
    assert result.summary.startswith(MARKER)
    assert "comes from a fork" in result.log
    assert "github/codeql-action/upload-sarif" not in result.used
    assert "actions/upload-artifact" in result.used


@pytest.mark.parametrize("event", ["pull_request_target", "workflow_run"])
def test_events_with_a_token_that_may_write_are_refused(
    pull_request: PullRequest, event: str
) -> None:
    pull_request.push("Nothing")
    result = pull_request.run(name=event, source="mallory/shop")
    assert result.failed == "refuse events whose token may write although a fork can start them"
    assert "::error title=gitops-gen::run this action for the event pull_request" in result.log
    assert (result.used, pull_request.host.operations) == ({}, [])


def test_a_push_is_checked_but_not_compared(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    result = pull_request.run(name="push")
    assert (result.failed, result.code("check"), result.code("stale")) == (None, "0", "0")
    assert (result.summary, pull_request.host.operations) == ("", [])


def test_stale_files_fail_the_job_after_the_comment(pull_request: PullRequest) -> None:
    pull_request.clone.edit(FRONTEND, "replicas: 3", "replicas: 4")
    pull_request.push("Values without a render")
    result = pull_request.run()
    assert result.failed == "fail if a step above failed"
    assert "::error title=gitops-gen::exit code of gitops-gen render --check: 1" in result.log
    assert "title=stale-file::is stale" in result.log
    [comment] = pull_request.host.bodies()
    assert "rendered/prod" in comment
    assert "actions/upload-artifact" in result.used


def test_invalid_values_fail_the_job_after_the_comment(pull_request: PullRequest) -> None:
    pull_request.clone.edit(FRONTEND, "replicas: 3", "replicas: three")
    pull_request.push("Not a number")
    result = pull_request.run()
    assert result.failed == "fail if a step above failed"
    assert (result.code("check"), result.code("comment")) == ("2", "0")
    assert re.search(r"^::error file=values/prod\.yaml,line=\d+,col=15", result.log, re.MULTILINE)
    [comment] = pull_request.host.bodies()
    assert "is not an integer" in comment


def test_a_danger_fails_the_job_if_the_user_wants_it(pull_request: PullRequest) -> None:
    pull_request.clone.edit(FRONTEND, "tag: 1.4.2", "tag: 1.4.3")
    pull_request.clone.render()
    pull_request.push("A new image")
    assert pull_request.run().failed is None
    result = pull_request.run(fail_on="restart")
    assert (result.failed, result.code("diff")) == ("fail if a step above failed", "1")
    hostile = pull_request.run(fail_on="$(touch fail-on-ran) --base HEAD")
    assert hostile.code("diff") == "2"
    assert not pull_request.clone.path("fail-on-ran").exists()


def test_a_checkout_without_the_history_is_explained(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    refs = pull_request.clone.git("for-each-ref", "--format=%(refname)", "refs/remotes")
    pull_request.clone.git("update-ref", "-d", refs.strip())
    result = pull_request.run()
    assert result.failed == "fail if a step above failed"
    assert "fetch-depth: 0" in result.log
    [comment] = pull_request.host.bodies()
    assert comment.startswith(MARKER)


def test_findings_are_uploaded_to_code_scanning_on_request(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    assert "github/codeql-action/upload-sarif" not in pull_request.run().used
    result = pull_request.run(code_scanning="true")
    arguments = result.used["github/codeql-action/upload-sarif"]
    assert arguments["sarif_file"].endswith("/report/check.sarif")
    assert arguments["category"] == "gitops-gen"


def test_without_the_comment_the_reports_are_uploaded(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    result = pull_request.run(comment="false")
    assert (result.failed, pull_request.host.operations) == (None, [])
    assert result.summary.startswith(MARKER)
    assert result.used["actions/upload-artifact"]["name"] == "gitops-gen"
    report = pull_request.folder / "job-1/report"
    assert sorted(path.name for path in report.iterdir()) == [
        "check.sarif",
        "comment.md",
        "diff.html",
    ]
    assert '<h2 id="verdict">No changes</h2>' in (report / "diff.html").read_text()
    assert "download the artefact `gitops-gen` of this job and open `diff.html`" in result.summary


def test_a_server_that_refuses_fails_the_job(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    forbidden = {"type": "FORBIDDEN", "message": f"Resource not accessible with {TOKEN}"}
    pull_request.host.failures = [Failure(200, body={"errors": [forbidden]})]
    result = pull_request.run()
    assert (result.failed, result.code("comment")) == ("fail if a step above failed", "3")
    assert "the job needs the permission `pull-requests: write`" in result.log
    assert "actions/upload-artifact" in result.used


def test_a_server_that_is_busy_is_asked_again(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    busy = Failure(403, {"Retry-After": "0"}, {"message": "secondary rate limit"})
    pull_request.host.failures = [busy, Failure(502, {"Retry-After": "0"})]
    assert pull_request.run().failed is None
    assert len(pull_request.host.bodies()) == 1


def test_the_token_is_in_no_output(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    refused = Failure(401, body={"message": f"Bad credentials: {TOKEN}"})
    pull_request.host.failures = [refused]
    results = [pull_request.run(), pull_request.run()]
    assert pull_request.host.tokens == {f"Bearer {TOKEN}"}
    assert [TOKEN in result.log + result.summary for result in results] == [False, False]
    files = [path for path in pull_request.folder.rglob("*") if path.is_file()]
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []


def test_the_comments_about_two_folders_are_independent(pull_request: PullRequest) -> None:
    clone, host = pull_request.clone, pull_request.host
    pull_request.push("Nothing")
    assert pull_request.run().failed is None
    clone.path("deploy").mkdir()
    clone.git("mv", "values", "rendered", "argocd", "deploy")
    pull_request.push("Another folder")
    pull_request.run(folder="deploy")
    first, second = host.bodies()
    assert first.startswith(f"{MARKER}\n")
    assert second.startswith("<!-- gitops-gen: pull request in deploy -->\n")
