"""The workflow in docs/fleet-in-ci.md is valid and secure, and renders a fleet.

Each of its jobs runs in a clone of its own. What GitHub does between the jobs is done here: actions
check out a commit, and carry artifacts from one job to another.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from tests.integration.test_docs import SHELL, YAML
from tests.repository import ROOT, Repository

PAGE = ROOT / "docs/fleet-in-ci.md"
BIN = Path(sys.executable).parent
Job = dict[str, Any]


@pytest.fixture(scope="module")
def text() -> str:
    [found] = YAML.findall(PAGE.read_text())
    return str(found)


@pytest.fixture(scope="module")
def workflow(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.yaml_load(text.encode())
    return found


@pytest.mark.parametrize(
    "command",
    [
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
        ("zizmor", "--quiet", "--offline"),
    ],
    ids=lambda command: command[0],
)
def test_the_workflow_is_valid_and_secure(
    text: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    if not (BIN / command[0]).exists():
        pytest.skip(f"{command[0]} is not installed")
    path = tmp_path / ".github/workflows/fleet.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    words = [str(BIN / command[0]), *command[1:], str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass(frozen=True)
class Runner:
    """Runs the jobs of a workflow on a branch of a bare repository."""

    workflow: dict[str, Any]
    origin: Repository
    folder: Path
    subfolder: str = "."

    def run(self) -> None:
        jobs = self.workflow["jobs"]
        outputs = self._job("affected", jobs["affected"], {})
        if "any=true" not in outputs.splitlines():
            return
        matrix = jobs["render"]["strategy"]["matrix"]["shard"]
        for shard in matrix:
            variables = {"SHARD": str(shard), "SHARDS": str(len(matrix))}
            self._job(f"render-{shard}", jobs["render"], variables)
        self._job("push", jobs["push"], {})

    def _job(self, name: str, job: Job, variables: dict[str, str]) -> str:
        """Runs the steps of a job, and returns its outputs."""
        clone, temporary = self.folder / name, self.folder / f"{name}-temp"
        temporary.mkdir(parents=True)
        outputs = temporary / "outputs"
        outputs.touch()
        given = {"RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(outputs), **variables}
        for step in job["steps"]:
            if "run" in step:
                self._shell(clone, step["run"], given)
            else:
                self._action(step, clone, given)
        return outputs.read_text()

    def _shell(self, clone: Path, script: str, variables: dict[str, str]) -> None:
        if "pip install" in script:
            return  # The program of this test is installed.
        command = shlex.join(self.origin.command())
        program = self.folder / "bin/gitops-gen"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        program.chmod(0o755)
        environment = self.origin.environment(**variables)
        environment["PATH"] = f"{program.parent}:{environment['PATH']}"
        done = subprocess.run(
            # The shell that GitHub uses for steps without the key `shell`.
            ["bash", "-e", "-c", script],
            cwd=clone / self.subfolder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"

    def _action(self, step: Job, clone: Path, variables: dict[str, str]) -> None:
        given = step.get("with", {})
        artifacts = self.folder / "artifacts"
        match step["uses"].partition("@")[0]:
            case "actions/checkout":
                depth = [] if given.get("fetch-depth") == 0 else ["--depth=1", "--no-single-branch"]
                words = ["clone", "--quiet", *depth, "--branch=change"]
                self.origin.git(*words, f"file://{self.origin.root}", str(clone))
            case "actions/upload-artifact":
                path = Path(self._filled(given["path"], variables))
                target = artifacts / self._filled(given["name"], variables)
                target.mkdir(parents=True)
                shutil.copy(path, target)
            case "actions/download-artifact":
                place = Path(self._filled(given["path"], variables))
                place.mkdir(exist_ok=True)
                for folder in artifacts.glob(given.get("name", given.get("pattern"))):
                    shutil.copytree(folder, place, dirs_exist_ok=True)

    @staticmethod
    def _filled(text: str, variables: dict[str, str]) -> str:
        filled = text.replace("${{ runner.temp }}", variables["RUNNER_TEMP"])
        return filled.replace("${{ matrix.shard }}", variables.get("SHARD", ""))


@pytest.fixture(params=[".", "deploy"])
def pushed(
    request: pytest.FixtureRequest, fleet: Repository, tmp_path: Path
) -> tuple[Repository, str]:
    """The fleet at the root of its clone or in a folder, with a branch `change` to work on."""
    subfolder = str(request.param)
    if subfolder != ".":
        names = fleet.git("ls-tree", "--name-only", "HEAD").split()
        fleet.path(subfolder).mkdir()
        for name in names:
            fleet.git("mv", name, subfolder)
        fleet.commit("Move")
    fleet.git("switch", "--quiet", "--create", "change")
    return fleet, subfolder


def bare(clone: Repository, folder: Path) -> Repository:
    """The repository of a server, with the default branch `main`."""
    clone.git("clone", "--quiet", "--bare", ".", str(folder))
    origin = replace(clone, root=folder)
    origin.git("symbolic-ref", "HEAD", "refs/heads/main")
    return origin


def test_the_workflow_renders_what_one_machine_renders(
    pushed: tuple[Repository, str], workflow: dict[str, Any], tmp_path: Path
) -> None:
    clone, subfolder = pushed
    home = {"HOME": str(tmp_path)}
    work = replace(clone, root=clone.root / subfolder, variables={**clone.variables, **home})
    work.edit("values/prod.yaml", "1.4.2", "1.4.3")
    for path in ("values/{}.yaml", "values/clusters/{}.json"):
        work.path(path.format("qa")).rename(work.path(path.format("stage")))
    clone.commit("Change")
    origin = bare(clone, tmp_path / "origin.git")
    Runner(workflow, origin, tmp_path / "runner", subfolder).run()
    work.render()
    clone.commit("Expected")
    clone.git("fetch", "--quiet", str(origin.root), "change")
    assert clone.git("log", "-1", "--format=%an %s", "FETCH_HEAD") == "github-actions[bot] render\n"
    assert clone.git("diff", "--stat", "FETCH_HEAD", "HEAD") == ""
    assert not work.path("rendered/qa").exists()


def test_the_workflow_pushes_nothing_if_only_documentation_changed(
    fleet: Repository, workflow: dict[str, Any], tmp_path: Path
) -> None:
    fleet.git("switch", "--quiet", "--create", "change")
    fleet.write("README.md", "More.\n")
    fleet.commit("Change")
    origin = bare(fleet, tmp_path / "origin.git")
    Runner(workflow, origin, tmp_path / "runner").run()
    assert sorted(os.listdir(tmp_path / "runner/artifacts")) == ["affected"]
    assert origin.git("rev-parse", "change") == fleet.git("rev-parse", "HEAD")


def test_the_checks_of_the_affected_environments_run(fleet: Repository, tmp_path: Path) -> None:
    """Without `check`, which needs apicheck."""
    [script] = SHELL.findall(PAGE.read_text())
    lines = [line for line in script.splitlines() if "gitops-gen check" not in line]
    runner = Runner({}, fleet, tmp_path / "runner")
    runner.folder.mkdir()
    runner._shell(fleet.root, "\n".join(lines), {})
    fleet.edit("values/prod.yaml", "1.4.2", "1.4.3")
    with pytest.raises(AssertionError, match=r"prod/apps|rendered/prod"):
        runner._shell(fleet.root, "\n".join(lines), {})
