"""The programs of a rehearsal: where they are, what they are for, how to get them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import NamedTuple

from gitops_gen.errors import ToolFailed

VARIABLE = "GITOPS_GEN_REHEARSE_TOOLS"
"""A folder that comes before all others."""

_ENVTEST = "setup-envtest use 1.35 (sigs.k8s.io/controller-runtime/tools/setup-envtest) brings it"


class Program(NamedTuple):
    name: str
    part: str
    """What cannot be rehearsed without it: `api`, `live`, `argocd`, or against a `cluster`."""
    advice: str


PROGRAMS = (
    Program("etcd", "api", f"{_ENVTEST}; set KUBEBUILDER_ASSETS to what it prints"),
    Program("kube-apiserver", "api", f"{_ENVTEST}; set KUBEBUILDER_ASSETS to what it prints"),
    Program("openssl", "api", "install openssl with your system's packages"),
    Program("unshare", "api", "install util-linux with your system's packages"),
    Program("git", "argocd", "install git with your system's packages"),
    Program("argocd", "argocd", "the released argocd command (argo-cd.readthedocs.io, CLI)"),
    Program("redis-server", "argocd", "install redis-server with your system's packages"),
    Program("kube-controller-manager", "live", "a Kubernetes release's server archive holds it"),
    Program("kube-scheduler", "live", "a Kubernetes release's server archive holds it"),
    Program("kwok", "live", "a release of kubernetes-sigs/kwok holds it"),
    Program(
        "kubectl", "cluster", "see kubernetes.io/docs/tasks/tools; --kubeconfig alone needs it"
    ),
)


@dataclass(frozen=True, slots=True)
class Tools:
    """name -> path of what was found."""

    paths: Mapping[str, str]

    def find(self, name: str) -> str | None:
        return self.paths.get(name)

    def require(self, name: str) -> str:
        found = self.paths.get(name)
        if found is None:
            raise ToolFailed(f"{name} is not here; {_program(name).advice}")
        return found

    def missing(self, part: str) -> tuple[str, ...]:
        """The programs of a part that are not here."""
        return tuple(p.name for p in PROGRAMS if p.part == part and p.name not in self.paths)


def tools() -> Tools:
    """What is on this machine."""
    folders = [*_folders(), *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    search_path = os.pathsep.join(folders)
    found = {program.name: which(program.name, path=search_path) for program in PROGRAMS}
    return Tools({name: path for name, path in found.items() if path})


def advice(name: str) -> str:
    return _program(name).advice


def cache_folder() -> Path:
    """Where `make rehearse-tools` of this project's repository puts what it builds."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(cache) / "gitops-gen" / "rehearse-tools"


def version(path: str, argument: str = "--version") -> str | None:
    """The first number that a program prints of itself, for instance "1.36.1"."""
    try:
        result = subprocess.run(
            [path, *argument.split()], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"v?(\d+\.\d+\.\d+)", result.stdout + result.stderr)
    return match.group(1) if match else None


def _folders() -> Iterator[str]:
    for variable in (VARIABLE, "KUBEBUILDER_ASSETS"):
        if os.environ.get(variable):
            yield os.environ[variable]
    yield str(cache_folder() / "current" / "bin")
    yield "/usr/local/kubebuilder/bin"


def _program(name: str) -> Program:
    return next(program for program in PROGRAMS if program.name == name)
