"""The job for GitLab CI in docs/pull-requests.md, run for a merge request on a local server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from gitops_gen import yaml
from tests.integration.action.conftest import BASE_BRANCH, PullRequest
from tests.repository import ROOT
from tests.unit.pull_request.git_host import TOKEN

INSTALLATION = "python -m pip install "


def example() -> str:
    """Returns the example of the section about GitLab."""
    section = (ROOT / "docs/pull-requests.md").read_text().split("\n## GitLab\n")[1]
    return section.split("```yaml\n")[1].split("```")[0]


def job() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.yaml_load(example().encode())["gitops-gen"]
    return loaded


def test_the_example_is_valid(tmp_path: Path) -> None:
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(example())
    command = [str(Path(sys.executable).parent / "check-jsonschema")]
    command += ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def run(pull_request: PullRequest, **changed: str) -> subprocess.CompletedProcess[str]:
    """Runs the script of the job like a runner of GitLab, without the installation."""
    installation, *lines = job()["script"]
    assert installation.startswith(INSTALLATION)
    variables = pull_request.machine.variables()
    inherited = {n: v for n, v in variables.items() if not n.startswith("GITHUB_")}
    of_gitlab = {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": f"{pull_request.host.url}/api/v4",
        "CI_COMMIT_SHA": pull_request.host.commit,
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": BASE_BRANCH,
        "CI_PROJECT_DIR": str(pull_request.clone.root),
        "GITLAB_TOKEN": TOKEN,
    }
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],
        cwd=pull_request.clone.root,
        env={**inherited, **of_gitlab, **changed},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_comment_is_created_then_updated(pull_request: PullRequest) -> None:
    clone, host = pull_request.clone, pull_request.host
    clone.edit("values/prod.yaml", "replicas: 3", "replicas: 4")
    clone.render()
    pull_request.push("Four replicas")
    done = run(pull_request)
    assert done.returncode == 0, done.stdout + done.stderr
    [first] = host.bodies()
    assert "spec.replicas" in first
    assert ElementTree.parse(clone.path("check.xml")).getroot().tag == "testsuites"
    assert "<!doctype html>" in clone.path("diff.html").read_text()
    assert "diff.html" in job()["artifacts"]["paths"]

    clone.edit("values/prod.yaml", "replicas: 4", "replicas: three")
    pull_request.push("Not a number")
    done = run(pull_request)
    assert done.returncode == 2
    [second] = host.bodies()
    assert "is not an integer" in second
    assert [name for name in host.operations if name != "GET"] == ["POST", "PUT"]
    assert TOKEN not in done.stdout + done.stderr


def test_a_fork_and_a_branch_get_no_comment(pull_request: PullRequest) -> None:
    pull_request.push("Nothing")
    fork = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "43", "GITLAB_TOKEN": ""}
    for changed in (fork, {"CI_MERGE_REQUEST_IID": ""}):
        done = run(pull_request, **changed)
        assert done.returncode == 0, done.stdout + done.stderr
    assert pull_request.host.operations == []
