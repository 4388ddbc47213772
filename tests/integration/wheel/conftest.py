"""The wheel, built as a release would be, and a virtual environment that holds nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from gitops_gen import yaml
from gitops_gen.helm import HELM_VERSION
from tests.repository import ROOT

SCAFFOLD = ROOT / "gitops_gen/scaffold/files"
WORKFLOW = ".github/workflows/gitops.yaml"


def steps(workflow: Path) -> dict[str, str]:
    """Name -> script of every `run:` step."""
    [job] = yaml.yaml_load(workflow.read_bytes())["jobs"].values()
    return {step["name"]: step["run"] for step in job["steps"] if "run" in step}


@dataclass(frozen=True)
class Installed:
    """A machine with Python, bash and git, on which a workflow runs."""

    venv: Path
    wheel: Path
    cache: Path

    def run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """As a workflow's `run:` step is run."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in os.environ if name.startswith("PIP_")},
            "PATH": f"{self.venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.venv.parent),
            "XDG_CACHE_HOME": str(self.cache),
            "GITOPS_GEN": str(self.wheel),
            "GIT_CONFIG_GLOBAL": os.devnull,
        }


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built of a copy, so that the build leaves nothing in the repository."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "gitops_gen", source / "gitops_gen", ignore=ignored)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", "dist"]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = (source / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, helm: str, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an empty virtual environment, put there by the workflow's own step."""
    folder = tmp_path_factory.mktemp("machine")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    cached = folder / f"cache/gitops-gen/helm-{HELM_VERSION}/helm"
    cached.parent.mkdir(parents=True)
    cached.symlink_to(helm)
    machine = Installed(folder / "venv", wheel, folder / "cache")
    done = machine.run(steps(SCAFFOLD / WORKFLOW)["install gitops-gen"], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return machine
