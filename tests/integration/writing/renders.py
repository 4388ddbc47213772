"""Two renders of an environment that differ in every way that two renders can, and their driver."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import gitops_gen
from gitops_gen.tree import Changes, Output, compare, lock, write
from tests.integration.writing.driver import output_of
from tests.waiting import LIMIT

DRIVER = Path(__file__).with_name("driver.py")
NOBODY = 65534
MUTATIONS = ("os.rename", "os.link", "os.mkdir", "os.rmdir", "os.remove")

MANIFESTS = "rendered/dev/manifests"
FOREIGN = {f"{MANIFESTS}/old/notes.txt": "mine", "argocd/dev/mine.yaml": "mine"}
BEFORE = {
    "argocd/dev/bootstrap.yaml": "root",
    "argocd/dev/apps/api.yaml": "old",
    f"{MANIFESTS}/api/deployment.yaml": "old",
    f"{MANIFESTS}/api/service.yaml": "same",
    f"{MANIFESTS}/old/service.yaml": "old",
    f"{MANIFESTS}/gone/deep/service.yaml": "old",
    f"{MANIFESTS}/was-file": "old",
    f"{MANIFESTS}/was-folder/a.yaml": "old",
}
AFTER = {
    "argocd/dev/bootstrap.yaml": "root",
    "argocd/dev/apps/api.yaml": "new and longer",
    "argocd/dev/apps/web.yaml": "new",
    f"{MANIFESTS}/api/deployment.yaml": "new",
    f"{MANIFESTS}/api/service.yaml": "same",
    f"{MANIFESTS}/web/deep/deployment.yaml": "new",
    f"{MANIFESTS}/was-file/a.yaml": "new",
    f"{MANIFESTS}/was-folder": "new",
}

Files = dict[str, str]
Look = dict[str, tuple[str, int, int, str]]


@dataclass(frozen=True)
class Repository:
    top: Path

    @property
    def root(self) -> Path:
        return self.top / "repository"

    def put(self, files: Files, root: Path | None = None) -> None:
        for name, text in files.items():
            path = (root or self.root) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def write_down(self, renders: dict[str, Files]) -> None:
        for name, files in renders.items():
            (self.top / f"{name}.json").write_text(json.dumps(files))

    def command(self, name: str, *options: str | int) -> list[str]:
        paths = (str(self.root), str(self.top / f"{name}.json"))
        return [sys.executable, str(DRIVER), *paths, *map(str, options)]

    def render(self, name: str, *options: str | int) -> subprocess.CompletedProcess[str]:
        command = self.command(name, *options)
        return subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=LIMIT, check=False
        )

    def settle(self, files: Files) -> None:
        """Renders without an accident."""
        with lock(self.root) as locked:
            write(locked, [output(files)])
        assert self.files() == complete(files)
        assert not self.compare(files).pending
        assert self.staging() == []

    def start(self, name: str, *options: str | int) -> subprocess.Popen[str]:
        command = self.command(name, *options)
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe, text=True)

    def events(self, name: str, *kinds: str) -> int:
        """How many of these a render brings; the render is then done."""
        done = self.render(name, "--before", *kinds)
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    def compare(self, files: Files) -> Changes:
        return compare(self.root, output(files))

    def files(self) -> Files:
        """Everything but our own state, in and around the repository."""
        found = {}
        for path in sorted(self.top.rglob("*")):
            name = str(path.relative_to(self.top))
            if path.is_file() and ".gitops-gen" not in path.parts and path.suffix != ".json":
                found[name.removeprefix("repository/")] = path.read_text()
        return found

    def look(self) -> Look:
        """As `files`, with mode and times and inode: nobody must see that there was a render."""
        found = {}
        for name, text in self.files().items():
            path = self.top / name if name.startswith("outside/") else self.root / name
            seen = path.lstat()
            found[name] = (text, stat.S_IMODE(seen.st_mode), seen.st_mtime_ns, str(seen.st_ino))
        return found

    def folders(self) -> set[str]:
        return {str(path) for path in self.root.rglob("*") if path.is_dir()}

    def staging(self) -> list[str]:
        return os.listdir(self.root / ".gitops-gen/staging")


def environment() -> dict[str, str]:
    """The package is the one under test, installed or not."""
    paths = (Path(gitops_gen.__file__).parents[1], DRIVER.parents[3])
    python = {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONDONTWRITEBYTECODE": "1"}
    return python | {"PATH": os.environ["PATH"]}


def output(files: Files) -> Output:
    return output_of({path: text.encode() for path, text in files.items()})


def written(files: Files) -> Files:
    return {path: content.decode() for path, content in output(files).tree.items()}


AROUND = {"outside/secret": "untouched", "values/dev.yaml": "untouched", "rendered/prod/a": "prod"}


def complete(files: Files) -> Files:
    """All that the repository then holds."""
    return AROUND | FOREIGN | written(files)
