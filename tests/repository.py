"""A repository in a temporary folder, in which tests run the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gitops_gen import yaml
from gitops_gen.apicheck import VARIABLE, find
from tests import forked
from tests.waiting import LIMIT

ROOT = Path(__file__).parents[1]
"""The root of the project, with the package and the example."""

VARIATIONS = sorted((ROOT / "tests/integration/render/environments/valid").glob("*.yaml"))
"""The folder with environments that use other features than the example. Each file is one."""

APICHECK = find()
WITHOUT_APICHECK = "apicheck is not built"
"""The reason of skipped tests, which conftest.py reports together in one line."""
"""The program of the user's cache, which `check` does not find with the HOME of a test."""

Object = dict[str, Any]
Look = dict[str, tuple[int, int, int, int]]


@dataclass(frozen=True)
class Repository:
    root: Path
    helm: str
    """The Helm to render with; by default the pinned one."""
    package: Path = ROOT
    """The folder that contains gitops_gen."""
    variables: dict[str, str] = field(default_factory=dict)
    """Environment variables in addition to those of every run."""

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in a separate process."""
        self._require_programs(arguments, variables)
        if variables or self.variables or self.package != ROOT or arguments[:1] == ("rehearse",):
            return self.run_interpreter(*arguments, **variables)
        return forked.run(arguments, self.root, self.environment())

    def run_interpreter(
        self, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command in a new Python, as needed for some variables and another package."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        self._require_programs(arguments, variables)
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _require_programs(self, arguments: Sequence[str], variables: Mapping[str, str]) -> None:
        """Skips the test if it checks rendered objects and apicheck is not built."""
        if arguments[:1] == ("check",) and VARIABLE not in self.environment(**variables):
            pytest.skip(WITHOUT_APICHECK)

    def render(self, *arguments: str, **variables: str) -> str:
        """Renders, asserts success, and returns the output."""
        done = self.run("render", *arguments, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "gitops_gen", *arguments]

    def environment(self, **variables: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root.parent),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self.package),
            "GITOPS_GEN_HELM": self.helm,
            **({VARIABLE: str(APICHECK.path)} if APICHECK else {}),
            **self.variables,
            **variables,
        }

    def path(self, path: str) -> Path:
        return self.root / path

    def write(self, path: str, text: str) -> None:
        self.path(path).parent.mkdir(parents=True, exist_ok=True)
        self.path(path).write_text(text)

    def read(self, path: str) -> str:
        return self.path(path).read_text()

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, f"{path} does not contain {old!r}"
        self.path(path).write_text(text.replace(old, new, 1))

    def files(self, *folders: str) -> dict[str, bytes]:
        """The contents of all files in these folders, or in the repository."""
        return {
            str(path.relative_to(self.root)): path.read_bytes() for path in self._files(*folders)
        }

    def look(self, *folders: str) -> Look:
        """The metadata that a write would change: size, timestamps and inode."""
        return {
            str(path.relative_to(self.root)): (s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino)
            for path in self._files(*folders)
            for s in [path.lstat()]
        }

    def _files(self, *folders: str) -> Iterator[Path]:
        for folder in folders or (".",):
            yield from (path for path in sorted(self.path(folder).rglob("*")) if path.is_file())

    def manifests(self, environment: str) -> Objects:
        folder = self.path(f"rendered/{environment}/manifests")
        return Objects([_load(path) for path in sorted(folder.rglob("*.yaml"))])

    def argocd(self, environment: str) -> Objects:
        folder = self.path(f"argocd/{environment}")
        return Objects([item for path in sorted(folder.rglob("*.yaml")) for item in load_all(path)])

    def application(self, environment: str, name: str) -> Object:
        return self.argocd(environment).one("Application", name)

    def wave(self, environment: str, name: str) -> int:
        annotations = self.application(environment, name)["metadata"]["annotations"]
        return int(annotations["argocd.argoproj.io/sync-wave"])

    def copy_cluster(self, name: str, target: str) -> None:
        """Copies the cluster file of an environment for another one, with another cluster name."""
        facts = self.read(f"values/clusters/{name}.json")
        renamed = facts.replace(f'"name": "acme-{name}"', f'"name": "acme-{target}"')
        self.write(f"values/clusters/{target}.json", renamed)

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        return subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def commit(self, message: str) -> None:
        """Commits all files, also if none has changed."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)


@dataclass(frozen=True)
class Objects:
    items: list[Object]

    def all(self, kind: str) -> list[Object]:
        return [item for item in self.items if item["kind"] == kind]

    def one(self, kind: str, name: str | None = None, namespace: str | None = None) -> Object:
        found = [
            item
            for item in self.all(kind)
            if name in (None, item["metadata"]["name"])
            and namespace in (None, item["metadata"].get("namespace"))
        ]
        assert len(found) == 1, f"{len(found)} of {kind} {namespace or ''}/{name or ''}"
        return found[0]


def example(folder: Path, helm: str) -> Repository:
    """Creates a repository with the values of the example, not rendered yet."""
    root = folder / "repository"
    shutil.copytree(ROOT / "values", root / "values")
    return Repository(root, helm)


def load_all(path: Path) -> list[Object]:
    """The value as parsed by Go's YAML parsers."""
    return [item for item in yaml.documents(path.read_bytes()) if item is not None]


def _load(path: Path) -> Object:
    [item] = load_all(path)
    return item
