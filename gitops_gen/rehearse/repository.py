"""The Git repository that Argo CD reads: a revision's tree without what cannot be rehearsed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from gitops_gen import yaml
from gitops_gen.errors import InvalidInput, ToolFailed
from gitops_gen.model import Position, Values
from gitops_gen.objects import layout
from gitops_gen.objects.reading import RENDERED_FILES, EnvironmentObjects, is_application

REPOSITORY_HOST = "repository.rehearsal"
REHEARSAL_BRANCH = "rehearsal"
BACKOFF = {"duration": "1s", "factor": 2, "maxDuration": "5s"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where Applications look for the repository, and where they find it in a rehearsal."""

    url: str
    served: str
    branch: str
    """What they follow."""
    served_branch: str
    prefix: str
    """The repository's folder that holds argocd/ and rendered/; empty for the top."""

    @property
    def host(self) -> str:
        return str(urlsplit(self.served).hostname)

    @property
    def name(self) -> str:
        """Host and path, without an ending .git or slash."""
        return self.host + urlsplit(self.served).path.removesuffix("/").removesuffix(".git")

    @property
    def notes(self) -> tuple[str, ...]:
        notes: list[str] = []
        if self.served != self.url:
            notes.append(f"{self.url} is served as {self.served}: only https can be")
        if self.served_branch != self.branch:
            notes.append(f"targetRevision {self.branch} is a branch here: no commit can be forged")
        return tuple(notes)


def address(tree: EnvironmentObjects, environment: str) -> Address:
    """As the root Application says it. Raises InvalidInput where nothing was rendered."""
    root = next((item for item in tree.bootstrap if is_application(item.id)), None)
    if root is None:
        file = f"{layout.argocd(environment)}/bootstrap.yaml"
        text = f"holds no root Application; run gitops-gen render {environment}"
        raise InvalidInput.at(Position(file), text, RENDERED_FILES)
    source = root.value["spec"]["source"]
    url, branch = str(source["repoURL"]), str(source.get("targetRevision") or "HEAD")
    served = url if url.startswith("https://") else f"https://{REPOSITORY_HOST}/repository.git"
    is_commit = branch == "HEAD" or re.fullmatch(r"[0-9a-f]{7,40}", branch) is not None
    prefix = str(source["path"]).removesuffix(layout.apps(environment)).strip("/")
    return Address(url, served, branch, REHEARSAL_BRANCH if is_commit else branch, prefix)


@dataclass(frozen=True, slots=True)
class Repository:
    """A bare repository; every `push` is a commit on the branch that Applications follow."""

    git: str
    folder: Path
    address: Address

    @property
    def bare(self) -> Path:
        return self.folder / "repository.git"

    @property
    def work_tree(self) -> Path:
        """Holds what was pushed last."""
        return self.folder / "work-tree"

    def create(self) -> None:
        self._git("init", "--quiet", "--bare", str(self.bare))
        self._git("symbolic-ref", "HEAD", f"refs/heads/{self.address.served_branch}")

    def push(self, root: Path, environment: str, left_out: Iterable[str]) -> str:
        """Commits the environment's two folders of `root`; gives the commit's name.

        `left_out` are Applications that root is not to see.
        """
        shutil.rmtree(self.work_tree, ignore_errors=True)
        base = self.work_tree / self.address.prefix
        for folder in layout.owned(environment):
            if (root / folder).is_dir():
                shutil.copytree(root / folder, base / folder, symlinks=True)
        apps = base / layout.apps(environment)
        for name in left_out:
            (apps / f"{name}.yaml").unlink(missing_ok=True)
        for path in (*apps.glob("*.yaml"), base / f"{layout.argocd(environment)}/bootstrap.yaml"):
            path.write_text(self.adapted(path.read_bytes()))
        return self._commit(self.work_tree)

    def adapted(self, content: bytes) -> str:
        """A file of Applications as it is rehearsed: shorter retries, our own address."""
        documents = yaml.documents(content)
        return "---\n".join(yaml.dump(self.adapted_value(item)) for item in documents if item)

    def adapted_value(self, value: Values) -> Values:
        spec = value.get("spec")
        if not isinstance(spec, dict):
            return value
        spec = dict(spec)
        if value.get("kind") == "Application":
            spec["source"] = self._source(spec.get("source"))
            spec["syncPolicy"] = _with_short_backoff(spec.get("syncPolicy"))
        elif isinstance(spec.get("sourceRepos"), list):
            spec["sourceRepos"] = [self._served(url) for url in spec["sourceRepos"]]
        return {**value, "spec": spec}

    def _source(self, source: Values | None) -> Values | None:
        if not isinstance(source, dict) or source.get("repoURL") != self.address.url:
            return source
        revision = source.get("targetRevision") or "HEAD"
        branch = self.address.served_branch if revision == self.address.branch else revision
        return {**source, "repoURL": self.address.served, "targetRevision": branch}

    def _served(self, url: str) -> str:
        return self.address.served if url == self.address.url else url

    def _commit(self, folder: Path) -> str:
        self._git("add", "--all", "--force", ".", work_tree=folder)
        tree = self._git("write-tree", work_tree=folder)
        branch = f"refs/heads/{self.address.served_branch}"
        before = self._git("for-each-ref", "--format=%(objectname)", branch)
        parents = ["-p", before] if before else []
        commit = self._git("commit-tree", "-m", "rehearsal", *parents, tree)
        self._git("update-ref", branch, commit)
        return commit

    def _git(self, *arguments: str, work_tree: Path | None = None) -> str:
        identity = {"NAME": "rehearsal", "EMAIL": "rehearsal@localhost"}
        identity_variables = {
            f"GIT_{role}_{key}": text
            for role in ("AUTHOR", "COMMITTER")
            for key, text in identity.items()
        }
        repository_variables = {"GIT_DIR": str(self.bare)} if arguments[0] != "init" else {}
        if work_tree is not None:
            repository_variables["GIT_WORK_TREE"] = str(work_tree)
        env = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            **identity_variables,
            **repository_variables,
        }
        result = subprocess.run(
            [self.git, *arguments],
            capture_output=True,
            text=True,
            env=env,
            check=False,
            cwd=work_tree or self.folder,
        )
        if result.returncode != 0:
            raise ToolFailed(f"git {arguments[0]}: {result.stderr.strip()[-400:]}")
        return result.stdout.strip()


def _with_short_backoff(policy: Values | None) -> Values | None:
    """Failed syncs are tried again after seconds, not minutes."""
    if not isinstance(policy, dict) or not isinstance(policy.get("retry"), dict):
        return policy
    return {**policy, "retry": {**policy["retry"], "backoff": BACKOFF}}
