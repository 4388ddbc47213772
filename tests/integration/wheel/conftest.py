"""The wheel, built like a release, and a virtual environment that contains only the wheel."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gitops_gen.apicheck import VARIABLE
from gitops_gen.helm import HELM_VERSION
from tests.repository import APICHECK, ROOT, WITHOUT_APICHECK


@dataclass(frozen=True)
class Installed:
    """A machine with Python, bash and git, on which commands of a user run."""

    venv: Path
    wheel: Path
    cache: Path

    def run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Runs a script like a step of a CI job."""
        if APICHECK is None and "gitops-gen check" in script:
            pytest.skip(WITHOUT_APICHECK)
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
            # It is used only if the wheel has the sources that it was built from.
            **({VARIABLE: str(APICHECK.path)} if APICHECK else {}),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{f"GIT_{who}_NAME": "test" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "test@example.com" for who in ("AUTHOR", "COMMITTER")},
        }


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, helm: str) -> Installed:
    """The wheel in an empty virtual environment."""
    folder = shared_folder(tmp_path_factory) / "machine"
    with only_once(folder) as first:
        if first:
            machine = make_machine(folder, built_wheel(folder), helm)
            done = machine.run('python -m pip install --quiet "$GITOPS_GEN"', folder)
            assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = (folder / "dist").glob("*.whl")
    return Installed(folder / "venv", wheel, folder / "cache")


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of a test run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def only_once(folder: Path) -> Iterator[bool]:
    """Yields whether this process is the first one. The others wait until it has finished."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        first = not (folder / "done").exists()
        yield first
        (folder / "done").touch()


def package_copy(folder: Path) -> None:
    """Copies the package, so that a build leaves no files in the repository."""
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT / "gitops_gen", folder / "gitops_gen", ignore=ignored)


def built_wheel(folder: Path) -> Path:
    """Builds the wheel from a copy."""
    source = folder / "source"
    package_copy(source)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "dist")]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = (folder / "dist").glob("*.whl")
    return found


def make_machine(folder: Path, wheel: Path, helm: str) -> Installed:
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    cached = folder / f"cache/gitops-gen/helm-{HELM_VERSION}/helm"
    cached.parent.mkdir(parents=True)
    cached.symlink_to(helm)
    return Installed(folder / "venv", wheel, folder / "cache")
