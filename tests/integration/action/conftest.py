"""A machine on which the action is installed, and a pull request on a local server."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gitops_gen.apicheck import VARIABLE
from gitops_gen.helm import HELM_VERSION
from tests.integration.action.steps import Job, JobResult, inputs, python_outputs
from tests.integration.wheel.conftest import only_once, package_copy, shared_folder
from tests.repository import APICHECK, WITHOUT_APICHECK, Repository
from tests.unit.pull_request.git_host import TOKEN, GitHost, serving

BASE_BRANCH = "release;$(touch${IFS}base-ran)`id`'\""
HEAD_BRANCH = "fix;$(touch${IFS}head-ran)`id`'\""
"""Names that Git allows, and that would run commands if a script contained them."""


@dataclass(frozen=True)
class Machine:
    """A runner on which a first job has installed the action."""

    folder: Path

    def variables(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in os.environ if name.startswith("PIP_")},
            "PATH": f"{self.folder / 'temp/gitops-gen/bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **({VARIABLE: str(APICHECK.path)} if APICHECK else {}),
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.folder / "source"),
            "GITHUB_REPOSITORY": "acme/shop",
        }

    @property
    def imported(self) -> Path:
        """A file that exists if a step imported a module from the workspace."""
        return self.folder / "imported"

    def outputs(self) -> dict[str, dict[str, dict[str, str]]]:
        """The outputs of the steps that install the action."""
        found: dict[str, dict[str, dict[str, str]]] = json.loads(
            (self.folder / "outputs.json").read_text()
        )
        return found


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Machine:
    if APICHECK is None:
        pytest.skip(WITHOUT_APICHECK)
    folder = shared_folder(tmp_path_factory) / "runner"
    with only_once(folder) as first:
        if first:
            cached = folder / f"cache/gitops-gen/helm-{HELM_VERSION}/helm"
            cached.parent.mkdir(parents=True)
            cached.symlink_to(helm)
            package_copy(folder / "source")
            install(Machine(folder))
    return Machine(folder)


def install(machine: Machine) -> None:
    """Runs the first steps, and stores their outputs. The event starts no other step.

    The files in the workspace have the names of modules that these steps import.
    """
    (machine.folder / "temp").mkdir()
    workspace = machine.folder / "workspace"
    workspace.mkdir()
    for name in ("venv", "pip", "gitops_gen", "json"):
        text = f"from pathlib import Path\nPath({str(machine.imported)!r}).touch()\n"
        (workspace / f"{name}.py").write_text(text)
    variables = {**machine.variables(), "GITHUB_EVENT_NAME": "push"}
    context = {"inputs": inputs(), "github": {}, "runner": {"os": "Linux", "arch": "X64"}}
    job = Job(workspace, workspace, variables, context, python_outputs())
    result = job.run()
    assert "install" in result.outputs, result.log
    (machine.folder / "outputs.json").write_text(json.dumps(result.outputs["install"]))


@dataclass
class PullRequest:
    """A clone with two branches, and the host that shows the pull request."""

    machine: Machine
    clone: Repository
    host: GitHost
    folder: Path
    jobs: int = 0

    def push(self, message: str) -> None:
        """Commits the work tree, and checks out the merge of both branches, like GitHub."""
        self.clone.commit(message)
        head = self.clone.git("rev-parse", "HEAD").strip()
        self.clone.git("branch", "--force", HEAD_BRANCH, head)
        self.host.commit = head

    def event(self, source: str | None) -> dict[str, Any]:
        repo = None if source is None else {"full_name": source}
        head = {"ref": HEAD_BRANCH, "sha": self.host.commit, "repo": repo}
        return {"pull_request": {"number": 7, "title": HEAD_BRANCH, "head": head}}

    def run(
        self,
        name: str = "pull_request",
        source: str | None = "acme/shop",
        **changed: str,
    ) -> JobResult:
        """Runs the action for the last push."""
        self.jobs += 1
        folder = self.folder / f"job-{self.jobs}"
        (folder / "report").mkdir(parents=True)
        event = self.event(source) if name.startswith("pull_request") else {}
        (folder / "event.json").write_text(json.dumps(event))
        variables = {**self.machine.variables(), **self._of_event(folder, name)}
        context = self._context(name, event, changed)
        return Job(folder, self.clone.root, variables, context, self._installed()).run()

    def _of_event(self, folder: Path, name: str) -> dict[str, str]:
        is_pull_request = name.startswith("pull_request")
        return {
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_API_URL": self.host.url,
            "GITHUB_GRAPHQL_URL": f"{self.host.url}/graphql",
            "GITHUB_WORKSPACE": str(self.clone.git("rev-parse", "--show-toplevel").strip()),
            "GITHUB_BASE_REF": BASE_BRANCH if is_pull_request else "",
            "GITHUB_HEAD_REF": HEAD_BRANCH if is_pull_request else "",
        }

    def _context(self, name: str, event: dict[str, Any], changed: dict[str, str]) -> dict[str, Any]:
        values = {"token": TOKEN, **{key.replace("_", "-"): v for key, v in changed.items()}}
        github = {"event_name": name, "event": event, "repository": "acme/shop"}
        return {"inputs": inputs(**values), "github": github, "runner": {"os": "L", "arch": "X"}}

    def _installed(self) -> dict[str, dict[str, dict[str, str]]]:
        report = str(self.folder / f"job-{self.jobs}/report")
        installed = {**self.machine.outputs()["outputs"], "report": report}
        return {**python_outputs(), "install": {"outputs": installed}}


@pytest.fixture
def pull_request(machine: Machine, rendered: Repository, tmp_path: Path) -> Iterator[PullRequest]:
    """A pull request without a change."""
    root = tmp_path / "clone"
    shutil.copytree(rendered.root, root, ignore=shutil.ignore_patterns(".gitops-gen"))
    clone = Repository(root, rendered.helm)
    clone.write(".gitignore", ".gitops-gen/\n")
    clone.git("init", "--quiet", "--initial-branch", BASE_BRANCH)
    clone.commit("Start")
    clone.git("update-ref", f"refs/remotes/origin/{BASE_BRANCH}", "HEAD")
    clone.git("switch", "--quiet", "--create", "work")
    with serving(GitHost()) as host:
        yield PullRequest(machine, clone, host, tmp_path)
